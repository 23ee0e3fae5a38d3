using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.CheckpointSteps>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>Code that a run or a step would break, or whose work a skipped step would lose.</summary>
public sealed class RefusalTests
{
    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("private async Task<string> TurnAsync(string text) { string answer = await AskAsync(text); _seen.Add(answer); return answer; }")]
    [InlineData("private async Task<string> TurnAsync(string text) { _count++; return await AskAsync(text); }")]
    [InlineData("private async Task<string> TurnAsync(string text) { _last = await AskAsync(text); return _last; }")]
    [InlineData("private async Task<string> TurnAsync(string text) { string answer = await AskAsync(text); Remember(answer); return answer; } private void Remember(string text) => _seen.Add(text);")]
    [InlineData("private async Task<string> TurnAsync(string text) { string answer = await AskAsync(text); _memory.Keep(answer); return answer; } private readonly Memory _memory = new();")]
    [InlineData("private async Task<string> TurnAsync(string text) { Interlocked.Increment(ref _count); return await AskAsync(text); }")]
    [InlineData("private async Task<string> TurnAsync(string text) { s_total += text.Length; return await AskAsync(text); } private static int s_total;")]
    [InlineData("private async Task<string> TurnAsync(string text) { Changed += () => { }; return await AskAsync(text); } private event Action? Changed; public void Raise() => Changed?.Invoke();")]
    public Task A_turn_that_changes_its_object_must_not_be_skipped(string turn) => NotFixableAsync(
        """
        string last = topic;
        while (last != "done")
        {
            last = await {|OCG1301:TurnAsync|}(last);
        }

        return last;
        """,
        turn + " private readonly List<string> _seen = new(); private int _count; private string _last = \"\"; public string All => _last + _count + _seen.Count;");

    [Theory]
    [InlineData("history", "private async Task<string> TurnAsync(List<string> history) { string answer = await AskAsync(history[0]); history.Add(answer); return answer; }")]
    [InlineData("history", "private async Task<string> TurnAsync(List<string> history) { string answer = await AskAsync(history[0]); history[0] = answer; return answer; }")]
    [InlineData("history", "private async Task<string> TurnAsync(List<string> history) { Tools.Prepare(history); return await AskAsync(history[0]); }")]
    [InlineData("state", "private async Task<string> TurnAsync(State state) { state.Answer = await AskAsync(state.Answer); return state.Answer; }")]
    public Task A_turn_that_changes_its_argument_must_not_be_skipped(string argument, string turn) => NotFixableAsync(
        $$"""
        var history = new List<string> { topic };
        var state = new State();
        var all = new List<string>();
        while (all.Count < 20)
        {
            all.Add(await {|OCG1301:TurnAsync|}({{argument}}));
        }

        return all[0] + state.Answer;
        """,
        turn);

    [Theory]
    [InlineData("GatewayPipeline.Shared.{|OCG1301:ExecuteAsync|}(async ct => { string text = await AskAsync(last, ct); all.Add(text); return text; }, cancellationToken)")]
    [InlineData("GatewayPipeline.Shared.{|OCG1301:ExecuteAsync|}(async ct => { number++; return await AskAsync(last, ct); }, cancellationToken)")]
    public Task A_lambda_that_changes_what_is_around_it_must_not_be_skipped(string turn) => NotFixableAsync(
        $$"""
        var all = new List<string>();
        int number = 0;
        string last = topic;
        while (last != "done")
        {
            last = await {{turn}};
        }

        return last + number + all.Count;
        """);

    [Fact]
    public Task What_the_caller_does_with_the_answer_is_not_skipped() => Verifier.FixedAsync(
        AgentCode.InMethod(Session("", "await {|OCG1301:AskAsync|}(string.Join(\"\\n\", history), cancellationToken)", "")),
        AgentCode.InMethod(Session(
            "await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"Researcher.Research\", topic), cancellationToken);\n",
            "await run.StepAsync(\"answer\", (_, ct) => AskAsync(string.Join(\"\\n\", history), ct), cancellationToken)",
            "await run.CompleteAsync(cancellationToken);\n")));

    [Theory]
    [InlineData("foreach (var part in topic.Split(',').Select(text => new { text })) { notes.Add(await {|OCG1301:AskAsync|}(part.text)); }")]
    [InlineData("foreach (List<string> part in topic.Split(',').Select(text => new List<string> { text })) { notes.Add(await {|OCG1301:AskAsync|}(part[0])); }")]
    [InlineData("foreach ((string text, int i) in topic.Split(',').Select((text, i) => (text, i))) { notes.Add(await {|OCG1301:AskAsync|}(text + i)); }")]
    [InlineData("var pages = topic.Split(',').Select(text => new Page(text)).ToList(); for (int i = 0; i < pages.Count; i++) { notes.Add(await {|OCG1301:AskAsync|}(pages[i].Content)); }")]
    [InlineData("var open = new Queue<Page>(); open.Enqueue(new Page(topic)); while (open.Count > 0) { var page = open.Dequeue(); notes.Add(await {|OCG1301:AskAsync|}(page.Content)); }")]
    [InlineData("var open = new Stack<Page>(); open.Push(new Page(topic)); while (open.Count > 0) { notes.Add(await {|OCG1301:AskAsync|}(open.Pop().Content)); }")]
    public Task Items_without_an_identity_have_a_position_only(string loop)
        => NotFixableAsync("var notes = new List<string>();\n" + loop + "\nreturn notes[0];");

    [Theory]
    [InlineData("foreach (string part in await LoadAsync(topic))", "part", "part")]
    [InlineData("foreach (Item item in Items(topic))", "item.Text", "item.Id")]
    [InlineData("foreach (var pair in Items(topic).ToDictionary(item => item.Text))", "pair.Key", "pair.Key")]
    [InlineData("for (int i = 0; i < parts.Length; i++)", "parts[i]", "parts[i]")]
    public Task Items_are_named_by_what_they_are(string loop, string text, string key)
    {
        const string Members = """
            private static Task<string[]> LoadAsync(string name) => File.ReadAllLinesAsync(name);
            private static List<Item> Items(string name) => new() { new Item { Text = name } };
            """;
        string Code(string opening, string call, string end) => AgentCode.InMethod(
            $"string[] parts = topic.Split(',');\nvar notes = new List<string>();\n{opening}{loop}\n{{\n    notes.Add(await {call});\n}}\n\n{end}return notes[0] + parts[0];",
            members: Members,
            types: "class Item { public Guid Id { get; set; } public string Text { get; set; } = \"\"; }");
        return Verifier.FixedAsync(
            Code("", $"{{|OCG1301:AskAsync|}}({text}, cancellationToken)", ""),
            Code(
                "await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"Researcher.Research\", topic), cancellationToken);\n",
                $"run.StepAsync(StepName.ForItem(\"ask\", {key}), (_, ct) => AskAsync({text}, ct), cancellationToken)",
                "await run.CompleteAsync(cancellationToken);\n"));
    }

    [Theory]
    [InlineData("while (DateTime.UtcNow.Hour < 12) { last = await {|OCG1301:AskAsync|}(last); }")]
    [InlineData("while (last != \"\") { if (Random.Shared.Next(2) == 0) last = await {|OCG1301:AskAsync|}(last); }")]
    [InlineData("while (last != \"\") { bool lucky = Random.Shared.NextDouble() < 0.5; if (lucky) { last = await {|OCG1301:AskAsync|}(last); } }")]
    [InlineData("var watch = System.Diagnostics.Stopwatch.StartNew(); while (watch.Elapsed < TimeSpan.FromHours(1)) { last = await {|OCG1301:AskAsync|}(last); }")]
    [InlineData("while (last != \"\") { last = Environment.TickCount64 % 2 == 0 ? await {|OCG1301:AskAsync|}(last) : last + \"?\"; }")]
    [InlineData("while (last != \"\") { switch (DateTime.Now.DayOfWeek) { case DayOfWeek.Monday: last = await {|OCG1301:AskAsync|}(last); break; } }")]
    [InlineData("while (last != \"\") { last = await {|OCG1301:AskAsync|}(last); if (TimeProvider.System.GetUtcNow().Hour > 20) { break; } }")]
    public Task A_step_that_runs_by_the_clock_or_a_die_may_not_be_asked_for_again(string loop)
        => NotFixableAsync("string last = topic;\n" + loop + "\nreturn last;");

    [Theory]
    [InlineData("while (last != \"\") { using var file = File.OpenRead(last); last = await {|OCG1301:AskAsync|}(last); Console.WriteLine(file.Length); }")]
    [InlineData("while (last != \"\") { using (File.OpenRead(last)) { last = await {|OCG1301:AskAsync|}(last); } }")]
    [InlineData("last = await {|OCG1301:AskAsync|}(last); last = await AskAsync(last); using var file = File.OpenRead(last); last = await AskAsync(last); last = await AskAsync(last); last = await AskAsync(last); last = await AskAsync(last); Console.WriteLine(file.Length);")]
    public Task A_resource_does_not_span_steps(string loop)
        => NotFixableAsync("string last = topic;\n" + loop + "\nreturn last;");

    [Theory]
    [InlineData("again: while (last != \"\") { last = await {|OCG1301:AskAsync|}(last); if (last == \"x\") goto again; } return last;")]
    [InlineData("while (last != \"\") { last = await {|OCG1301:AskAsync|}(last); if (last == \"x\") goto end; } end: return last;")]
    [InlineData("while (last != \"\") {\n#if DEBUG\n Console.WriteLine(last);\n#endif\n last = await {|OCG1301:AskAsync|}(last); } return last;")]
    [InlineData("while (last != \"\") { last = {|OCG1301:AskAsync|}(last).Result; } return last + await AskAsync(last);")]
    [InlineData("if (topic != \"\") while (last != \"\") { last = await {|OCG1301:AskAsync|}(last); } return last;")]
    [InlineData("while (last.Length < 100) { string next = last; while (next != \"\") { next = await {|OCG1301:AskAsync|}(next); } last += \".\"; } return last;")]
    [InlineData("string next = topic; while (Console.ReadLine() is { } line) { foreach (string word in line.Split(' ')) { next = await {|OCG1301:AskAsync|}(word + next); } } return next;")]
    [InlineData("switch (topic) { default: while (last != \"\") { last = await {|OCG1301:AskAsync|}(last); } break; } return last;")]
    [InlineData("await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"mine\", topic)); while (last != \"\") { last = await {|OCG1301:AskAsync|}(last); } await run.CompleteAsync(); return last;")]
    public Task Where_a_run_cannot_be_put_around_the_turns_there_is_no_fix(string code)
        => NotFixableAsync("string last = topic;\n" + code);

    [Theory]
    [InlineData("for (int i = 0; i < 9; i++) { for (int attempt = 0; attempt < 3; attempt++) { try { string a = await {|OCG1301:AskAsync|}(last); last = await AskAsync(a); break; } catch (HttpRequestException) { await Backoff.DelayAsync(attempt); } } } return last;")]
    [InlineData("for (int attempt = 0; attempt < 3; attempt++) { try { for (int i = 0; i < 9; i++) { last = await {|OCG1301:AskAsync|}(last); } return last; } catch (HttpRequestException) { await Backoff.DelayAsync(attempt); } } return last;")]
    public Task A_retry_of_several_steps_would_ask_for_finished_ones_as_if_they_were_new(string code)
        => NotFixableAsync("string last = topic;\n" + code);

    [Theory]
    [InlineData("string last = topic; for (int i = 0; i < 9; i++) { last = await {|OCG1301:AskAsync|}(last); (bool good, int score) = await ScoreAsync(last); if (good && score > 0) { return last; } } return last;")]
    [InlineData("string last = topic; do { last = await {|OCG1301:AskAsync|}(last); } while (await ScoreAsync(last) is (true, > 0)); return last;")]
    public Task A_turn_between_that_cannot_be_stored_may_lead_elsewhere_the_next_time(string code) => NotFixableAsync(
        code, members: "private async Task<(bool Good, int Score)> ScoreAsync(string text) => ((await AskAsync(text)).Length > 3, 1);");

    [Theory]
    [InlineData("Console.WriteLine(Guid.NewGuid() + topic + await {|OCG1301:AskAsync|}($\"{++number}\"));")]
    [InlineData("last = number > 3 ? last : await {|OCG1301:AskAsync|}($\"{++number}\");")]
    public Task Effects_in_arguments_that_cannot_be_evaluated_first_stay_where_they_are(string statement) => NotFixableAsync(
        $$"""
        string last = topic;
        int number = 0;
        while (last != "done")
        {
            {{statement}}
            last = await AskAsync(last);
        }

        return last + number;
        """);

    [Theory]
    [InlineData("public async IAsyncEnumerable<string> ResearchAsync(string topic)", "yield return last;")]
    [InlineData("public Func<string, Task> Research() => async topic =>", "")]
    public Task Iterators_and_lambdas_have_no_end_of_their_own(string signature, string extra)
    {
        string code = AgentCode.InMethod($"string last = \"go\"; while (last != \"\") {{ last = await {{|OCG1301:AskAsync|}}(last); }} {extra}", signature: signature);
        return Verifier.NotFixableAsync(extra.Length > 0 ? code : code.Replace("    }\n\n    \n\n", "    };\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public Task A_local_function_that_takes_data_from_the_method_around_it_has_inputs_without_a_name() => NotFixableAsync(
        """
        string style = await File.ReadAllTextAsync("style.txt");
        return await WriteAsync(topic);

        async Task<string> WriteAsync(string text)
        {
            while (text != "")
            {
                text = await {|OCG1301:AskAsync|}(text + style);
            }

            return text;
        }
        """);

    [Fact]
    public Task Top_level_statements_have_no_inputs_to_be_named_by() => Verifier.NotFixableAsync(
        """
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        var chat = new ChatClient("m", "k");
        string last = "start";
        while (last != "done")
        {
            last = await {|OCG1301:AskAsync|}(last);
        }

        Task<string> AskAsync(string question) => GatewayPipeline.Shared.ExecuteAsync(async ct => (await chat.CompleteChatAsync(question)).Value.Content[0].Text);
        """);

    [Fact]
    public Task Before_CSharp_8_nothing_can_be_disposed_of_asynchronously() => Verifier.NotFixableAsync(
        "using System; using System.Threading; using System.Threading.Tasks;\n"
            + AgentCode.InMethod("string last = topic;\nwhile (last != \"\")\n{\n    last = await {|OCG1301:AskAsync|}(last);\n}\n\nreturn last;"),
        LanguageVersion.CSharp7_3);

    private static Task NotFixableAsync(string body, string members = "") => Verifier.NotFixableAsync(AgentCode.InMethod(
        body,
        members: members,
        types: """
        class State { public string Answer { get; set; } = ""; }
        record Page(string Content);
        static class Tools { public static void Prepare(List<string> history) => history.Add(""); }
        class Memory { private readonly List<string> _kept = new(); public void Keep(string text) => _kept.Add(text); }
        """));

    private static string Session(string opening, string turn, string completion)
        => $"var history = new List<string> {{ topic }};\n{opening}while (history.Count < 20)\n{{\n    string answer = {turn};\n    history.Add(answer);\n}}\n\n{completion}return history[0];";
}
