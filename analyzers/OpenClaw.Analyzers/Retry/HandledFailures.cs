using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Retry;

/// <summary>Which failures a catch clause takes, by the name of its type.</summary>
internal static class HandledFailures
{
    /// <summary>
    /// The statuses by which a gateway refuses a request for good: malformed, no key, no credit, not allowed, no such model, too large. Others of
    /// 4xx pass (408, 409, 425, 429) or say something that only the caller understands.
    /// </summary>
    public static readonly IReadOnlyList<int> Permanent = [400, 401, 402, 403, 404, 413];

    /// <summary>The failures as a message names them.</summary>
    public static string Describe(IReadOnlyList<int> statuses)
        => statuses.Count == Permanent.Count ? "every bad status" : "status " + string.Join(", ", statuses);

    /// <summary>Whether the clause takes every failure of a call, apart from what its filter says.</summary>
    public static bool IsForAll(CatchClauseSyntax clause) => NameOf(clause) is "Exception" or "SystemException";

    /// <summary>Whether a cancellation may end here.</summary>
    public static bool MayCatchCancellation(CatchClauseSyntax clause) => IsForAll(clause) || IsCancellation(NameOf(clause));

    public static bool IsCancellation(string? type) => type is "OperationCanceledException" or "TaskCanceledException";

    /// <summary>Whether no bad status arrives as an exception of this name: a clause for it takes other failures away.</summary>
    public static bool SaysNothingOfStatus(string? type)
        => IsCancellation(type) || type is "TimeoutException" or "JsonException" or "SocketException" or "ExecutionRejectedException" || type?.Contains("Circuit") == true;

    /// <summary>The name of the caught type; null where it is none that can be read off.</summary>
    public static string? NameOf(CatchClauseSyntax clause) => clause.Declaration is null ? "Exception" : NameOf(clause.Declaration.Type);

    public static string? NameOf(TypeSyntax type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax name => name.Right.Identifier.ValueText,
        _ => null,
    };
}
