using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Retry;

/// <summary>Which failures a catch clause takes, by the name of its type.</summary>
internal static class HandledFailures
{
    /// <summary>Whether the clause takes every failure of a call, apart from what its filter says.</summary>
    public static bool IsForAll(CatchClauseSyntax clause) => NameOf(clause) is "Exception" or "SystemException";

    /// <summary>Whether a cancellation may end here.</summary>
    public static bool MayCatchCancellation(CatchClauseSyntax clause) => IsForAll(clause) || IsCancellation(NameOf(clause));

    public static bool IsCancellation(string? type) => type is "OperationCanceledException" or "TaskCanceledException";

    /// <summary>The name of the caught type; null where it is none that can be read off.</summary>
    public static string? NameOf(CatchClauseSyntax clause) => clause.Declaration is null ? "Exception" : NameOf(clause.Declaration.Type);

    public static string? NameOf(TypeSyntax type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax name => name.Right.Identifier.ValueText,
        _ => null,
    };
}
