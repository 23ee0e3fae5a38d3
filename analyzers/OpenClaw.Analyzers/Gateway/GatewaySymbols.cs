using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>The client catalogue resolved for one compilation. A library that is not referenced is an empty set.</summary>
internal sealed class GatewaySymbols
{
    // With the row of the catalogue. A library's symbols outlive the compilation: after an edit only the project's own types are looked up again.
    private static readonly ConditionalWeakTable<IAssemblySymbol, IReadOnlyList<(int Row, INamedTypeSymbol Type)>> TypesByAssembly = new();

    private readonly Dictionary<string, IReadOnlyList<(INamedTypeSymbol Type, ClientEntry Client, CallEntry Call)>> _callsByName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<IMethodSymbol, (ClientEntry Client, CallEntry Call)?> _known = new(SymbolEqualityComparer.Default);
    private readonly IReadOnlyList<(INamedTypeSymbol Type, ClientEntry Client)> _clients;

    public GatewaySymbols(Compilation compilation, WorkCounters work)
    {
        IAssemblySymbol[] assemblies = [compilation.Assembly, .. compilation.SourceModule.ReferencedAssemblySymbols];
        _clients =
        [
            .. assemblies
                .SelectMany(assembly => TypesByAssembly.GetValue(assembly, assembly => ClientsOf(assembly, work)))
                .OrderBy(found => found.Row)
                .Select(found => (found.Type, ClientCatalog.Entries[found.Row])),
        ];
        foreach (var group in _clients
            .SelectMany(pair => pair.Client.Calls.Select(call => (pair.Type, pair.Client, Call: call)))
            .GroupBy(row => row.Call.Name, StringComparer.Ordinal))
        {
            _callsByName.Add(group.Key, [.. group]);
        }
    }

    /// <summary>Whether the compilation refers to a library that has clients.</summary>
    public bool HasClients => _clients.Count > 0;

    /// <summary>Whether a client of a library that the compilation refers to has a call of this name.</summary>
    public bool HasCall(string name) => _callsByName.ContainsKey(name);

    /// <summary>The first words of the namespaces in which a call is named by one everyday word, such as <c>Create</c>.</summary>
    public static HashSet<string> LibrariesToName { get; } =
        new(ClientCatalog.Entries.Where(client => client.Calls.Any(call => IsEveryday(call.Name))).Select(client => LibraryOf(client.Type)), StringComparer.Ordinal);

    /// <summary>
    /// The names of the calls that sources can make which name these libraries. A word that every program uses counts where the sources name its library:
    /// else a package that is referred to and not used would have all calls of that word bound.
    /// </summary>
    public IEnumerable<string> CallNamesIn(ICollection<string> namedLibraries)
        => _callsByName
            .Where(calls => !IsEveryday(calls.Key) || calls.Value.Any(row => LibraryOf(row.Client.Type) is var library && (library == "System" || namedLibraries.Contains(library))))
            .Select(calls => calls.Key);

    /// <summary>The names of all client types without their arity, for the same test at object creations.</summary>
    public static HashSet<string> ClientNames { get; } = new(ClientCatalog.Entries.Select(client => SimpleName(client.Type)), StringComparer.Ordinal);

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

    private static bool IsEveryday(string name) => name.Skip(1).All(char.IsLower);

    private static string LibraryOf(string type) => type.Substring(0, type.IndexOf('.'));

    private static List<(int Row, INamedTypeSymbol Type)> ClientsOf(IAssemblySymbol assembly, WorkCounters work)
    {
        List<(int, INamedTypeSymbol)> found = [];
        for (int row = 0; row < ClientCatalog.Entries.Count; row++)
        {
            ClientEntry client = ClientCatalog.Entries[row];
            if ((client.Assembly is null || client.Assembly == assembly.Name) && work.LookUp(client.Type, assembly) is { } type)
            {
                found.Add((row, type));
            }
        }

        return found;
    }

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
