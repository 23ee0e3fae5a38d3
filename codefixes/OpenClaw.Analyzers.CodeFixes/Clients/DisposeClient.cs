using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Clients;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Clients;

/// <summary>OCG1201: a using declaration for a local, a guard where the connect may throw, a disposal before a field is overwritten.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DisposeClient))]
public sealed class DisposeClient() : GatewayCodeFix(Descriptors.UndisposedClient)
{
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
            LocalFate.Lost => AddUsing(site, creation, client),
            LocalFate.HandedOver => GuardCall(site, client, local, ownership.HandOver!),
            _ => null,
        };
    }

    private static FixPlan? AddUsing(FixSite site, BaseObjectCreationExpressionSyntax creation, ClientCreation client)
    {
        if (creation.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is not { Parent: BlockSyntax or GlobalStatementSyntax, Declaration.Variables.Count: 1 } declaration
            || site.LanguageVersion < LanguageVersion.CSharp8
            || client.Calls.Any(OutlivesMethod)
            || KindOf(client.Operation.Type!, creation, site) is not { } kind)
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
    private static FixPlan? GuardCall(FixSite site, ClientCreation client, ILocalSymbol local, SyntaxNode handOver)
    {
        GatewayCall? call = client.Calls.FirstOrDefault(candidate => candidate.Syntax.Span.End <= handOver.SpanStart);
        if (call?.Syntax.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } statement
            || KindOf(client.Operation.Type!, statement, site) is not { } kind
            || statement.ContainsDirectives)
        {
            return null;
        }

        var plan = new FixPlan($"Dispose of the client when {call.Method.Name} throws");
        plan.Add([statement], rewriter => rewriter.Replace(
            statement,
            current => SyntaxFactory.TryStatement(
                    SyntaxFactory.Block(current.WithoutLeadingTrivia().WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed)),
                    SyntaxFactory.SingletonList(SyntaxFactory.CatchClause().WithBlock(SyntaxFactory.Block(
                        SyntaxFactory.ParseStatement(Disposal(local.Name, kind, conditional: false)),
                        SyntaxFactory.ThrowStatement()))),
                    @finally: null)
                .WithTriviaFrom(current)));
        return plan;
    }

    private static FixPlan? DisposeField(FixSite site, BaseObjectCreationExpressionSyntax creation, ClientCreation client)
    {
        if (creation.Parent is not AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax } statement } assignment
            || KindOf(client.Operation.Type!, creation, site) is not { } kind)
        {
            return null;
        }

        bool mayBeNull = client.Holder is IFieldSymbol { NullableAnnotation: not NullableAnnotation.NotAnnotated } or IPropertySymbol { NullableAnnotation: not NullableAnnotation.NotAnnotated };
        string field = assignment.Left.WithoutTrivia().ToString();
        if (kind == DisposalKind.Asynchronous && mayBeNull)
        {
            return null;
        }

        var plan = new FixPlan($"Dispose of '{client.Holder.Name}' before it is overwritten");
        plan.Add([statement], rewriter => rewriter.InsertBefore(statement, SyntaxFactory.ParseStatement(Disposal(field, kind, mayBeNull))));
        return plan;
    }

    private static string Disposal(string name, DisposalKind kind, bool conditional)
        => kind == DisposalKind.Asynchronous ? $"await {name}.DisposeAsync();" : $"{name}{(conditional ? "?" : "")}.Dispose();";

    /// <summary>How the client can be disposed of here; null where it only can asynchronously and the code cannot wait.</summary>
    private static DisposalKind? KindOf(ITypeSymbol type, SyntaxNode at, FixSite site)
    {
        if (type.AllInterfaces.Any(implemented => implemented.SpecialType == SpecialType.System_IDisposable))
        {
            return DisposalKind.Synchronous;
        }

        return site.Semantics.GetEnclosingSymbol(at.SpanStart, site.CancellationToken) is IMethodSymbol { IsAsync: true } ? DisposalKind.Asynchronous : null;
    }

    /// <summary>Whether what the call returns is used after the method has returned: a task that nobody awaits here, a stream, a response.</summary>
    private static bool OutlivesMethod(GatewayCall call)
    {
        SyntaxNode statement = call.Syntax.Ancestors().First(node => node is StatementSyntax or ArrowExpressionClauseSyntax or MemberDeclarationSyntax);
        bool isAwaited = call.Syntax.Ancestors().TakeWhile(node => node != statement).Any(node => node is AwaitExpressionSyntax);
        if (!isAwaited)
        {
            return call.Shape is CallShape.Task or CallShape.ValueTask;
        }

        bool isAlive = call.Method.ReturnType is INamedTypeSymbol { TypeArguments: [var result] }
            && (result.HasFullName("System.IO", "Stream") || result.HasFullName("System.Net.Http", "HttpResponseMessage"));
        return isAlive && (statement is ReturnStatementSyntax or ArrowExpressionClauseSyntax || IsReturnedLater(statement));
    }

    private static bool IsReturnedLater(SyntaxNode statement)
    {
        if (statement is not LocalDeclarationStatementSyntax { Declaration.Variables: [var variable] })
        {
            return false;
        }

        SyntaxNode? member = statement.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        return member?.DescendantNodes().OfType<ReturnStatementSyntax>()
            .Any(returned => returned.Expression?.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name =>
                name.Identifier.ValueText == variable.Identifier.ValueText
                && name.Parent is not MemberAccessExpressionSyntax { Name.Identifier.ValueText: "StatusCode" or "IsSuccessStatusCode" }) == true) == true;
    }

    private enum DisposalKind
    {
        Synchronous,
        Asynchronous,
    }
}
