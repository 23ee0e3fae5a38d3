using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What an HTTP call sends: the URL as an argument, or a request message built before.</summary>
internal static class RequestMessages
{
    /// <summary>Whether the value is a request message.</summary>
    public static bool IsMessage(ITypeSymbol? type) => type.HasFullName("System.Net.Http", "HttpRequestMessage");

    /// <summary>Whether the call sends a message that is visibly made for GET.</summary>
    public static bool UsesGet(IInvocationOperation call, GatewayModel model, CancellationToken cancellationToken)
        => call.Arguments
            .Where(argument => IsMessage(argument.Parameter?.Type))
            .SelectMany(argument => model.Values.OriginsOf(argument.Value, call: null, cancellationToken))
            .Any(origin => origin.Operation is IObjectCreationOperation { Arguments: [{ Value: IPropertyReferenceOperation { Property.Name: "Get" } }, ..] });

    /// <summary>The expressions that tell the URL of the call.</summary>
    public static IEnumerable<Origin> UrlsOf(IInvocationOperation call, GatewayModel model, ObjectSetup setup, CancellationToken cancellationToken)
    {
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter is not { } parameter || argument.Value.Type is null)
            {
                continue;
            }

            if (parameter.Name == "requestUri")
            {
                yield return new Origin(argument.Value);
            }
            else if (IsMessage(parameter.Type))
            {
                foreach (Origin url in UrlsOfMessage(argument.Value, model, setup, cancellationToken))
                {
                    yield return url;
                }
            }
        }
    }

    private static IEnumerable<Origin> UrlsOfMessage(IOperation message, GatewayModel model, ObjectSetup setup, CancellationToken cancellationToken)
    {
        foreach (Origin origin in model.Values.OriginsOf(message, call: null, cancellationToken))
        {
            if (origin.Operation is not IObjectCreationOperation creation)
            {
                continue;
            }

            foreach (IArgumentOperation argument in creation.Arguments.Where(argument => argument.Parameter?.Name == "requestUri"))
            {
                yield return origin with { Operation = argument.Value };
            }

            foreach (IOperation url in setup.ValuesOf(creation, "RequestUri", cancellationToken))
            {
                yield return origin with { Operation = url };
            }
        }
    }
}
