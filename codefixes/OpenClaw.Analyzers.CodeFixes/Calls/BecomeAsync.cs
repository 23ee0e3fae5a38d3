using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>Makes a method asynchronous whose callers are all in sight and can await it.</summary>
internal static class BecomeAsync
{
    /// <summary>Adds the edits of the method and of its callers; false where one of them cannot follow.</summary>
    public static bool Plan(FixSite site, AsyncFunction function, FixPlan plan)
    {
        if (!CanChange(function, site))
        {
            return false;
        }

        InvocationExpressionSyntax[] callers =
        [
            .. site.Model.Callers.CallsOf(function.Method, site.CancellationToken).Select(call => call.Syntax).Cast<InvocationExpressionSyntax>(),
        ];
        if (!site.Model.Callers.AreAllCallsKnown(function.Method, site.CancellationToken) || !callers.All(call => CanAwait(call, site)))
        {
            return false;
        }

        foreach (InvocationExpressionSyntax call in callers)
        {
            plan.Add([call], rewriter => rewriter.Replace(call, current => AwaitPlace.Await(current, current)), key: "await");
        }

        string task = Imports.NameFor("System.Threading.Tasks", "Task", site.Semantics, function.Syntax.SpanStart, out bool needsImport);
        plan.Add(
            [function.Syntax],
            rewriter =>
            {
                rewriter.Replace(function.Syntax, current => MakeAsync(current, task, function.Method.ReturnsVoid));
                if (needsImport)
                {
                    rewriter.Import("System.Threading.Tasks");
                }
            },
            key: "async");
        return true;
    }

    private static bool CanAwait(InvocationExpressionSyntax call, FixSite site)
        => AwaitPlace.FunctionAround(call, site.Model.SemanticsOf(call.SyntaxTree)) is { IsAsync: true }
            && site.Document.Project.Solution.GetDocument(call.SyntaxTree) is not null;

    private static bool CanChange(AsyncFunction function, FixSite site)
        => function.Syntax is MethodDeclarationSyntax or LocalFunctionStatementSyntax
            && function.Method is { IsVirtual: false, IsOverride: false, IsAbstract: false, IsExtern: false, RefKind: RefKind.None, MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } method
            && IsCalledHereOnly(method)
            && method.PartialDefinitionPart is null && method.PartialImplementationPart is null
            && method.GetAttributes().IsEmpty
            && method.Parameters.All(parameter => parameter.RefKind == RefKind.None && !parameter.Type.IsRefLikeType && parameter.Type is not IPointerTypeSymbol)
            && (method.ReturnsVoid || !(method.ReturnType.IsRefLikeType || method.ReturnType.IsWithin("System.Threading.Tasks") || IsIterator(function.Syntax)))
            && !method.Equals(site.Model.Compilation.GetEntryPoint(site.CancellationToken), SymbolEqualityComparer.Default)
            && !ImplementsInterface(method)
            && !IsHandedOver(method, site);

    private static bool IsCalledHereOnly(IMethodSymbol method)
        => method.MethodKind == MethodKind.LocalFunction
            || method.DeclaredAccessibility == Accessibility.Private
            || (method.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedAndInternal
                && !method.ContainingAssembly.HasAttribute("System.Runtime.CompilerServices", "InternalsVisibleToAttribute"));

    private static bool ImplementsInterface(IMethodSymbol method)
        => method.ContainingType?.AllInterfaces.SelectMany(implemented => implemented.GetMembers(method.Name))
            .Any(member => method.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), SymbolEqualityComparer.Default)) == true;

    /// <summary>Whether the method is used as a delegate: its type would change.</summary>
    private static bool IsHandedOver(IMethodSymbol method, FixSite site)
        => site.Model.Compilation.SyntaxTrees
            .SelectMany(tree => tree.GetRoot(site.CancellationToken).DescendantNodes().OfType<IdentifierNameSyntax>())
            .Where(name => name.Identifier.ValueText == method.Name && !IsInvoked(name))
            .Any(name => method.Equals(site.Model.SemanticsOf(name.SyntaxTree).GetSymbolInfo(name, site.CancellationToken).Symbol?.OriginalDefinition, SymbolEqualityComparer.Default));

    private static bool IsInvoked(IdentifierNameSyntax name)
    {
        SyntaxNode function = name.Parent is MemberAccessExpressionSyntax access && access.Name == name || name.Parent is MemberBindingExpressionSyntax ? name.Parent : name;
        return function.Parent is InvocationExpressionSyntax call && call.Expression == function;
    }

    private static bool IsIterator(SyntaxNode function) => SyntaxFacts.DescendantsInSameFunction(function).Any(node => node is YieldStatementSyntax);

    private static SyntaxNode MakeAsync(SyntaxNode function, string task, bool returnsVoid)
    {
        SyntaxToken keyword = SyntaxFactory.Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        return function switch
        {
            MethodDeclarationSyntax method => method.WithoutLeadingTrivia().WithReturnType(TaskOf(method.ReturnType, task, returnsVoid)) is var changed
                ? changed.WithModifiers(changed.Modifiers.Add(keyword)).WithLeadingTrivia(method.GetLeadingTrivia())
                : method,
            LocalFunctionStatementSyntax local => local.WithoutLeadingTrivia().WithReturnType(TaskOf(local.ReturnType, task, returnsVoid)) is var changed
                ? changed.WithModifiers(changed.Modifiers.Add(keyword)).WithLeadingTrivia(local.GetLeadingTrivia())
                : local,
            _ => function,
        };
    }

    private static TypeSyntax TaskOf(TypeSyntax type, string task, bool returnsVoid)
        => SyntaxFactory.ParseTypeName(returnsVoid ? task : $"{task}<{type.WithoutTrivia()}>").WithTrailingTrivia(type.GetTrailingTrivia());
}
