using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"May code of another project use a library of resilience".</summary>
internal static class UsedLibraries
{
    private const string Polly = "Polly";
    private const string Resilience = "Resilience";

    private static readonly ConditionalWeakTable<SyntaxTree, StrongBox<bool>> NamedIn = new();

    /// <summary>
    /// Whether the assembly may. A compiled one refers only to what it uses; a project in an editor refers to all that it could use, so that its sources
    /// are asked what they name, and both say the same.
    /// </summary>
    public static bool MayProtect(IAssemblySymbol assembly, Compilation compilation)
        => assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => IsResilience(reference.Name)))
            && (compilation.GetMetadataReference(assembly) is not CompilationReference project
                || project.Compilation.SyntaxTrees.Any(static tree => NamedIn.GetValue(tree, Read).Value));

    private static StrongBox<bool> Read(SyntaxTree tree)
        => new(tree.GetRoot().DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && IsResilience(token.ValueText)));

    private static bool IsResilience(string name)
        => name.StartsWith(Polly, StringComparison.Ordinal) || name.IndexOf(Resilience, StringComparison.Ordinal) >= 0;
}
