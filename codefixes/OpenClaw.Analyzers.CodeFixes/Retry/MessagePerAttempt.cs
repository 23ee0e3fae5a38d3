using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes.Calls;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1108: makes the request message in each attempt: its declaration, and the statements that fill it, move into what is repeated.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MessagePerAttempt))]
public sealed class MessagePerAttempt() : GatewayCodeFix(Descriptors.MessageSentTwice)
{
    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } send
            || site.Model.CallAt(send, site.CancellationToken) is not { } call
            || RepeatedMessage.Of(call, site.Model, site.CancellationToken) is not { Message: ILocalSymbol message } repeated
            || MovedFrom(repeated, message, site) is not { } moved
            || Place.In(repeated.Repeats, send) is not { } place)
        {
            return null;
        }

        StatementSyntax behind = ((BlockSyntax)moved[0].Parent!).Statements.First(statement => statement.SpanStart > moved[0].SpanStart && !moved.Contains(statement));
        bool isFirst = ((BlockSyntax)moved[0].Parent!).Statements[0] == moved[0];
        var plan = new FixPlan("Make the message in each attempt");
        plan.Add([.. place.Nodes, .. moved, behind], rewriter =>
        {
            foreach (StatementSyntax statement in moved)
            {
                rewriter.Remove(statement);
            }

            if (isFirst)
            {
                rewriter.TrimAbove(behind);
            }

            place.Insert(rewriter, [.. moved.Select(statement => statement.WithoutLeadingTrivia())]);
        });
        return plan;
    }

    /// <summary>The declaration and the statements behind it, up to the repeated one, that only fill the message; null where they do more, or where the message is used elsewhere.</summary>
    private static IReadOnlyList<StatementSyntax>? MovedFrom(RepeatedMessage repeated, ILocalSymbol message, FixSite site)
    {
        if (message.DeclaringSyntaxReferences is not [var reference]
            || reference.GetSyntax(site.CancellationToken) is not VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax, Parent.Parent: LocalDeclarationStatementSyntax { Declaration.Variables.Count: 1, Parent: BlockSyntax block } declaration })
        {
            return null;
        }

        StatementSyntax? target = repeated.Repeats.AncestorsAndSelf().OfType<StatementSyntax>().FirstOrDefault(statement => statement.Parent == block);
        int first = block.Statements.IndexOf(declaration);
        int last = target is null ? -1 : block.Statements.IndexOf(target);
        StatementSyntax[] between = last < 0 ? [] : [.. block.Statements.Skip(first).Take(last - first)];
        StatementSyntax[] moved = [.. between.Where(statement => statement == declaration || Mentions(statement, message.Name))];
        bool isUsedElsewhere = block.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Any(name => name.Identifier.ValueText == message.Name && !repeated.Repeats.Span.Contains(name.Span) && !moved.Any(statement => statement.Span.Contains(name.Span)));
        return last > first && !isUsedElsewhere && moved.All(statement => !ChainLink.HasComment(statement) && MayRepeat(statement, message.Name, site)) ? moved : null;
    }

    private static bool Mentions(StatementSyntax statement, string name)
        => statement.DescendantNodes().OfType<IdentifierNameSyntax>().Any(used => used.Identifier.ValueText == name);

    /// <summary>Whether the statement only sets the message up, of parts that are the same when they are made again: no key, no stream, no counter.</summary>
    private static bool MayRepeat(StatementSyntax statement, string message, FixSite site)
    {
        IEnumerable<ExpressionSyntax>? parts = statement switch
        {
            LocalDeclarationStatementSyntax { Declaration.Variables: [{ Initializer.Value: { } made }] } => [made],
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax } assignment } when RootOf(assignment.Left) == message => [assignment.Right],
            ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax } fill } when RootOf(fill.Expression) == message
                => fill.ArgumentList.Arguments.Select(argument => argument.Expression),
            _ => null,
        };
        return parts is not null && parts.All(part => !Capture.MustBeEvaluatedOnce(part, site) && !MentionsSingleUse(part, site));
    }

    /// <summary>Content of a stream is read by the first attempt.</summary>
    private static bool MentionsSingleUse(ExpressionSyntax part, FixSite site)
        => part.DescendantNodesAndSelf().OfType<ExpressionSyntax>()
            .Select(node => site.Semantics.GetTypeInfo(node, site.CancellationToken).Type)
            .Any(type => type?.Name is "StreamContent" or "MultipartContent" or "MultipartFormDataContent" or "HttpContent" || IsStream(type));

    private static bool IsStream(ITypeSymbol? type) => type.SelfAndBases().Any(candidate => candidate.HasFullName("System.IO", "Stream"));

    private static string? RootOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => RootOf(access.Expression),
        _ => null,
    };

    /// <summary>Where the statements go: to the top of the loop's body, or of the lambda, which becomes a block that waits for its task.</summary>
    private sealed record Place(IReadOnlyList<SyntaxNode> Nodes, Action<DocumentRewriter, IReadOnlyList<StatementSyntax>> Insert)
    {
        public static Place? In(SyntaxNode repeats, InvocationExpressionSyntax send)
        {
            switch (repeats)
            {
                case LambdaExpressionSyntax { ExpressionBody: { } body } lambda when Awaited(body) == send:
                    return new Place([lambda], (rewriter, moved) => rewriter.Replace(lambda, current => WithBlock(current, moved)));
                case LambdaExpressionSyntax { AsyncKeyword.RawKind: not 0, Block.Statements: [var top, ..] }:
                    return Before(top);
                case StatementSyntax loop when RetryLoop.BodyOf(loop) is BlockSyntax { Statements: [var top, ..] }:
                    return Before(top);
                default:
                    return null;
            }
        }

        private static Place Before(StatementSyntax top) => new([top], (rewriter, moved) =>
        {
            foreach (StatementSyntax statement in moved)
            {
                rewriter.InsertBefore(top, statement);
            }
        });

        private static ExpressionSyntax Awaited(ExpressionSyntax body) => body switch
        {
            AwaitExpressionSyntax wait => Awaited(wait.Expression),
            ParenthesizedExpressionSyntax inner => Awaited(inner.Expression),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Expression: var task } } => Awaited(task),
            _ => body,
        };

        private static LambdaExpressionSyntax WithBlock(LambdaExpressionSyntax lambda, IReadOnlyList<StatementSyntax> moved)
        {
            ExpressionSyntax body = lambda.ExpressionBody!.WithoutTrivia();
            string result = body is AwaitExpressionSyntax ? body.ToString() : "await " + body;
            BlockSyntax block = SyntaxFactory.Block(moved.Select(statement => statement.WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed)).Append(SyntaxFactory.ParseStatement($"return {result};")));
            LambdaExpressionSyntax asynchronous = lambda.AsyncKeyword.RawKind != 0
                ? lambda
                : ((LambdaExpressionSyntax)lambda.WithoutLeadingTrivia().WithAsyncKeyword(SyntaxFactory.Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(SyntaxFactory.Space)))
                    .WithLeadingTrivia(lambda.GetLeadingTrivia());
            return asynchronous.WithExpressionBody(null).WithBlock(block);
        }
    }
}
