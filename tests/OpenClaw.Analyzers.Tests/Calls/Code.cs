namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>The code around what a test is about.</summary>
internal static class Code
{
    /// <summary>Statements in an asynchronous method of a program with an injected chat client, an HTTP client of its own and a token.</summary>
    public static string InMethod(string statements, string members = "", bool fixedCode = false, string returns = "async Task") => $$"""
        using OpenAI.Chat;{{(fixedCode ? "\nusing OpenClaw.Resilience;" : "")}}

        class Agent
        {
            private readonly ChatClient _chat;
            private readonly HttpClient _http = new();

            public Agent(ChatClient chat) => _chat = chat;

            public {{returns}} RunAsync(List<ChatMessage> messages, CancellationToken cancellationToken)
            {
        {{Indent(statements, 8)}}
            }
        {{(members.Length == 0 ? "" : "\n" + Indent(members, 4) + "\n")}}
            static void Main() { }
        }
        """;

    /// <summary>Members of a program's class, with the directives that most sources need.</summary>
    public static string InClass(string members, string usings = "using OpenAI.Chat;", string baseType = "", string kind = "class") => $$"""
        {{usings}}

        {{kind}} Agent{{baseType}}
        {
        {{Indent(members, 4)}}

            static void Main() { }
        }
        """;

    private static string Indent(string code, int spaces)
        => string.Join('\n', code.Split('\n').Select(line => line.Length == 0 || line[0] == '#' ? line : new string(' ', spaces) + line));
}
