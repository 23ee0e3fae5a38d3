using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;

namespace OpenClaw.Analyzers.Testing;

/// <summary>What tests need of Roslyn and Roslyn keeps internal, in all versions that the tests run on.</summary>
internal static class RoslynInternals
{
    private static readonly Func<Diagnostic, IReadOnlyList<object?>> DiagnosticArguments =
        Getter<Diagnostic, IReadOnlyList<object?>>("Arguments");

    private static readonly Func<Diagnostic, object?> DiagnosticSuppression =
        Getter<Diagnostic, object?>("ProgrammaticSuppressionInfo");

    /// <summary>Public as <c>NestedActions</c> in newer versions; the internal name is in all of them.</summary>
    private static readonly Func<CodeAction, ImmutableArray<CodeAction>> NestedCodeActions =
        Getter<CodeAction, ImmutableArray<CodeAction>>("NestedCodeActions");

    /// <summary>What fills the placeholders of the message.</summary>
    public static IReadOnlyList<object?> Arguments(Diagnostic diagnostic) => DiagnosticArguments(diagnostic);

    /// <summary>Whether a <c>DiagnosticSuppressor</c>, not the source or a configuration file, suppressed the diagnostic.</summary>
    public static bool IsSuppressedBySuppressor(Diagnostic diagnostic) => DiagnosticSuppression(diagnostic) is not null;

    /// <summary>The actions in the submenu of an action; empty for an action that does something itself.</summary>
    public static ImmutableArray<CodeAction> NestedActions(CodeAction action)
    {
        ImmutableArray<CodeAction> nested = NestedCodeActions(action);
        return nested.IsDefault ? [] : nested;
    }

    private static Func<TOwner, TValue> Getter<TOwner, TValue>(string property)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        MethodInfo getter = typeof(TOwner).GetProperty(property, Any)?.GetMethod
            ?? throw new MissingMemberException(typeof(TOwner).FullName, property);
        return getter.CreateDelegate<Func<TOwner, TValue>>();
    }
}
