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
    private readonly HashSet<string> _imports;

    // Where the creation passes no options yet: their type, and what a key becomes when the overload with options takes no string.
    private readonly string? _options;
    private readonly int _keyIndex = -1;
    private readonly string? _credential;
    private readonly string? _keyName;

    private SdkRetry(BaseObjectCreationExpressionSyntax creation, string policy, HashSet<string> imports)
    {
        _creation = creation;
        _policy = policy;
        _imports = imports;
    }

    private SdkRetry(BaseObjectCreationExpressionSyntax creation, string policy, HashSet<string> imports, string options, int keyIndex, string? credential, string? keyName = null)
        : this(creation, policy, imports)
    {
        _options = options;
        _keyIndex = keyIndex;
        _credential = credential;
        _keyName = keyName;
    }

    /// <summary>The one creation of the call's client, where it leaves the SDK's retry on and can be changed.</summary>
    public static SdkRetry? Find(FixSite site, GatewayCall call)
    {
        if (call.Client.Family is not (ClientFamily.OpenAI or ClientFamily.ExtensionsAI) || call.Receiver is not { } receiver)
        {
            return null;
        }

        ClientInstance[] instances = [.. site.Model.Clients.InstancesOf(receiver, site.CancellationToken)];
        if (instances is not [{ Creation: { Constructor: { } constructor, Type: { } type } creation } instance]
            || !(type.IsWithin("OpenAI") || type.BaseType.IsWithin("OpenAI"))
            || site.Model.Clients.OptionsOf(instance, "RetryPolicy", site.CancellationToken).Any()
            || site.Document.Project.Solution.GetDocument(creation.Syntax.SyntaxTree) is null)
        {
            return null;
        }

        SemanticModel semantics = site.Model.SemanticsOf(creation.Syntax.SyntaxTree);
        HashSet<string> imports = new(StringComparer.Ordinal);
        string policy = NameFor(Namespace, "ClientRetryPolicy", semantics, creation.Syntax.SpanStart, imports);
        if (ClientProvenance.OptionsArgument(creation) is not null)
        {
            IObjectCreationOperation[] options = [.. site.Model.Clients.OptionObjectsOf(instance, site.CancellationToken)];
            return options is [{ Syntax: BaseObjectCreationExpressionSyntax syntax }] ? new SdkRetry(syntax, policy, imports) : null;
        }

        if (OverloadWithOptions(constructor) is not { } overload || creation.Syntax is not BaseObjectCreationExpressionSyntax { ArgumentList: { } arguments } bare)
        {
            return null;
        }

        string optionsType = NameFor(overload.Parameters[overload.Parameters.Length - 1].Type, semantics, bare.SpanStart, imports);
        int key = overload.Parameters.Zip(constructor.Parameters, SameType).ToList().IndexOf(false);
        if (key < 0)
        {
            return new SdkRetry(bare, policy, imports, optionsType, keyIndex: -1, credential: null);
        }

        // A named argument that becomes a credential takes the name of the other parameter.
        int place = creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == key)?.Syntax is ArgumentSyntax given ? arguments.Arguments.IndexOf(given) : -1;
        bool keepsNames = overload.Parameters.Zip(constructor.Parameters, (wanted, old) => wanted.Ordinal == key || wanted.Name == old.Name).All(same => same);
        return place < 0 || (!keepsNames && arguments.Arguments.Any(argument => argument.NameColon is not null))
            ? null
            : new SdkRetry(bare, policy, imports, optionsType, place, NameFor(overload.Parameters[key].Type, semantics, bare.SpanStart, imports), overload.Parameters[key].Name);
    }

    public void AddTo(FixPlan plan)
        => plan.Add(
            [_creation],
            rewriter =>
            {
                rewriter.Replace(_creation, current => _options is null ? WithPolicy(current) : WithOptions(current));
                foreach (string import in _imports)
                {
                    rewriter.Import(import);
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
        if (_keyIndex >= 0)
        {
            ArgumentSyntax key = list.Arguments[_keyIndex];
            ExpressionSyntax credential = SyntaxFactory.ParseExpression($"new {_credential}({key.Expression.WithoutTrivia()})").WithTriviaFrom(key.Expression);
            ArgumentSyntax replaced = key.NameColon is { } name
                ? key.WithNameColon(name.WithName(SyntaxFactory.IdentifierName(_keyName!).WithTriviaFrom(name.Name)))
                : key;
            list = list.WithArguments(list.Arguments.Replace(key, replaced.WithExpression(credential)));
        }

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

    /// <summary>Another constructor that takes options behind the same parameters; a key may be a string here and a credential there.</summary>
    private static IMethodSymbol? OverloadWithOptions(IMethodSymbol constructor)
        => constructor.ContainingType.InstanceConstructors
            .Where(candidate => candidate.DeclaredAccessibility == Accessibility.Public
                && candidate.Parameters.Length == constructor.Parameters.Length + 1
                && candidate.Parameters[candidate.Parameters.Length - 1].Type.Name.EndsWith("Options", StringComparison.Ordinal)
                && candidate.Parameters.Zip(constructor.Parameters, (wanted, given) => SameType(wanted, given) || IsMadeFrom(wanted.Type, given.Type)).All(accepts => accepts))
            .OrderByDescending(candidate => candidate.Parameters.Zip(constructor.Parameters, SameType).Count(same => same))
            .FirstOrDefault();

    private static bool SameType(IParameterSymbol wanted, IParameterSymbol given) => wanted.Type.Equals(given.Type, SymbolEqualityComparer.Default);

    private static bool IsMadeFrom(ITypeSymbol credential, ITypeSymbol key)
        => key.SpecialType == SpecialType.System_String
            && credential is INamedTypeSymbol { IsAbstract: false, SpecialType: SpecialType.None } type
            && type.InstanceConstructors.Any(constructor => constructor.DeclaredAccessibility == Accessibility.Public
                && constructor.Parameters is [{ Type.SpecialType: SpecialType.System_String }]);

    private static string NameFor(ITypeSymbol type, SemanticModel semantics, int position, HashSet<string> imports)
        => NameFor(type.ContainingNamespace.ToDisplayString(), type.Name, semantics, position, imports);

    private static string NameFor(string containingNamespace, string type, SemanticModel semantics, int position, HashSet<string> imports)
    {
        string name = Imports.NameFor(containingNamespace, type, semantics, position, out bool needsImport);
        if (needsImport)
        {
            imports.Add(containingNamespace);
        }

        return name;
    }
}
