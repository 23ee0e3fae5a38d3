using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>An address in the parts of which the sources put it together.</summary>
/// <param name="Base">What the client, or the string at the start, says; null where it is out of sight.</param>
/// <param name="Path">What the request adds.</param>
/// <param name="Text">A path that no expression holds, but an attribute.</param>
internal sealed record RequestAddress(IOperation? Base, IReadOnlyList<IOperation> Path, string Text = "");

/// <summary>"What does this request of an HTTP library ask for": RestSharp's request objects, Flurl's fluent calls, Refit's attributes.</summary>
internal sealed class LibraryRequests(GatewayModel model)
{
    // Longer than any fluent call that a person writes.
    private const int MaxLinks = 16;

    private readonly ObjectSetup _setup = new(model);

    public IEnumerable<RequestAddress> AddressesOf(IInvocationOperation call, ClientEntry client, CancellationToken cancellationToken) => client.Family switch
    {
        ClientFamily.RestSharp => OfRestSharp(call, cancellationToken),
        ClientFamily.Flurl => [OfFlurl(call, cancellationToken)],
        ClientFamily.Refit => OfRefit(call, cancellationToken),
        ClientFamily.WebRequest => OfWebRequest(call, cancellationToken),
        _ => [],
    };

    /// <summary>Whether the request visibly asks for GET.</summary>
    public bool UsesGet(IInvocationOperation call, CancellationToken cancellationToken)
        => RequestInterfaces.UsesGet(call.TargetMethod)
            || RequestsOf(call, cancellationToken).Any(request => request.Arguments.All(argument => argument.ArgumentKind != ArgumentKind.Explicit || argument.Parameter?.Type.Name != "Method")
                && !_setup.ValuesOf(request, "Method", cancellationToken).Any());

    /// <summary>The time-outs that the sources set for the call: on the request, else on the client.</summary>
    public IReadOnlyList<IOperation> TimeoutsOf(GatewayCall call, CancellationToken cancellationToken)
    {
        IOperation? client = call.Receiver ?? call.Operation.Arguments.FirstOrDefault()?.Value;
        if (client is null)
        {
            return [];
        }

        IReadOnlyList<IOperation> ofRequest = call.Client.Family switch
        {
            ClientFamily.RestSharp => [.. RequestsOf(call.Operation, cancellationToken).SelectMany(request => _setup.ValuesOf(request, "Timeout", cancellationToken))],
            ClientFamily.WebRequest => ObjectSetup.SymbolOf(client) is { } holder
                ? [.. _setup.AssignmentsTo(holder, "Timeout", call.Syntax, cancellationToken).Select(assignment => assignment.Value)]
                : [],
            ClientFamily.Flurl => [.. ChainOf(call.Operation, cancellationToken).OfType<IInvocationOperation>().Where(link => link.TargetMethod.Name == "WithTimeout").Select(link => link.Arguments.Last().Value)],
            _ => [],
        };
        return ofRequest.Count > 0 || call.Client.Family == ClientFamily.Flurl
            ? ofRequest
            : [.. model.Clients.InstancesOf(client, cancellationToken).SelectMany(instance => TimeoutsOf(instance, cancellationToken))];
    }

    private IEnumerable<IOperation> TimeoutsOf(ClientInstance instance, CancellationToken cancellationToken)
        => model.Clients.OptionsOf(instance, "Timeout", cancellationToken)
            .Concat(instance.Creation is { } creation
                ? creation.Arguments.Where(argument => argument.Value.Type.HasFullName("System.Net.Http", "HttpClient"))
                    .SelectMany(argument => model.Clients.SettingsOf(argument.Value, "Timeout", cancellationToken))
                : []);

    private IEnumerable<RequestAddress> OfRestSharp(IInvocationOperation call, CancellationToken cancellationToken)
    {
        IOperation? client = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        List<IOperation?> bases =
        [
            .. client is null ? [] : model.Clients.InstancesOf(client, cancellationToken).SelectMany(instance => BasesOf(instance, cancellationToken)),
        ];
        List<IOperation> paths =
        [
            .. call.Arguments.Where(argument => argument.Parameter?.Name == "resource").Select(argument => argument.Value),
            .. RequestsOf(call, cancellationToken).SelectMany(request => AddressArguments(request).Concat(_setup.ValuesOf(request, "Resource", cancellationToken))),
        ];
        return bases.DefaultIfEmpty(null).SelectMany(start => paths.Count == 0
            ? [new RequestAddress(start, [])]
            : paths.Select(path => new RequestAddress(start, [path])));
    }

    /// <summary>The address given to a client at its creation: an argument, an option, the options' own argument.</summary>
    private IEnumerable<IOperation?> BasesOf(ClientInstance instance, CancellationToken cancellationToken)
        => instance.Creation is not { } creation ? []
            : AddressArguments(creation)
                .Concat(model.Clients.OptionsOf(instance, "BaseUrl", cancellationToken))
                .Concat(model.Clients.OptionObjectsOf(instance, cancellationToken).SelectMany(AddressArguments));

    private static IEnumerable<IOperation> AddressArguments(IObjectCreationOperation creation)
        => creation.Arguments.Take(1)
            .Where(argument => argument.Parameter?.Type is { SpecialType: SpecialType.System_String } or { Name: "Uri" })
            .Select(argument => argument.Value);

    private IEnumerable<IObjectCreationOperation> RequestsOf(IInvocationOperation call, CancellationToken cancellationToken)
        => call.Arguments.Where(argument => argument.Parameter?.Type.HasFullName("RestSharp", "RestRequest") == true)
            .SelectMany(argument => model.Values.OriginsOf(argument.Value, call: null, cancellationToken))
            .Select(origin => origin.Operation)
            .OfType<IObjectCreationOperation>();

    /// <summary>The address among the arguments, or in the factory method that made the request.</summary>
    private IEnumerable<RequestAddress> OfWebRequest(IInvocationOperation call, CancellationToken cancellationToken)
        => call.Arguments.Concat(call.Instance is null ? [] : model.Values.OriginsOf(call.Instance, call: null, cancellationToken)
                .Select(origin => origin.Operation)
                .OfType<IInvocationOperation>()
                .Where(made => made.TargetMethod is { Name: "Create" or "CreateHttp" or "CreateDefault", ContainingType.Name: "WebRequest" })
                .SelectMany(made => made.Arguments))
            .Where(argument => argument.Parameter?.Name is "address" or "requestUriString" or "requestUri")
            .Select(argument => new RequestAddress(argument.Value, []));

    private RequestAddress OfFlurl(IInvocationOperation call, CancellationToken cancellationToken)
    {
        List<IOperation> links = [.. ChainOf(call, cancellationToken)];
        IEnumerable<IOperation> path = links.OfType<IInvocationOperation>().Reverse()
            .Where(link => link.TargetMethod.Name is "AppendPathSegment" or "AppendPathSegments" or "Request")
            .SelectMany(link => link.Arguments.Skip(link.Instance is null ? 1 : 0))
            .Where(argument => argument.ArgumentKind != ArgumentKind.DefaultValue && argument.Parameter?.Type.SpecialType != SpecialType.System_Boolean)
            .SelectMany(argument => argument.Value is IArrayCreationOperation { Initializer.ElementValues: var elements } ? elements.AsEnumerable() : [argument.Value])
            .Select(segment => segment is IConversionOperation conversion ? conversion.Operand : segment);
        IOperation start = links.Count > 0 ? links[links.Count - 1] : call;
        IOperation? given = start is IInvocationOperation ? null : start;
        if (start is IObjectCreationOperation { Type: var made } creation && made.IsWithin("Flurl"))
        {
            given = AddressArguments(creation).FirstOrDefault();
        }

        return new RequestAddress(given, [.. path]);
    }

    /// <summary>The links of a fluent call from the last to the first, and at the end what stands at its start.</summary>
    private IEnumerable<IOperation> ChainOf(IInvocationOperation call, CancellationToken cancellationToken)
    {
        IOperation? current = TargetOf(call);
        for (int links = 0; current is not null && links < MaxLinks; links++)
        {
            current = model.Values.OriginsOf(current, call: null, cancellationToken) is [var only, ..] ? only.Operation : current;
            yield return current;
            current = current is IInvocationOperation link && link.TargetMethod.ContainingType.IsWithin("Flurl") ? TargetOf(link) : null;
        }
    }

    private static IOperation? TargetOf(IInvocationOperation call)
        => call.Instance ?? (call.TargetMethod.IsExtensionMethod ? call.Arguments.FirstOrDefault()?.Value : null);

    private IEnumerable<RequestAddress> OfRefit(IInvocationOperation call, CancellationToken cancellationToken)
    {
        string path = RequestInterfaces.PathOf(call.TargetMethod);
        List<IOperation> bases = [];
        if (call.Instance is { } api)
        {
            bases.AddRange(model.Clients.BaseAddressesOf(api, cancellationToken));
            foreach (ClientInstance instance in model.Clients.InstancesOf(api, cancellationToken))
            {
                if (instance.Operation is IInvocationOperation { TargetMethod: { Name: "For", ContainingType.Name: "RestService" }, Arguments: [var given, ..] })
                {
                    bases.AddRange(given.Value.Type.HasFullName("System.Net.Http", "HttpClient") ? model.Clients.BaseAddressesOf(given.Value, cancellationToken) : [given.Value]);
                }
            }
        }

        return bases.Cast<IOperation?>().DefaultIfEmpty(null).Select(start => new RequestAddress(start, [], path));
    }
}
