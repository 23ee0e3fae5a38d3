using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>
/// Switches an SDK's own retry off where its client is created in sight: the pipeline owns the retries, and two owners multiply. Where the creation is
/// out of sight the call is only wrapped.
/// </summary>
internal sealed class SdkRetry
{
    private const string Namespace = "System.ClientModel.Primitives";

    private readonly BaseObjectCreationExpressionSyntax _creation;
    private readonly string _policy;
    private readonly bool _needsImport;
    private readonly string? _options;

    private SdkRetry(BaseObjectCreationExpressionSyntax creation, string policy, bool needsImport, string? options)
    {
        _creation = creation;
        _policy = policy;
        _needsImport = needsImport;
        _options = options;
    }

    /// <summary>The one creation of the call's client, where it leaves the SDK's retry on and can be changed.</summary>
    public static SdkRetry? Find(FixSite site, GatewayCall call)
    {
        if (call.Client.Family != ClientFamily.OpenAI || call.Receiver is not { } receiver)
        {
            return null;
        }

        ClientInstance[] instances = [.. site.Model.Clients.InstancesOf(receiver, site.CancellationToken)];
        if (instances is not [{ Creation: { Constructor: { } constructor } creation } instance]
            || site.Model.Clients.OptionsOf(instance, "RetryPolicy", site.CancellationToken).Any()
            || site.Document.Project.Solution.GetDocument(creation.Syntax.SyntaxTree) is null)
        {
            return null;
        }

        SemanticModel semantics = site.Model.SemanticsOf(creation.Syntax.SyntaxTree);
        string policy = Imports.NameFor(Namespace, "ClientRetryPolicy", semantics, creation.Syntax.SpanStart, out bool needsImport);
        if (ClientProvenance.OptionsArgument(creation) is not null)
        {
            IObjectCreationOperation[] options = [.. site.Model.Clients.OptionObjectsOf(instance, site.CancellationToken)];
            return options is [{ Syntax: BaseObjectCreationExpressionSyntax syntax }] ? new SdkRetry(syntax, policy, needsImport, options: null) : null;
        }

        return OverloadWithOptions(constructor) is { } type && creation.Syntax is BaseObjectCreationExpressionSyntax { ArgumentList: not null } bare
            ? new SdkRetry(bare, policy, needsImport, type.ToMinimalDisplayString(semantics, bare.SpanStart))
            : null;
    }

    public void AddTo(FixPlan plan)
        => plan.Add(
            [_creation],
            rewriter =>
            {
                rewriter.Replace(_creation, current => _options is null ? WithPolicy(current) : WithOptions(current));
                if (_needsImport)
                {
                    rewriter.Import(Namespace);
                }
            },
            key: nameof(SdkRetry));

    private BaseObjectCreationExpressionSyntax WithPolicy(BaseObjectCreationExpressionSyntax options)
    {
        ExpressionSyntax assignment = SyntaxFactory.ParseExpression($"RetryPolicy = new {_policy}(0)");
        if (options.Initializer is not { } initializer)
        {
            return (BaseObjectCreationExpressionSyntax)SyntaxFactory.ParseExpression($"{options.WithoutTrailingTrivia()} {{ {assignment} }}").WithTriviaFrom(options);
        }

        // An initializer over several lines gets one more line, indented like the others.
        SyntaxToken open = initializer.OpenBraceToken;
        bool isMultiline = initializer.ToString().Contains('\n');
        SyntaxTriviaList indent = isMultiline && initializer.Expressions.Count > 0 ? initializer.Expressions[0].GetLeadingTrivia() : default;
        assignment = assignment.WithLeadingTrivia(indent.Count > 0 ? indent.Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)) : default);
        SyntaxToken comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(isMultiline ? open.TrailingTrivia : SyntaxFactory.TriviaList(SyntaxFactory.Space));
        SeparatedSyntaxList<ExpressionSyntax> expressions = SyntaxFactory.SeparatedList(
            initializer.Expressions.Insert(0, assignment),
            initializer.Expressions.Count == 0 ? [] : initializer.Expressions.GetSeparators().Prepend(comma));
        return options switch
        {
            ObjectCreationExpressionSyntax named => named.WithInitializer(initializer.WithExpressions(expressions)),
            ImplicitObjectCreationExpressionSyntax bare => bare.WithInitializer(initializer.WithExpressions(expressions)),
            _ => options,
        };
    }

    private BaseObjectCreationExpressionSyntax WithOptions(BaseObjectCreationExpressionSyntax client)
    {
        ArgumentSyntax options = SyntaxFactory.Argument(SyntaxFactory.ParseExpression($"new {_options} {{ RetryPolicy = new {_policy}(0) }}"));
        ArgumentListSyntax list = client.ArgumentList!;
        options = list.Arguments.Any(argument => argument.NameColon is not null)
            ? options.WithNameColon(SyntaxFactory.NameColon("options").WithTrailingTrivia(SyntaxFactory.Space))
            : options;
        list = list.WithArguments(SyntaxFactory.SeparatedList(
            list.Arguments.Append(options),
            list.Arguments.GetSeparators().Concat(list.Arguments.Count > 0 ? [SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)] : [])));
        return client switch
        {
            ObjectCreationExpressionSyntax named => named.WithArgumentList(list),
            ImplicitObjectCreationExpressionSyntax bare => bare.WithArgumentList(list),
            _ => client,
        };
    }

    /// <summary>The type of the options that another constructor takes behind the same parameters; a key may be a string there or a credential.</summary>
    private static ITypeSymbol? OverloadWithOptions(IMethodSymbol constructor)
        => constructor.ContainingType.InstanceConstructors
            .Where(candidate => candidate.DeclaredAccessibility == Accessibility.Public
                && candidate.Parameters.Length == constructor.Parameters.Length + 1
                && candidate.Parameters[candidate.Parameters.Length - 1].Type.Name.EndsWith("Options", StringComparison.Ordinal)
                && candidate.Parameters.Zip(constructor.Parameters, Accepts).All(accepts => accepts))
            .Select(candidate => candidate.Parameters[candidate.Parameters.Length - 1].Type)
            .FirstOrDefault();

    private static bool Accepts(IParameterSymbol wanted, IParameterSymbol given)
        => wanted.Type.Equals(given.Type, SymbolEqualityComparer.Default)
            || wanted.Type.GetMembers("op_Implicit").OfType<IMethodSymbol>()
                .Any(conversion => conversion.Parameters is [{ Type: var from }] && from.Equals(given.Type, SymbolEqualityComparer.Default));
}
