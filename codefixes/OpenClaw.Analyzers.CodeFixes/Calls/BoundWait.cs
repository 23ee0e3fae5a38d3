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
            || StatementOf(call) is not { } statement
            || !IsPlain(token.Outer)
            || TimeoutLooksLikeShutdown(site, invocation))
        {
            return null;
        }

        bool canDeclare = site.LanguageVersion >= LanguageVersion.CSharp8 && SyntaxBuilding.CanHoldUsing(statement.Parent);
        if (!canDeclare && !CanStandInUsing(statement))
        {
            return null;
        }

        string type = Imports.NameFor(Imports.Runtime, "Deadline", site.Semantics, invocation.SpanStart, out bool needsImport);
        string time = Imports.NameFor("System", "TimeSpan", site.Semantics, invocation.SpanStart, out bool needsSystem);
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
            VariableDeclarationSyntax deadline = DeclareDeadline(name, type, $"{time}.{limit}", token.Outer);
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

            if (needsSystem)
            {
                rewriter.Import("System");
            }
        });
        return plan;
    }

    /// <summary>The gateway's own limits: a handshake takes at most 15 s, and a turn is given up by the presets after 10 minutes.</summary>
    private static (string Limit, string Described) LimitFor(GatewayCall call) => call.Kind switch
    {
        CallKind.Connect => ("FromSeconds(15)", "15 seconds"),
        CallKind.Send when call.Client.Family == ClientFamily.WebSocket => ("FromSeconds(30)", "30 seconds, which aborts the socket"),
        CallKind.Probe => ("FromSeconds(10)", "10 seconds"),
        _ => ("FromMinutes(10)", "10 minutes"),
    };

    /// <summary>The statement that waits for the call and does so once: a deadline before it covers the call and nothing else that repeats.</summary>
    private static StatementSyntax? StatementOf(GatewayCall call)
    {
        SyntaxNode? holder = call.Syntax.Ancestors().FirstOrDefault(node => node is StatementSyntax || SyntaxFacts.IsFunctionBoundary(node));
        return (call.Shape == CallShape.Synchronous || IsAwaited(call.Syntax))
            && holder is ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax or YieldStatementSyntax
                or IfStatementSyntax or UsingStatementSyntax or ForEachStatementSyntax or SwitchStatementSyntax
                ? (StatementSyntax)holder
                : null;
    }

    /// <summary>Whether the task of the call itself is awaited in its statement: a task that goes on afterwards would lose its deadline.</summary>
    private static bool IsAwaited(SyntaxNode task) => task.Parent switch
    {
        AwaitExpressionSyntax => true,
        ParenthesizedExpressionSyntax or ConditionalExpressionSyntax => IsAwaited(task.Parent),
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" or "WaitAsync" or "AsTask", Parent: InvocationExpressionSyntax next } => IsAwaited(next),
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax combined } when SourceIndex.NameOf(combined) == "WhenAll" => IsAwaited(combined),
        _ => false,
    };

    /// <summary>Whether the token can be read before the statement: reading it has no effect.</summary>
    private static bool IsPlain(ExpressionSyntax? token)
        => token?.DescendantNodesAndSelf().All(node => node is IdentifierNameSyntax or MemberAccessExpressionSyntax or ThisExpressionSyntax or BaseExpressionSyntax
            or ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }
            or LiteralExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression }) != false;

    /// <summary>A catch that takes any cancellation for the end of the work would end it at the first time-out, without a word.</summary>
    private static bool TimeoutLooksLikeShutdown(FixSite site, SyntaxNode call)
        => call.Ancestors()
            .OfType<TryStatementSyntax>()
            .Where(statement => statement.Block.Span.Contains(call.Span))
            .SelectMany(statement => statement.Catches)
            .Any(clause => TakesAnyCancellation(clause, site.Semantics) && clause.Block.Statements.LastOrDefault() is not ThrowStatementSyntax);

    private static bool TakesAnyCancellation(CatchClauseSyntax clause, SemanticModel semantics)
    {
        string filter = clause.Filter?.ToString() ?? "";
        return clause.Declaration is { Type: var type }
            && !filter.Contains("IsCancellationRequested")
            && (semantics.GetTypeInfo(type).Type?.Name is "OperationCanceledException" or "TaskCanceledException"
                || filter.Contains("OperationCanceledException")
                || filter.Contains("TaskCanceledException"));
    }

    /// <summary>Whether the statement can become the only one of a using block: what it declares would be out of reach behind it.</summary>
    private static bool CanStandInUsing(StatementSyntax statement)
        => statement is ExpressionStatementSyntax or ReturnStatementSyntax or YieldStatementSyntax
            && statement.Parent is not (GlobalStatementSyntax or LabeledStatementSyntax)
            && !statement.ContainsDirectives
            && !statement.DescendantNodes().Any(node => node is SingleVariableDesignationSyntax);

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
