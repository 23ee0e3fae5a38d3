using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Clients;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>
/// A socket object connects once: another attempt needs another object. So the creation, its options and the connect become one call of the pipeline,
/// which makes a socket for each attempt. Offered only where the three stand in one block and nothing else sees the unconnected socket.
/// </summary>
internal static class ConnectThroughPipeline
{
    public static FixPlan? Plan(FixSite site, GatewayCall call)
    {
        if (ConnectStatementOf(call.Syntax) is not { Parent: BlockSyntax or GlobalStatementSyntax } connect
            || call.Syntax.Expression is not MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax socket }
            || call.Operation.Arguments is not [{ Value.Syntax: ExpressionSyntax address }, { Parameter: { } second }]
            || !TokenParameter.IsToken(second)
            || CreationBefore(connect, socket.Identifier.ValueText) is not { } creation
            || SetupsBetween(creation, connect, socket.Identifier.ValueText, site) is not { } setups
            || TokenArgument.Plan(site, call) is not { } token
            || PipelineName.For(site, call) is not { } pipeline)
        {
            return null;
        }

        bool isAlone = Siblings(connect).SkipWhile(statement => statement != creation).Skip(1).TakeWhile(statement => statement != connect).All(setups.Contains);
        bool addUsing = IsLost(creation, site);
        bool addDispose = IsOverwritten(creation, site);
        var plan = new FixPlan(ProtectCall.TitleFor("Connect through the gateway's pipeline", call.Syntax));
        plan.Add([connect, creation, .. setups], rewriter =>
        {
            if (rewriter.Current(connect) is not { } current)
            {
                return;
            }

            ExpressionSyntax connected = Connected(current, address, setups, token, pipeline, socket.Identifier.ValueText);
            StatementSyntax statement = creation is LocalDeclarationStatementSyntax declaration
                ? Declare(declaration, connected, addUsing)
                : SyntaxFactory.ExpressionStatement(SyntaxFactory.AssignmentExpression(
                    SyntaxKind.SimpleAssignmentExpression,
                    ((AssignmentExpressionSyntax)((ExpressionStatementSyntax)creation).Expression).Left,
                    connected));
            if (addDispose)
            {
                rewriter.InsertBefore(connect, SyntaxFactory.ParseStatement($"{socket.Identifier.ValueText}?.Dispose();"));
            }

            rewriter.Replace(connect, old => statement.WithTriviaFrom(old).WithLeadingTrivia(isAlone ? LeadingOf(creation, old) : old.GetLeadingTrivia()));
            foreach (StatementSyntax obsolete in setups.Prepend(creation))
            {
                rewriter.Remove(obsolete);
            }

            pipeline.Import(rewriter);
        });
        return plan;
    }

    private static ExpressionStatementSyntax? ConnectStatementOf(InvocationExpressionSyntax call)
    {
        SyntaxNode value = call;
        while (value.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax chained })
        {
            value = chained;
        }

        return value.Parent is AwaitExpressionSyntax { Parent: ExpressionStatementSyntax statement } ? statement : null;
    }

    /// <summary>The statement of the same block that creates the socket: a declaration, or an assignment to a field.</summary>
    private static StatementSyntax? CreationBefore(StatementSyntax connect, string socket)
        => Siblings(connect)
            .TakeWhile(statement => statement != connect)
            .LastOrDefault(statement => statement switch
            {
                LocalDeclarationStatementSyntax { Declaration.Variables: [{ Initializer.Value: { } value } variable] }
                    => variable.Identifier.ValueText == socket && IsPlainCreation(value),
                ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax field, Right: var value, RawKind: (int)SyntaxKind.SimpleAssignmentExpression } }
                    => field.Identifier.ValueText == socket && IsPlainCreation(value),
                _ => false,
            });

    private static bool IsPlainCreation(ExpressionSyntax value)
        => value is BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList: null or { Arguments.Count: 0 } };

    /// <summary>
    /// The statements between that set the socket's options: each attempt will run them. Null where one of them does anything else with the socket,
    /// declares what is used later, reads what changes before the connect, or does something that must be done once.
    /// </summary>
    private static IReadOnlyList<StatementSyntax>? SetupsBetween(StatementSyntax creation, StatementSyntax connect, string socket, FixSite site)
    {
        List<StatementSyntax> setups = [];
        HashSet<string> used = new(StringComparer.Ordinal);
        foreach (StatementSyntax statement in Siblings(connect).SkipWhile(statement => statement != creation).Skip(1).TakeWhile(statement => statement != connect))
        {
            IdentifierNameSyntax[] uses = [.. statement.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == socket)];
            if (uses.Length == 0)
            {
                if (Capture.WrittenIn([statement]).Overlaps(used))
                {
                    return null;
                }

                continue;
            }

            if (!uses.All(IsOptions) || statement.DescendantNodesAndSelf().Any(LeavesOrDeclares) || DoesMoreThanSetting(statement, site))
            {
                return null;
            }

            setups.Add(statement);
            used.UnionWith(statement.DescendantNodes().OfType<IdentifierNameSyntax>().Select(name => name.Identifier.ValueText));
        }

        return HasComment(creation) ? null : setups;

        static bool IsOptions(IdentifierNameSyntax use)
            => use.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Options" } access && access.Expression == use;

        static bool LeavesOrDeclares(SyntaxNode node)
            => node is AwaitExpressionSyntax or ReturnStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or YieldStatementSyntax or GotoStatementSyntax
                or LocalDeclarationStatementSyntax or SingleVariableDesignationSyntax or LocalFunctionStatementSyntax;
    }

    /// <summary>Whether a value that is set on the options must not be computed again, or cannot be in a lambda.</summary>
    private static bool DoesMoreThanSetting(StatementSyntax setup, FixSite site)
        => setup.DescendantNodes().Any(node => node switch
        {
            ArgumentSyntax argument => Capture.IsImpossible(argument.Expression, site) || Capture.MustBeEvaluatedOnce(argument.Expression, site),
            AssignmentExpressionSyntax assignment => Capture.IsImpossible(assignment.Right, site)
                || Capture.MustBeEvaluatedOnce(assignment.Right, site)
                || assignment.Left is not MemberAccessExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Options" } },
            PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax => Capture.MustBeEvaluatedOnce((ExpressionSyntax)node, site),
            _ => false,
        });

    /// <summary>The one statement stands where the first of them stood, with the comments of the last.</summary>
    private static SyntaxTriviaList LeadingOf(StatementSyntax creation, StatementSyntax connect)
        => creation.GetLeadingTrivia().AddRange(connect.GetLeadingTrivia()
            .SkipWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia)));

    private static bool HasComment(SyntaxNode node)
        => node.GetLeadingTrivia().Concat(node.GetTrailingTrivia()).Any(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia));

    private static IEnumerable<StatementSyntax> Siblings(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax block => block.Statements,
        GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => unit.Members.OfType<GlobalStatementSyntax>().Select(member => member.Statement),
        _ => [],
    };

    private static ExpressionSyntax Connected(
        ExpressionStatementSyntax connect,
        ExpressionSyntax address,
        IReadOnlyList<StatementSyntax> setups,
        TokenArgument token,
        PipelineName pipeline,
        string socket)
    {
        List<ArgumentSyntax> arguments = [SyntaxFactory.Argument(address.WithoutTrivia())];
        if (setups.Count > 0)
        {
            arguments.Add(SyntaxFactory.Argument(Configure(setups, Names.Unique("options", connect), socket)));
        }

        if (token.Outer is not null)
        {
            ArgumentSyntax last = SyntaxFactory.Argument(token.Outer.WithoutTrivia());
            arguments.Add(setups.Count > 0 ? last : last.WithNameColon(SyntaxFactory.NameColon("cancellationToken").WithTrailingTrivia(SyntaxFactory.Space)));
        }

        InvocationExpressionSyntax call = SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, pipeline.Expression, SyntaxFactory.IdentifierName("ConnectAsync")),
            SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(arguments))).NormalizeLambda();

        // await and ConfigureAwait stay as they were.
        ExpressionSyntax awaited = connect.Expression;
        InvocationExpressionSyntax original = awaited.DescendantNodes().OfType<InvocationExpressionSyntax>().First(node => SyntaxFacts.NameOf(node).ValueText == "ConnectAsync");
        return awaited.ReplaceNode(original, call).WithoutTrivia();
    }

    private static ExpressionSyntax Configure(IReadOnlyList<StatementSyntax> setups, string options, string socket)
    {
        List<StatementSyntax> statements = [.. setups.Select(setup => OnOptions(setup, options, socket))];
        SimpleLambdaExpressionSyntax lambda = SyntaxFactory.SimpleLambdaExpression(SyntaxFactory.Parameter(SyntaxFactory.Identifier(options)));
        return statements is [ExpressionStatementSyntax { Expression: var only }] && !HasComment(statements[0])
            ? lambda.WithExpressionBody(only.WithoutTrivia())
            : lambda.WithBlock(SyntaxFactory.Block(statements));
    }

    private static StatementSyntax OnOptions(StatementSyntax setup, string options, string socket)
        => setup.ReplaceNodes(
            setup.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
                .Where(access => access.Name.Identifier.ValueText == "Options" && access.Expression is IdentifierNameSyntax name && name.Identifier.ValueText == socket),
            (access, _) => SyntaxFactory.IdentifierName(options).WithTriviaFrom(access));

    private static LocalDeclarationStatementSyntax Declare(LocalDeclarationStatementSyntax declaration, ExpressionSyntax connected, bool addUsing)
    {
        VariableDeclaratorSyntax variable = declaration.Declaration.Variables[0];
        declaration = declaration.WithDeclaration(declaration.Declaration.WithVariables(SyntaxFactory.SingletonSeparatedList(
            variable.WithInitializer(variable.Initializer!.WithValue(connected)))));
        return addUsing
            ? declaration.WithoutLeadingTrivia().WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space))
            : declaration;
    }

    /// <summary>The same for the socket that a field held before.</summary>
    private static bool IsOverwritten(StatementSyntax creation, FixSite site)
        => creation is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Right: BaseObjectCreationExpressionSyntax value } }
            && ClientCreation.At(value, site.Model, site.CancellationToken) is { Holder: IFieldSymbol or IPropertySymbol } client
            && UndisposedClient.WhenLost(client, site.Model, site.CancellationToken) is not null;

    /// <summary>A socket that was lost would be lost still, and now out of sight of the rule that says so.</summary>
    private static bool IsLost(StatementSyntax creation, FixSite site)
        => creation is LocalDeclarationStatementSyntax { Declaration.Variables: [{ Initializer.Value: { } value } variable] }
            && site.LanguageVersion >= LanguageVersion.CSharp8
            && site.Semantics.GetDeclaredSymbol(variable, site.CancellationToken) is ILocalSymbol local
            && new LocalOwnership(local, value, site.Model, site.CancellationToken).Fate == LocalFate.Lost;
}
