using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.CheckpointSteps>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>What a step stores: only what the serializer writes and reads back the same.</summary>
public sealed class StepResultTests
{
    private const string Types = """
        record Plan(string Title, int Steps, Plan? Next) { public bool IsLong => Steps > 10; }
        class Note { public string Text { get; set; } = ""; public List<string> Tags { get; set; } = new(); public Dictionary<string, double> Scores { get; init; } = new(); }
        struct Mark { public int Value { get; set; } }
        class Hidden { public string Text { get; private set; } = ""; }
        class Ignored { public string Text { get; set; } = ""; [System.Text.Json.Serialization.JsonIgnore] public int Score { get; set; } }
        class Titled : List<string> { public string Title { get; set; } = ""; }
        class Fields { public string Text = ""; }
        class Partly { public string Text { get; set; } = ""; private readonly List<string> _seen = new(); public int Seen => _seen.Count; }
        class Derived : Note { }
        abstract class Shape { public int Sides { get; set; } }
        class Holder { public object Value { get; set; } = ""; }
        class Open { public Stream Content { get; set; } = Stream.Null; }
        """;

    [Theory]
    [InlineData("string")]
    [InlineData("int")]
    [InlineData("bool?")]
    [InlineData("double")]
    [InlineData("Guid")]
    [InlineData("DateTimeOffset")]
    [InlineData("DayOfWeek")]
    [InlineData("Uri")]
    [InlineData("string[]")]
    [InlineData("List<string>")]
    [InlineData("IReadOnlyList<Note>")]
    [InlineData("Dictionary<string, Plan>")]
    [InlineData("Plan")]
    [InlineData("Note")]
    [InlineData("Mark")]
    public Task What_survives_is_stored(string type) => Verifier.FixedAsync(
        Loop(type, "{|OCG1301:GetAsync|}(part, cancellationToken)", "", ""),
        Loop(
            type,
            "run.StepAsync(StepName.ForItem(\"found\", part), (_, ct) => GetAsync(part, ct), cancellationToken)",
            "await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"Researcher.Research\", topic), cancellationToken);\n",
            "await run.CompleteAsync(cancellationToken);\n"));

    [Theory]
    [InlineData("(string Answer, int Score)")]
    [InlineData("ValueTuple<string, int>")]
    [InlineData("List<(string, int)>")]
    [InlineData("object")]
    [InlineData("Stream")]
    [InlineData("HttpResponseMessage")]
    [InlineData("ChatCompletion")]
    [InlineData("Hidden")]
    [InlineData("Ignored")]
    [InlineData("Titled")]
    [InlineData("Fields")]
    [InlineData("Partly")]
    [InlineData("Derived")]
    [InlineData("Shape")]
    [InlineData("Holder")]
    [InlineData("Open")]
    [InlineData("Task<string>")]
    [InlineData("IEnumerable<string>")]
    [InlineData("IAsyncEnumerable<string>")]
    [InlineData("Func<string>")]
    public Task What_does_not_come_back_is_not_stored(string type)
        => Verifier.NotFixableAsync(Loop(type, "{|OCG1301:GetAsync|}(part, cancellationToken)", "", ""));

    [Fact]
    public Task A_turn_without_a_result_is_a_step_that_has_run() => Verifier.FixedAsync(
        AgentCode.InMethod(
            """
            var notes = new List<string>();
            foreach (string part in topic.Split(','))
            {
                await {|OCG1301:TellAsync|}(part, cancellationToken);
                notes.Add(await AskAsync(part, cancellationToken));
            }

            return notes[0];
            """,
            members: "private async Task TellAsync(string text, CancellationToken cancellationToken) => await AskAsync(text, cancellationToken);"),
        AgentCode.InMethod(
            """
            var notes = new List<string>();
            await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
            foreach (string part in topic.Split(','))
            {
                await run.StepAsync(StepName.ForItem("tell", part), (_, ct) => TellAsync(part, ct), cancellationToken);
                notes.Add(await run.StepAsync(StepName.ForItem("ask", part), (_, ct) => AskAsync(part, ct), cancellationToken));
            }

            await run.CompleteAsync(cancellationToken);
            return notes[0];
            """,
            members: "private async Task TellAsync(string text, CancellationToken cancellationToken) => await AskAsync(text, cancellationToken);"));

    [Theory]
    [InlineData("ChatCompletion reply", "var reply", "((ChatCompletion)(await CALL)).Content[0].Text", "reply.Content[0].Text")]
    [InlineData("var reply", "var reply", "(await CALL).Value.Content[0].Text", "reply.Value.Content[0].Text")]
    [InlineData("ChatCompletion @event", "var @event", "((ChatCompletion)(await CALL)).Content[0].Text", "@event.Content[0].Text")]
    public Task The_text_of_a_completion_is_taken_inside_the_step(string declaration, string fixedDeclaration, string taken, string use)
    {
        string variable = declaration.Split(' ')[1];
        string name = variable.TrimStart('@');
        string Code(string opening, string first, string second, string end) => AgentCode.InMethod(
            $"var notes = new List<string>();\n{opening}foreach (string part in topic.Split(','))\n{{\n    {first};\n    Console.WriteLine({second});\n    notes.Add({second}.Trim());\n}}\n\n{end}return notes[0];");
        const string Turn = "GatewayPipeline.Shared.{|OCG1301:ExecuteAsync|}(ct => _chat.CompleteChatAsync(new ChatMessage[] { new UserChatMessage(part) }, cancellationToken: ct), cancellationToken)";
        string call = Turn.Replace("{|OCG1301:ExecuteAsync|}", "ExecuteAsync", StringComparison.Ordinal).Replace("ct), cancellationToken)", "ct), ct2)", StringComparison.Ordinal);
        return Verifier.FixedAsync(
            Code("", $"{declaration} = await {Turn}", use, ""),
            Code(
                "await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"Researcher.Research\", topic), cancellationToken);\n",
                $"{fixedDeclaration} = await run.StepAsync(StepName.ForItem(\"{name}\", part), async (_, ct2) => {taken.Replace("CALL", call, StringComparison.Ordinal)}, cancellationToken)",
                variable,
                "await run.CompleteAsync(cancellationToken);\n"));
    }

    [Theory]
    [InlineData("notes.Add((await {|OCG1301:GetAsync|}(part)).Content[0].Text);", "notes.Add(await STEP);")]
    [InlineData("notes.Add((await {|OCG1301:GetAsync|}(part)).Content[0].Text.Trim());", "notes.Add((await STEP).Trim());")]
    [InlineData("notes.Add((await {|OCG1301:GetAsync|}(part)).Content[0].Text?.Trim() ?? part);", "notes.Add((await STEP)?.Trim() ?? part);")]
    [InlineData("notes.Add(part + (await {|OCG1301:GetAsync|}(part)).Content[0].Text);", "notes.Add(part + await STEP);")]
    public Task A_part_that_is_taken_at_once_moves_along(string statement, string fixedStatement)
    {
        const string Members = """
            private async Task<ChatCompletion> GetAsync(string part)
                => await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(new ChatMessage[] { new UserChatMessage(part) }, cancellationToken: ct));
            """;
        string step = "run.StepAsync(StepName.ForItem(\"get\", part), async (_, _) => (await GetAsync(part)).Content[0].Text, cancellationToken)";
        string Code(string opening, string line, string end) => AgentCode.InMethod(
            $"var notes = new List<string>();\n{opening}foreach (string part in topic.Split(','))\n{{\n    {line}\n}}\n\n{end}return notes[0];", members: Members);
        return Verifier.FixedAsync(
            Code("", statement, ""),
            Code(
                "await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"Researcher.Research\", topic), cancellationToken);\n",
                fixedStatement.Replace("STEP", step, StringComparison.Ordinal),
                "await run.CompleteAsync(cancellationToken);\n"));
    }

    [Theory]
    [InlineData("notes.Add(reply.Content[0].Text); Console.WriteLine(reply.FinishReason);")]
    [InlineData("notes.Add(reply.Content[0].Text); Console.WriteLine(reply);")]
    [InlineData("for (int i = 0; i < 2; i++) notes.Add(reply.Content[i].Text);")]
    [InlineData("notes.Add(reply.Content[part.Length].Text);")]
    [InlineData("if (part.Length > 3) { notes.Add(reply.Content[0].Text); }")]
    [InlineData("notes.Add(part.Length > 3 ? reply.Content[0].Text : part);")]
    [InlineData("if (part.Length > 3 && reply.Content[0].Text.Length > 0) { notes.Add(reply.Content[0].Text); }")]
    [InlineData("Func<string> text = () => reply.Content[0].Text; notes.Add(text());")]
    [InlineData("notes.Add(reply.Content[0].ToString()!);")]
    [InlineData("notes.Add(reply.Content[0].Text); reply = null!;")]
    public Task Where_more_is_taken_or_not_always_the_completion_would_have_to_be_stored(string uses) => Verifier.NotFixableAsync(AgentCode.InMethod(
        $$"""
        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            ChatCompletion reply = await GatewayPipeline.Shared.{|OCG1301:ExecuteAsync|}(ct => _chat.CompleteChatAsync(new ChatMessage[] { new UserChatMessage(part) }, cancellationToken: ct), cancellationToken);
            {{uses}}
        }

        return notes[0];
        """));

    [Theory]
    [InlineData("HttpResponseMessage response", "notes.Add(response.StatusCode.ToString());")]
    [InlineData("using HttpResponseMessage response", "notes.Add(response.ReasonPhrase!);")]
    public Task A_response_holds_a_connection_and_does_not_stay_behind_in_a_step(string declaration, string use) => Verifier.NotFixableAsync(AgentCode.InMethod(
        $$"""
        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            {{declaration}} = await {|OCG1301:PostAsync|}(part, cancellationToken);
            {{use}}
        }

        return notes[0];
        """,
        members: """
        private readonly HttpClient _http = new();
        private async Task<HttpResponseMessage> PostAsync(string part, CancellationToken cancellationToken)
        {
            await AskAsync(part, cancellationToken);
            return await _http.GetAsync("https://example.org/" + part, cancellationToken);
        }
        """));

    private static string Loop(string type, string turn, string opening, string completion) => AgentCode.InMethod(
        $$"""
        var all = new List<{{type}}>();
        {{opening}}foreach (string part in topic.Split(','))
        {
            {{type}} found = await {{turn}};
            all.Add(found);
        }

        {{completion}}return all.Count.ToString();
        """,
        members: $$"""
        private async Task<{{type}}> GetAsync(string part, CancellationToken cancellationToken)
        {
            string answer = await AskAsync(part, cancellationToken);
            return Parse<{{type}}>(answer);
        }

        private static T Parse<T>(string text) => throw new FormatException(text);
        """,
        types: Types);
}
