using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Clients;

namespace OpenClaw.Analyzers.CodeFixes.Clients;

/// <summary>"Does anything that lives on the client leave the method": a task that nobody awaits here, a stream, a response with an unread body.</summary>
internal static class ClientEscape
{
    public static bool IsPossible(ILocalSymbol client, SyntaxNode creation, SemanticModel semantics)
    {
        SyntaxNode scope = SyntaxFacts.ScopeOf(client, creation);
        Queue<(string Name, bool IsTask)> open = new([(client.Name, false)]);
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (open.Count > 0)
        {
            (string name, bool isTask) = open.Dequeue();
            if (!seen.Add(name))
            {
                continue;
            }

            bool isAwaited = false;
            foreach (IdentifierNameSyntax use in scope.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == name))
            {
                isAwaited |= use.Parent is AwaitExpressionSyntax or MemberAccessExpressionSyntax || (use.Parent is ArgumentSyntax awaited && IsAwaitedTogether(awaited));
                ExpressionSyntax value = ValueOf(use, semantics);
                if (!LivesOnClient(semantics.GetTypeInfo(value).Type, value == use && name == client.Name))
                {
                    continue;
                }

                switch (value.Parent)
                {
                    case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable }:
                        open.Enqueue((variable.Identifier.ValueText, IsTask(value, semantics)));
                        break;
                    case ExpressionStatementSyntax or UsingStatementSyntax or ForEachStatementSyntax when !IsTask(value, semantics):
                        break;
                    default:
                        return true;
                }
            }

            if (isTask && !isAwaited)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The value that is made of the use: the result of the calls and awaits around it.</summary>
    private static ExpressionSyntax ValueOf(IdentifierNameSyntax use, SemanticModel semantics)
    {
        ExpressionSyntax value = use;
        while (true)
        {
            ExpressionSyntax? outer = value.Parent switch
            {
                AwaitExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or ConditionalAccessExpressionSyntax => (ExpressionSyntax)value.Parent,
                MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } => call,
                MemberAccessExpressionSyntax access => access,
                ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax creation } => creation,
                ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } when IsRead(call, semantics) => call,
                _ => null,
            };
            if (outer is null)
            {
                return value;
            }

            value = outer;
        }
    }

    /// <summary>A method that makes something of a body: what it returns may still read from it.</summary>
    private static bool IsRead(InvocationExpressionSyntax call, SemanticModel semantics)
        => semantics.GetSymbolInfo(call).Symbol is IMethodSymbol { ReturnsVoid: false };

    private static bool LivesOnClient(ITypeSymbol? type, bool isClientItself)
        => !isClientItself
            && type is not null
            && (SharedParts.IsDisposable(type)
                || type.IsWithin("System.Threading.Tasks")
                || type.Name is "IAsyncEnumerable" or "ConfiguredCancelableAsyncEnumerable"
                || type.AllInterfaces.Any(implemented => implemented.Name is "IAsyncEnumerable"));

    private static bool IsTask(ExpressionSyntax value, SemanticModel semantics) => semantics.GetTypeInfo(value).Type.IsWithin("System.Threading.Tasks");

    private static bool IsAwaitedTogether(ArgumentSyntax argument)
        => argument.Parent?.Parent is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WhenAll" }, Parent: AwaitExpressionSyntax };
}
