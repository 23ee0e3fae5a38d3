namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>Sources around a call of a client library.</summary>
internal static class LibraryCode
{
    /// <summary>Statements in an asynchronous method of a program that gets a token from its host.</summary>
    public static string InMethod(string usings, string statements, string members = "") => $$"""
        {{Usings(usings)}}

        class Agent
        {
            public async Task RunAsync(CancellationToken cancellationToken)
            {
        {{TimeoutCode.Indented(statements, 8)}}
            }
        {{(members.Length == 0 ? "" : "\n" + TimeoutCode.Indented(members, 4) + "\n")}}
            static void Main() { }
        }
        """;

    private static string Usings(string names) => string.Join('\n', names.Split(' ').Select(name => $"using {name};"));
}
