namespace OpenClaw.Resilience;

/// <summary>Why a result would not come back from the store as it is.</summary>
/// <param name="Type">The type that doesn't survive.</param>
/// <param name="Member">Where, as a path; <c>$</c> is the result itself.</param>
/// <param name="Description">What happens to it, as a sentence.</param>
/// <param name="Cause">What the serializer threw, if it did.</param>
internal sealed record ResultProblem(Type Type, string Member, string Description, Exception? Cause = null);
