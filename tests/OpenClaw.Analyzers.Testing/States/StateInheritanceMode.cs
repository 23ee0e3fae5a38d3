namespace Microsoft.CodeAnalysis.Testing;

/// <summary>What a state takes from the one before it (the fixed from the test state, the batch-fixed from the fixed state).</summary>
public enum StateInheritanceMode
{
    /// <summary>Every part that the state leaves empty; of the expected diagnostics those that no fix of the test can fix.</summary>
    AutoInherit,

    /// <summary>Nothing.</summary>
    Explicit,

    /// <summary>Every part that the state leaves empty, with all expected diagnostics.</summary>
    AutoInheritAll,
}
