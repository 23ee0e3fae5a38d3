using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>The client catalogue resolved for one compilation. A library that is not referenced is an empty set.</summary>
internal sealed class GatewaySymbols
{
    private readonly Dictionary<string, IReadOnlyList<(INamedTypeSymbol Type, ClientEntry Client, CallEntry Call)>> _callsByName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<IMethodSymbol, (ClientEntry Client, CallEntry Call)?> _known = new(SymbolEqualityComparer.Default);
    private readonly IReadOnlyList<(INamedTypeSymbol Type, ClientEntry Client)> _clients;

    public GatewaySymbols(Compilation compilation)
    {
        _clients = [.. ClientCatalog.Entries.SelectMany(client => Resolve(compilation, client).Select(type => (type, client)))];
        foreach (var group in _clients
            .SelectMany(pair => pair.Client.Calls.Select(call => (pair.Type, pair.Client, Call: call)))
            .GroupBy(row => row.Call.Name, StringComparer.Ordinal))
        {
            _callsByName.Add(group.Key, [.. group]);
        }
    }

    /// <summary>The names of all calls in the catalogue: the test that spares every other invocation its binding.</summary>
    public static ImmutableHashSet<string> CallNames { get; } =
        ClientCatalog.Entries.SelectMany(client => client.Calls).Select(call => call.Name).ToImmutableHashSet(StringComparer.Ordinal);

    /// <summary>Whether a client of a library that the compilation refers to has a call of this name.</summary>
    public bool HasCall(string name) => _callsByName.ContainsKey(name);

    /// <summary>The names of the calls that the compilation can make.</summary>
    public IEnumerable<string> KnownCallNames => _callsByName.Keys;

    /// <summary>The names of all client types without their arity, for the same test at object creations.</summary>
    public static ImmutableHashSet<string> ClientNames { get; } =
        ClientCatalog.Entries.Select(client => SimpleName(client.Type)).ToImmutableHashSet(StringComparer.Ordinal);

    /// <summary>The catalogue's row for a method, also when it is called on a derived or implementing type.</summary>
    public bool TryGetCall(IMethodSymbol method, out ClientEntry client, out CallEntry call)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        (ClientEntry, CallEntry)? found = _known.GetOrAdd(method, Find);
        (client, call) = found.GetValueOrDefault();
        return found is not null;
    }

    /// <summary>The catalogue's row for a client type: the row of the type itself before that of a base or interface.</summary>
    public ClientEntry? FindClient(ITypeSymbol? type)
    {
        ClientEntry? inherited = null;
        foreach ((INamedTypeSymbol known, ClientEntry client) in _clients)
        {
            if (type is not null && known.Equals(type.OriginalDefinition, SymbolEqualityComparer.Default))
            {
                return client;
            }

            inherited ??= type is not null && type.IsOrInherits(known) ? client : null;
        }

        return inherited;
    }

    private static IEnumerable<INamedTypeSymbol> Resolve(Compilation compilation, ClientEntry client)
        => compilation.GetTypesByMetadataName(client.Type)
            .Where(type => client.Assembly is null || type.ContainingAssembly.Name == client.Assembly);

    private static string SimpleName(string metadataName)
    {
        string name = metadataName.Substring(metadataName.LastIndexOf('.') + 1);
        int arity = name.IndexOf('`');
        return arity < 0 ? name : name.Substring(0, arity);
    }

    private (ClientEntry, CallEntry)? Find(IMethodSymbol method)
    {
        if (method.ContainingType is null || !_callsByName.TryGetValue(method.Name, out var rows))
        {
            return null;
        }

        foreach ((INamedTypeSymbol type, ClientEntry client, CallEntry call) in rows)
        {
            if (method.ContainingType.IsOrInherits(type))
            {
                return (client, call);
            }
        }

        return null;
    }
}
