using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"What is this client made over": the HTTP clients, handlers and callbacks that its creation is given, directly or in its options.</summary>
internal sealed class TransportParts(GatewayModel model)
{
    /// <summary>None where nothing is given, or only HTTP clients without handlers that may protect; else unknown.</summary>
    public Protection ProtectionOf(IOperation creation, CancellationToken cancellationToken)
        => PartsOf(creation, cancellationToken).All(part => IsPlain(part, cancellationToken)) ? Protection.None : Protection.Unknown;

    /// <summary>The time-outs of the HTTP clients that the creation is given; null where it is given something else.</summary>
    public IReadOnlyList<IOperation>? TimeoutsOf(IOperation creation, CancellationToken cancellationToken)
    {
        List<IOperation> timeouts = [];
        foreach (IOperation part in PartsOf(creation, cancellationToken))
        {
            if (!IsPlain(part, cancellationToken))
            {
                return null;
            }

            timeouts.AddRange(model.Clients.SettingsOf(part, "Timeout", cancellationToken));
        }

        return timeouts;
    }

    /// <summary>What the creation is given that carries requests, or may.</summary>
    public IEnumerable<IOperation> PartsOf(IOperation creation, CancellationToken cancellationToken)
    {
        IEnumerable<IOperation> given = GivenTo(creation);
        IEnumerable<IOperation> inOptions = given
            .Where(value => value.Type?.Name.EndsWith("Options", StringComparison.Ordinal) == true)
            .SelectMany(options => model.Values.OriginsOf(options, call: null, cancellationToken))
            .SelectMany(origin => GivenTo(origin.Operation));
        return given.Concat(inOptions).Where(MayCarryRequests);
    }

    private static IEnumerable<IOperation> GivenTo(IOperation creation)
    {
        (IEnumerable<IArgumentOperation> arguments, IObjectOrCollectionInitializerOperation? initializer) = creation switch
        {
            IObjectCreationOperation made => (made.Arguments.AsEnumerable(), made.Initializer),
            IInvocationOperation call => (call.Arguments.AsEnumerable(), null),
            _ => ([], null),
        };
        return arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit).Select(argument => argument.Value)
            .Concat(initializer?.Initializers.OfType<ISimpleAssignmentOperation>().Select(assignment => assignment.Value) ?? [])
            .Where(value => value.ConstantValue is not { HasValue: true, Value: null })
            .Select(value => value is IConversionOperation { IsImplicit: true, Operand: { Type: not null } operand } ? operand : value);
    }

    private static bool MayCarryRequests(IOperation value)
        => value is IDelegateCreationOperation
            || value.Type is { TypeKind: TypeKind.Delegate }
            || Carries(value.Type)
            || (value.Type is INamedTypeSymbol { TypeArguments: var arguments } && arguments.Any(Carries))
            || (value.Type is IArrayTypeSymbol { ElementType: var element } && Carries(element));

    private static bool Carries(ITypeSymbol? type) => type.IsWithin("System.Net.Http");

    private bool IsPlain(IOperation part, CancellationToken cancellationToken)
        => part.Type.HasFullName("System.Net.Http", "HttpClient")
            && model.Clients.InstancesOf(part, cancellationToken) is { Count: > 0 } clients
            && clients.All(client => model.Clients.HasPlainTransport(client, part, cancellationToken));
}
