using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Helps with lists of code actions.</summary>
internal static class OfferedActions
{
    /// <summary>Replaces each action that has a submenu by the actions of the submenu.</summary>
    public static ImmutableArray<CodeAction> Flatten(ImmutableArray<CodeAction> actions)
    {
        ImmutableArray<CodeAction>.Builder flat = ImmutableArray.CreateBuilder<CodeAction>();
        Stack<CodeAction> open = new(actions.Reverse());
        while (open.TryPop(out CodeAction? action))
        {
            ImmutableArray<CodeAction> nested = RoslynInternals.NestedActions(action);
            if (nested.IsEmpty)
            {
                flat.Add(action);
            }

            foreach (CodeAction inner in nested.Reverse())
            {
                open.Push(inner);
            }
        }

        return flat.ToImmutable();
    }

    /// <summary>The titles and keys of actions.</summary>
    public static string Describe(IReadOnlyCollection<CodeAction> actions)
        => actions.Count == 0 ? "nothing" : string.Join(", ", actions.Select(Describe));

    private static string Describe(CodeAction action)
        => $"'{action.Title}' ({(action.EquivalenceKey is { } key ? $"equivalence key '{key}'" : "no equivalence key")})";
}
