namespace OpenClaw.Analyzers.Gateway;

/// <summary>A URL as far as the sources spell it out. A part that they do not tell is a hole.</summary>
internal readonly struct UrlText
{
    /// <summary>Stands for text that is known at run time only.</summary>
    public const char Hole = '\0';

    private static readonly char[] PathEnds = ['?', '#'];

    private UrlText(string? host, int? port, string[] segments, bool isAbsolute, bool isWebSocket)
    {
        Host = host;
        Port = port;
        Segments = segments;
        IsAbsolute = isAbsolute;
        IsWebSocket = isWebSocket;
    }

    /// <summary>The host name in lower case; null where it is not known.</summary>
    public string? Host { get; }

    public int? Port { get; }

    /// <summary>The segments of the path in lower case, without empty ones; a segment that is not known is a hole.</summary>
    public string[] Segments { get; }

    /// <summary>Whether the text starts with a scheme and a host, known or not.</summary>
    public bool IsAbsolute { get; }

    public bool IsWebSocket { get; }

    public static UrlText Parse(string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        bool isWebSocket = text.StartsWith("ws", StringComparison.OrdinalIgnoreCase) && scheme is 2 or 3;
        string rest = scheme < 0 ? text : text.Substring(scheme + 3);
        int end = rest.IndexOfAny(PathEnds);
        rest = end < 0 ? rest : rest.Substring(0, end);

        // "{baseUrl}/v1/…": what stands before the first slash is a base address that the code does not tell.
        bool startsWithHole = scheme < 0 && rest.Length > 0 && rest[0] == Hole;
        string? authority = null;
        if (scheme >= 0 || startsWithHole)
        {
            int slash = rest.IndexOf('/');
            authority = slash < 0 ? rest : rest.Substring(0, slash);
            rest = slash < 0 ? "" : rest.Substring(slash);
        }

        (string? host, int? port) = SplitAuthority(authority);
        string[] segments = [.. rest.ToLowerInvariant().Split('/').Where(segment => segment.Length > 0)];
        return new UrlText(host, port, segments, authority is not null, isWebSocket);
    }

    /// <summary>The URL with other parts in the place of its own, where they are given.</summary>
    public static string WithParts(string url, string? host, string? port, string? path)
    {
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        int start = scheme < 0 ? 0 : scheme + 3;
        int slash = url.IndexOf('/', start);
        string authority = slash < 0 ? url.Substring(start) : url.Substring(start, slash - start);
        string rest = slash < 0 ? "" : url.Substring(slash);
        int colon = authority.LastIndexOf(':');
        host ??= colon < 0 ? authority : authority.Substring(0, colon);
        port ??= colon < 0 ? null : authority.Substring(colon + 1);
        return url.Substring(0, start) + host + (port is null ? "" : ":" + port) + (path is null ? rest : "/" + path.TrimStart('/'));
    }

    /// <summary>Whether the path ends in these segments; a hole stands for none of them.</summary>
    public bool EndsWith(params string[] segments)
    {
        int offset = Segments.Length - segments.Length;
        if (offset < 0)
        {
            return false;
        }

        for (int i = 0; i < segments.Length; i++)
        {
            if (Segments[offset + i] != segments[i])
            {
                return false;
            }
        }

        return true;
    }

    private static (string? Host, int? Port) SplitAuthority(string? authority)
    {
        if (authority is null)
        {
            return (null, null);
        }

        int user = authority.LastIndexOf('@');
        string hostAndPort = authority.Substring(user + 1);
        int colon = hostAndPort.LastIndexOf(':');
        int? port = colon >= 0 && int.TryParse(hostAndPort.Substring(colon + 1), out int number) ? number : null;
        string host = port is null ? hostAndPort : hostAndPort.Substring(0, colon);
        bool known = host.Length > 0 && host.IndexOf(Hole) < 0;
        return (known ? host.ToLowerInvariant() : null, port);
    }
}
