using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>A time after which a call is given up.</summary>
/// <param name="Time">How long it may take.</param>
/// <param name="Source">What says so, as a message names it.</param>
/// <param name="Value">The expression of the time; null where it is a default.</param>
/// <param name="Setting">Where a default is: the object whose property would change it, and the property.</param>
internal sealed record TimeLimit(TimeSpan Time, string Source, IOperation? Value = null, (IObjectCreationOperation Owner, string Property)? Setting = null)
{
    /// <summary>The time as a message names it.</summary>
    public string Described => Time.TotalSeconds >= 1 ? $"{Math.Floor(Time.TotalSeconds)} s" : $"{Time.TotalMilliseconds} ms";

    public static TimeLimit? Shorter(TimeLimit? left, TimeLimit? right)
        => left is null || right is null ? left ?? right : right.Time < left.Time ? right : left;
}
