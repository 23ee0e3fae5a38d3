using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>OCG1002: gives the call a deadline that lives as long as the block around it.</summary>
/// <remarks><c>Deadline.After</c> inline, as an argument, would compile too and leak a timer and a registration for each call.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BoundWait))]
public sealed class BoundWait() : GatewayCodeFix(Descriptors.MissingTimeout)
{
    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } invocation
            || site.Model.CallAt(invocation, site.CancellationToken) is not { Kind: not CallKind.Receive } call
            || CallDeadline.LeavesBodyUnread(call)
            || invocation.ContainsDirectives
            || TokenArgument.Plan(site, call) is not { TakesToken: true } token
            || StatementOf(invocation) is not { } statement
            || TimeoutLooksLikeShutdown(invocation))
        {
            return null;
        }

        bool canDeclare = site.LanguageVersion >= LanguageVersion.CSharp8 && statement.Parent is BlockSyntax or GlobalStatementSyntax;
        if (!canDeclare && (DeclaresVariable(statement) || statement.Parent is GlobalStatementSyntax))
        {
            return null;
        }

        string type = Imports.NameFor(Imports.Runtime, "Deadline", site.Semantics, invocation.SpanStart, out bool needsImport);
        (string limit, string described) = LimitFor(call);
        var plan = new FixPlan($"Give the call a deadline of {described}");
        plan.Add([invocation, statement], rewriter =>
        {
            if (rewriter.Current(invocation) is not { } current)
            {
                return;
            }

            string name = Names.Unique("deadline", current);
            rewriter.Replace(invocation, old => token.Rewrite(old, $"{name}.Token"));
            VariableDeclarationSyntax deadline = DeclareDeadline(name, type, limit, token.Outer);
            if (canDeclare)
            {
                rewriter.InsertBefore(statement, SyntaxFactory.LocalDeclarationStatement(deadline)
                    .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space)));
            }
            else
            {
                rewriter.Replace(statement, old => InUsingBlock(deadline, old));
            }

            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        return plan;
    }

    /// <summary>The gateway's own limits: a handshake takes at most 15 s, and a turn is given up by the presets after 10 minutes.</summary>
    private static (string Limit, string Described) LimitFor(GatewayCall call) => call.Kind switch
    {
        CallKind.Connect => ("TimeSpan.FromSeconds(15)", "15 seconds"),
        CallKind.Send when call.Client.Family == ClientFamily.WebSocket => ("TimeSpan.FromSeconds(30)", "30 seconds"),
        CallKind.Probe => ("TimeSpan.FromSeconds(10)", "10 seconds"),
        _ => ("TimeSpan.FromMinutes(10)", "10 minutes"),
    };

    /// <summary>The statement that awaits the call, where it stands in a block, a switch section or a file.</summary>
    private static StatementSyntax? StatementOf(InvocationExpressionSyntax invocation)
    {
        SyntaxNode? holder = invocation.Ancestors().FirstOrDefault(node => node is StatementSyntax || SyntaxFacts.IsFunctionBoundary(node));
        bool isAwaited = invocation.Ancestors().TakeWhile(node => node != holder).Any(node => node is AwaitExpressionSyntax);
        return isAwaited && holder is ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax
            && holder.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax
                ? (StatementSyntax)holder
                : null;
    }

    /// <summary>A catch that takes any cancellation for the end of the work would end it at the first time-out, without a word.</summary>
    private static bool TimeoutLooksLikeShutdown(SyntaxNode call)
        => call.Ancestors().TakeWhile(node => !SyntaxFacts.IsFunctionBoundary(node))
            .OfType<TryStatementSyntax>()
            .Where(statement => statement.Block.Span.Contains(call.Span))
            .SelectMany(statement => statement.Catches)
            .Any(clause => clause.Declaration?.Type.ToString() is "OperationCanceledException" or "TaskCanceledException" or "System.OperationCanceledException"
                && clause.Filter is null
                && clause.Block.Statements.All(statement => statement is ReturnStatementSyntax or BreakStatementSyntax));

    private static bool DeclaresVariable(StatementSyntax statement)
        => statement is LocalDeclarationStatementSyntax || statement.DescendantNodes().Any(node => node is SingleVariableDesignationSyntax);

    private static VariableDeclarationSyntax DeclareDeadline(string name, string type, string limit, ExpressionSyntax? outer)
    {
        string arguments = outer is null ? limit : $"{limit}, {outer.WithoutTrivia()}";
        return SyntaxBuilding.DeclareVar(name, SyntaxFactory.ParseExpression($"{type}.After({arguments})")).Declaration;
    }

    private static UsingStatementSyntax InUsingBlock(VariableDeclarationSyntax deadline, StatementSyntax statement)
        => SyntaxFactory.UsingStatement(SyntaxFactory.Block(statement.WithoutLeadingTrivia().WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed)))
            .WithDeclaration(deadline)
            .WithTriviaFrom(statement);
}
