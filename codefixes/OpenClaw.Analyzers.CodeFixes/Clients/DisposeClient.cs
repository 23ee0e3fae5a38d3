using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Clients;

namespace OpenClaw.Analyzers.CodeFixes.Clients;

/// <summary>OCG1201: a using declaration for a local, a guard where a call may throw, a disposal before a field is overwritten.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DisposeClient))]
public sealed class DisposeClient() : GatewayCodeFix(Descriptors.UndisposedClient)
{
    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<BaseObjectCreationExpressionSyntax>() is not { } creation
            || ClientCreation.At(creation, site.Model, site.CancellationToken) is not { } client)
        {
            return null;
        }

        if (client.Holder is not ILocalSymbol local)
        {
            return DisposeField(site, creation, client);
        }

        var ownership = new LocalOwnership(local, creation, site.Model, site.CancellationToken);
        return ownership.Fate switch
        {
            LocalFate.Lost or LocalFate.DisposedAtEnd => AddUsing(site, creation, local),
            LocalFate.HandedOver => GuardCall(site, client, local, ownership),
            _ => null,
        };
    }

    private static FixPlan? AddUsing(FixSite site, BaseObjectCreationExpressionSyntax creation, ILocalSymbol local)
    {
        if (creation.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is not { Declaration.Variables: [var variable] } declaration
            || variable.Identifier.ValueText != local.Name
            || !SyntaxBuilding.CanHoldUsing(declaration.Parent)
            || site.LanguageVersion < LanguageVersion.CSharp8
            || KindOf(local.Type, creation, site) is not { } kind
            || ClientEscape.IsPossible(local, creation, site.Semantics))
        {
            return null;
        }

        var plan = new FixPlan("Dispose of the client when the block ends");
        plan.Add([declaration], rewriter => rewriter.Replace(declaration, current => WithUsing(current, kind)));
        return plan;
    }

    private static LocalDeclarationStatementSyntax WithUsing(LocalDeclarationStatementSyntax declaration, DisposalKind kind)
    {
        SyntaxTriviaList leading = declaration.GetLeadingTrivia();
        declaration = declaration.WithoutLeadingTrivia()
            .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space));
        declaration = kind == DisposalKind.Asynchronous
            ? declaration.WithAwaitKeyword(SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space))
            : declaration;
        return declaration.WithLeadingTrivia(leading);
    }

    /// <summary>The call may throw before anybody else knows the client: then this method has to dispose of it.</summary>
    private static FixPlan? GuardCall(FixSite site, ClientCreation client, ILocalSymbol local, LocalOwnership ownership)
    {
        if (client.CallThatLoses(ownership) is not { } call
            || call.Syntax.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax } statement
            || statement.ContainsDirectives
            || statement.DescendantNodes().Any(node => node is SingleVariableDesignationSyntax)
            || KindOf(local.Type, statement, site) is not { } kind)
        {
            return null;
        }

        var plan = new FixPlan($"Dispose of the client when {call.Method.Name} throws");
        plan.Add([statement], rewriter => rewriter.Replace(
            statement,
            current => SyntaxFactory.TryStatement(
                    SyntaxFactory.Block(current.WithoutLeadingTrivia().WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed)),
                    SyntaxFactory.SingletonList(SyntaxFactory.CatchClause().WithBlock(SyntaxFactory.Block(
                        SyntaxFactory.ParseStatement(Disposal(local.Name, kind)),
                        SyntaxFactory.ThrowStatement()))),
                    @finally: null)
                .WithTriviaFrom(current)));
        return plan;
    }

    /// <summary>Before a field is overwritten. It may be null whatever its type says: at the first time it often is, behind a <c>null!</c>.</summary>
    private static FixPlan? DisposeField(FixSite site, BaseObjectCreationExpressionSyntax creation, ClientCreation client)
    {
        if (creation.Parent is not AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax } statement } assignment
            || client.Holder is IPropertySymbol { GetMethod: null }
            || (client.Holder is IFieldSymbol { Type: var field } ? field : ((IPropertySymbol)client.Holder).Type) is not { } type
            || KindOf(type, creation, site) is not { } kind)
        {
            return null;
        }

        string name = assignment.Left.WithoutTrivia().ToString();
        string disposal = kind == DisposalKind.Asynchronous ? $"if ({name} != null) {{ {Disposal(name, kind)} }}" : $"{name}?.Dispose();";
        var plan = new FixPlan($"Dispose of '{client.Holder.Name}' before it is overwritten");
        plan.Add([statement], rewriter => rewriter.InsertBefore(statement, SyntaxFactory.ParseStatement(disposal)));
        return plan;
    }

    private static string Disposal(string name, DisposalKind kind) => kind == DisposalKind.Asynchronous ? $"await {name}.DisposeAsync();" : $"{name}.Dispose();";

    /// <summary>How the variable can be disposed of here; null where it cannot, or only asynchronously in code that cannot wait.</summary>
    private static DisposalKind? KindOf(ITypeSymbol type, SyntaxNode at, FixSite site)
    {
        if (Implements(type, static implemented => implemented.SpecialType == SpecialType.System_IDisposable))
        {
            return DisposalKind.Synchronous;
        }

        return Implements(type, static implemented => implemented.HasFullName("System", "IAsyncDisposable"))
            && site.Semantics.GetEnclosingSymbol(at.SpanStart, site.CancellationToken) is IMethodSymbol { IsAsync: true }
                ? DisposalKind.Asynchronous
                : null;
    }

    private static bool Implements(ITypeSymbol type, Func<ITypeSymbol, bool> isIt) => isIt(type) || type.AllInterfaces.AsEnumerable().Any(isIt);

    private enum DisposalKind
    {
        Synchronous,
        Asynchronous,
    }
}
