using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"May a decorator in these sources protect the chat clients that are injected": one of the user's own, or a delegate in a builder.</summary>
internal sealed class ChatPipelines
{
    // They log, cache and call functions; none of them retries, breaks or limits.
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "UseLogging", "UseOpenTelemetry", "UseDistributedCache", "UseFunctionInvocation", "UseChatReducer", "UseToolReduction", "ConfigureOptions", "Build",
    };

    private static readonly HashSet<string> Questions = new(StringComparer.Ordinal) { "GetResponseAsync", "GetStreamingResponseAsync", "GenerateAsync" };

    private static readonly string[] BuilderSources = ["AsBuilder", "AddChatClient", "AddKeyedChatClient", "AddEmbeddingGenerator"];

    private readonly GatewayModel _model;
    private readonly Lazy<bool> _mayProtect;

    public ChatPipelines(GatewayModel model)
    {
        _model = model;
        _mayProtect = new(() => BuildersUseMore() || DecoratorsAreUsed() || HandlersRepeat());
    }

    public bool MayProtect => _mayProtect.Value;

    private bool BuildersUseMore()
    {
        IEnumerable<ExpressionSyntax> builders = BuilderSources
            .SelectMany(name => _model.Index.InvocationsOf(name, CancellationToken.None))
            .Concat<ExpressionSyntax>(_model.Index.CreationsOf("ChatClientBuilder", CancellationToken.None));
        foreach (ExpressionSyntax builder in builders)
        {
            SyntaxNode end = builder;
            while (end.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next })
            {
                if (!Plain.Contains(SourceIndex.NameOf(next)))
                {
                    return true;
                }

                end = next;
            }

            // A builder in a variable may get anything later.
            if (end.Parent is EqualsValueClauseSyntax or ArgumentSyntax or ReturnStatementSyntax or AssignmentExpressionSyntax
                && end is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Build" } })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a chat client of the user's own may protect who asks it: any but one that only speaks to a server, or only hands on.</summary>
    public bool MayProtectChats(INamedTypeSymbol type) => Plumbing.IsChatDecorator(type) && !IsTransport(type) && !HandsOn(type);

    /// <summary>
    /// Around another chat client, with nothing beside it that could limit or repeat, and each question asked as it came: in no lambda, under no catch, in no loop.
    /// </summary>
    private bool HandsOn(INamedTypeSymbol type)
    {
        SyntaxNode[] code = [.. _model.DeclarationsOf(type, CancellationToken.None).SelectMany(declaration => declaration.DescendantNodes())];
        SyntaxNode[] questions = [.. code.Where(static node => node is InvocationExpressionSyntax call && Questions.Contains(SourceIndex.NameOf(call)))];
        return questions.Length > 0
            && type.GetMembers().SelectMany(TypesOf).All(IsPlainPart)
            && !code.Any(MayRepeat)
            && !code.Any(IsHandedOver)
            && questions.All(static question => question.Ancestors().First(node => MayRunAgain(node, question) || node is MemberDeclarationSyntax) is MemberDeclarationSyntax);
    }

    private static bool MayRunAgain(SyntaxNode node, SyntaxNode question)
        => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or TryStatementSyntax { Catches.Count: > 0 }
            || RetryLoop.BodyOf(node)?.Span.Contains(question.Span) == true;

    /// <summary>The inner client, text, numbers and a log: no gate, no clock, no service that could do the asking.</summary>
    private static bool IsPlainPart(ITypeSymbol type)
        => Plumbing.IsChatClient(type)
            || type.SpecialType is not SpecialType.None
            || type.IsWithin("Microsoft.Extensions.Logging")
            || (type.IsWithin("System") && !type.IsWithin("System.Threading") && type.TypeKind != TypeKind.Delegate && type.Name != "TimeProvider");

    /// <summary>Whether a client is given to other code, which may ask it in its own way.</summary>
    private bool IsHandedOver(SyntaxNode node)
        => node is ArgumentSyntax { Parent.Parent: not (ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax), Expression: IdentifierNameSyntax or MemberAccessExpressionSyntax } argument
            && Plumbing.IsChatClient(_model.SemanticsOf(node.SyntaxTree).GetTypeInfo(argument.Expression).Type);

    /// <summary>Over an HTTP client, around no other chat client, without a repetition of its own, and no HTTP client of the sources has one.</summary>
    public bool IsTransport(INamedTypeSymbol type)
    {
        ITypeSymbol[] parts = [.. type.GetMembers().SelectMany(TypesOf)];
        return parts.Any(part => part.HasFullName("System.Net.Http", "HttpClient"))
            && !parts.Append(type.BaseType).Any(Plumbing.IsChatClient)
            && !_model.Registrations.ProtectsAny(CancellationToken.None)
            && !_model.DeclarationsOf(type, CancellationToken.None).SelectMany(declaration => declaration.DescendantNodes()).Any(MayRepeat);
    }

    private static IEnumerable<ITypeSymbol> TypesOf(ISymbol member) => member switch
    {
        IFieldSymbol field => [field.Type],
        IPropertySymbol property => [property.Type],
        IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => constructor.Parameters.Select(parameter => parameter.Type),
        _ => [],
    };

    private static bool MayRepeat(SyntaxNode node)
        => node is InvocationExpressionSyntax call && SourceIndex.NameOf(call).StartsWith("Execute", StringComparison.Ordinal)
            || (RetryLoop.BodyOf(node) is { } body && body.DescendantNodes().Any(IsAttempt));

    /// <summary>Whether something is waited for under a catch; what is only parsed there cannot be an attempt.</summary>
    private static bool IsAttempt(SyntaxNode node)
        => node is TryStatementSyntax { Catches.Count: > 0 } attempt && attempt.Block.DescendantNodes().Any(static inner => inner is AwaitExpressionSyntax);

    /// <summary>Whether an HTTP handler of the user's own sends again or executes under a strategy: the transport of any client may go through it.</summary>
    private bool HandlersRepeat()
        => _model.Compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>()
            .Where(static type => Plumbing.IsHandler(type))
            .SelectMany(type => _model.DeclarationsOf(type, CancellationToken.None))
            .SelectMany(static declaration => declaration.DescendantNodes())
            .Any(static node => MayRepeat(node) || RetryLoop.BodyOf(node) is { } body && body.DescendantNodes().Any(static inner => inner is InvocationExpressionSyntax sent && SourceIndex.NameOf(sent) is "SendAsync" or "Send"));

    private bool DecoratorsAreUsed()
    {
        HashSet<string> decorators = new(
            _model.Compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>().Where(MayProtectChats).Select(type => type.Name),
            StringComparer.Ordinal);
        return decorators.Count > 0
            && _model.Compilation.SyntaxTrees.Any(tree => tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
                .Any(name => decorators.Contains(name.Identifier.ValueText)));
    }
}
