using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>Names and namespaces: whether a name can be written short, and the directive that makes it so.</summary>
internal static class Imports
{
    public const string Runtime = "OpenClaw.Resilience";

    // What the namespace of the runtime brings into a file; a name of the user's own among them must keep its meaning.
    private static readonly HashSet<string> KnownRuntimeNames = new(StringComparer.Ordinal)
    {
        "GatewayPipeline", "GatewayOptions", "Deadline", "Backoff", "GatewayHttp", "AgentRun", "RunId", "StepName", "StepContext", "StepOptions", "CallEffect", "RetryBudget", "AtomicFile", "GatewayStream",
    };

    /// <summary>
    /// The name of a type as the code at a position can write it: short where a directive may bring the namespace in without changing another
    /// name's meaning, else in full.
    /// </summary>
    public static string NameFor(string containingNamespace, string type, SemanticModel semantics, int position, out bool needsImport)
    {
        // In an expression a member of that name is found before the type, unless it is one of that type.
        if (semantics.LookupSymbols(position, name: type).Any(hiding => hiding is not INamespaceOrTypeSymbol && !TypeOf(hiding).HasFullName(containingNamespace, type)))
        {
            needsImport = false;
            return $"global::{containingNamespace}.{type}";
        }

        INamedTypeSymbol[] visible = [.. semantics.LookupNamespacesAndTypes(position, name: type).OfType<INamedTypeSymbol>().Where(found => found.Arity == 0)];
        if (visible is [var only] && only.HasFullName(containingNamespace, type))
        {
            needsImport = false;
            return type;
        }

        needsImport = visible.Length == 0
            && !semantics.LookupSymbols(position, name: type).Any()
            && !IsShadowed(containingNamespace, semantics, position)
            && CanImport(containingNamespace, semantics);
        return needsImport ? type : $"global::{containingNamespace}.{type}";
    }

    /// <summary>Adds the directive where the file keeps its others, in order, unless it is there.</summary>
    public static CompilationUnitSyntax Add(CompilationUnitSyntax root, string containingNamespace)
    {
        BaseNamespaceDeclarationSyntax? inner = root.Usings.Count == 0
            ? root.Members.OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault(member => member.Usings.Count > 0)
            : null;
        SyntaxList<UsingDirectiveSyntax> usings = inner?.Usings ?? root.Usings;
        if (usings.Any(existing => existing.Alias is null && existing.Name.ToString() == containingNamespace))
        {
            return root;
        }

        UsingDirectiveSyntax added = SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(containingNamespace))
            .NormalizeWhitespace()
            .WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed)
            .WithAdditionalAnnotations(Formatter.Annotation);
        int index = PlaceOf(containingNamespace, usings);
        if (index == 0)
        {
            // A file header stays at the top of the file.
            SyntaxNode first = usings.Count > 0 ? usings[0] : inner ?? (SyntaxNode)root;
            added = added.WithLeadingTrivia(first.GetLeadingTrivia());
            usings = usings.Count > 0 ? usings.Replace(usings[0], usings[0].WithoutLeadingTrivia()) : usings;
            root = usings.Count > 0 || inner is not null ? root : root.WithoutLeadingTrivia();
        }

        usings = usings.Insert(index, added);
        return inner is null ? root.WithUsings(usings) : root.ReplaceNode(inner, inner.WithUsings(usings));
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };

    private static int PlaceOf(string containingNamespace, SyntaxList<UsingDirectiveSyntax> usings)
    {
        int index = 0;
        for (int i = 0; i < usings.Count; i++)
        {
            UsingDirectiveSyntax existing = usings[i];
            bool isPlain = existing.Alias is null && existing.StaticKeyword.RawKind == 0 && existing.GlobalKeyword.RawKind == 0;
            if (existing.GlobalKeyword.RawKind != 0 || (isPlain && Precedes(existing.Name.ToString(), containingNamespace)))
            {
                index = i + 1;
            }
        }

        return index;
    }

    /// <summary>The usual order: System first, the rest by name.</summary>
    private static bool Precedes(string existing, string added)
    {
        bool isSystem = existing == "System" || existing.StartsWith("System.", StringComparison.Ordinal);
        bool addsSystem = added == "System" || added.StartsWith("System.", StringComparison.Ordinal);
        return isSystem != addsSystem ? isSystem : string.Compare(existing, added, StringComparison.OrdinalIgnoreCase) < 0;
    }

    /// <summary>
    /// Whether a directive among those inside of a namespace would mean another one: in <c>Contoso.OpenClaw</c>, <c>OpenClaw</c> is that.
    /// </summary>
    private static bool IsShadowed(string containingNamespace, SemanticModel semantics, int position)
    {
        if (semantics.SyntaxTree.GetRoot() is CompilationUnitSyntax { Usings.Count: > 0 })
        {
            return false;
        }

        string first = containingNamespace.Split('.')[0];
        for (INamespaceSymbol? around = semantics.GetEnclosingSymbol(position)?.ContainingNamespace; around is { IsGlobalNamespace: false }; around = around.ContainingNamespace)
        {
            if (around.GetNamespaceMembers().Any(member => member.Name == first))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether no name in the file, now found through another directive, would become ambiguous.</summary>
    private static bool CanImport(string containingNamespace, SemanticModel semantics)
    {
        HashSet<string> names = TypeNamesIn(containingNamespace, semantics.Compilation);
        foreach (SyntaxNode node in semantics.SyntaxTree.GetRoot().DescendantNodes())
        {
            if (node is SimpleNameSyntax name
                && names.Contains(name.Identifier.ValueText)
                && semantics.GetSymbolInfo(name).Symbol is INamedTypeSymbol type
                && !IsIn(type.ContainingNamespace, containingNamespace)
                && !IsDeclaredAround(type, name, semantics))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A type of an enclosing namespace is found before anything that a directive brings.</summary>
    private static bool IsDeclaredAround(INamedTypeSymbol type, SyntaxNode node, SemanticModel semantics)
    {
        for (INamespaceSymbol? around = semantics.GetEnclosingSymbol(node.SpanStart)?.ContainingNamespace; around is { IsGlobalNamespace: false }; around = around.ContainingNamespace)
        {
            if (around.Equals(type.ContainingNamespace, SymbolEqualityComparer.Default))
            {
                return true;
            }
        }

        return type.ContainingType is not null;
    }

    private static HashSet<string> TypeNamesIn(string containingNamespace, Compilation compilation)
    {
        INamespaceSymbol? current = compilation.GlobalNamespace;
        foreach (string part in containingNamespace.Split('.'))
        {
            current = current?.GetNamespaceMembers().FirstOrDefault(member => member.Name == part);
        }

        HashSet<string> names = new(current?.GetTypeMembers().Where(type => type.DeclaredAccessibility == Accessibility.Public).Select(type => type.Name) ?? [], StringComparer.Ordinal);
        if (containingNamespace == Runtime)
        {
            names.UnionWith(KnownRuntimeNames);
        }

        return names;
    }

    private static bool IsIn(INamespaceSymbol? symbol, string containingNamespace) => symbol?.ToDisplayString() == containingNamespace;
}
