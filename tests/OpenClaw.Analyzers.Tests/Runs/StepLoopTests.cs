using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.CheckpointSteps>;

namespace OpenClaw.Analyzers.Tests.Runs;

public sealed class StepLoopTests
{
    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_loop_whose_answers_are_collected_in_memory_is_reported() => ReportedAsync(
        """
        var notes = new List<string>();
        for (int step = 1; step <= 10; step++)
        {
            string note = await {|OCG1301:AskAsync|}($"{topic} {step} {notes.LastOrDefault()}", cancellationToken);
            notes.Add(note);
        }

        return string.Join("\n", notes);
        """);

    [Theory]
    [InlineData("var notes = new List<string>(); foreach (string part in topic.Split(',')) { notes.Add(await {|OCG1301:AskAsync|}(part)); } return notes[0];")]
    [InlineData("string last = topic; while (last != \"done\") { last = await {|OCG1301:AskAsync|}(last); } return last;")]
    [InlineData("string last = topic; do { last = await {|OCG1301:AskAsync|}(last); } while (last != \"done\"); return last;")]
    [InlineData("string last = topic; while (true) { last = await {|OCG1301:AskAsync|}(last); if (last == \"done\") break; } return last;")]
    [InlineData("string last = topic; while (!cancellationToken.IsCancellationRequested) { last = await {|OCG1301:AskAsync|}(last); if (last == \"done\") return last; } return last;")]
    [InlineData("string last = topic; for (;;) { last = await {|OCG1301:AskAsync|}(last); if (last == \"done\") return last; }")]
    [InlineData("var text = new StringBuilder(); foreach (string part in topic.Split(',')) { text.AppendLine(await {|OCG1301:AskAsync|}(part)); } return text.ToString();")]
    [InlineData("var byPart = new Dictionary<string, string>(); foreach (string part in topic.Split(',')) { byPart[part] = await {|OCG1301:AskAsync|}(part); } return topic;")]
    [InlineData("foreach (string part in topic.Split(',')) { var (a, b) = (part, await {|OCG1301:AskAsync|}(part)); _found.Add(b); } return topic;")]
    [InlineData("foreach (string part in topic.Split(',')) { _last = await {|OCG1301:AskAsync|}(part).ConfigureAwait(false); } return _last;")]
    [InlineData("foreach (string part in topic.Split(',')) { if (await {|OCG1301:AskAsync|}(part) is { Length: > 0 } answer) { _found.Add(answer); } } return topic;")]
    [InlineData("foreach (string part in topic.Split(',')) { this._last = (await {|OCG1301:AskAsync|}(part)).Trim(); } return _last;")]
    [InlineData("foreach (string part in topic.Split(',')) { string a = {|OCG1301:AskAsync|}(part).Result; _found.Add(a); } return await AskAsync(topic);")]
    [InlineData("foreach ((string part, int i) in topic.Split(',').Select((p, i) => (p, i))) { _found.Add(await {|OCG1301:AskAsync|}(part)); } return topic;")]
    [InlineData("string last = topic; for (int i = 0; i < 10; i++) { await Task.Delay(100); last = await {|OCG1301:AskAsync|}(last); } return last;")]
    public Task Every_kind_of_loop_and_of_memory_counts(string body)
        => ReportedAsync(body, "private readonly List<string> _found = new(); private string _last = \"\";");

    [Fact]
    public Task A_turn_behind_a_method_of_another_type_is_seen() => Verifier.ReportedAsync(AgentCode.InMethod(
        """
        var planner = new Planner(_chat);
        var plans = new List<string>();
        foreach (string part in topic.Split(','))
        {
            plans.Add(await planner.{|OCG1301:PlanAsync|}(part, cancellationToken));
        }

        return plans[0];
        """,
        types: """
        class Planner
        {
            private readonly ChatClient _chat;
            public Planner(ChatClient chat) => _chat = chat;
            public async Task<string> PlanAsync(string part, CancellationToken cancellationToken)
            {
                ChatCompletion plan = await _chat.CompleteChatAsync(new ChatMessage[] { new UserChatMessage(part) }, cancellationToken: cancellationToken);
                return plan.Content[0].Text;
            }
        }
        """));

    [Fact]
    public Task A_turn_that_a_pipeline_executes_is_seen() => ReportedAsync(
        """
        var messages = new List<ChatMessage> { new UserChatMessage(topic) };
        for (int i = 0; i < 20; i++)
        {
            ChatCompletion reply = await GatewayPipeline.Shared.{|OCG1301:ExecuteAsync|}(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);
            messages.Add(new AssistantChatMessage(reply));
        }

        return topic;
        """);

    [Fact]
    public Task All_turns_of_a_pass_make_one_finding() => ReportedAsync(
        """
        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            string draft = await {|OCG1301:AskAsync|}(part, cancellationToken);
            string critique = await AskAsync(draft, cancellationToken);
            notes.Add(await AskAsync(critique, cancellationToken));
        }

        return notes[0];
        """);

    [Fact]
    public Task A_retry_around_the_turn_belongs_to_the_pass() => ReportedAsync(
        """
        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            for (int attempt = 0; attempt < 3; attempt++)
            {
                try
                {
                    notes.Add(await {|OCG1301:AskAsync|}(part, cancellationToken));
                    break;
                }
                catch (HttpRequestException)
                {
                    await Task.Delay(1000, cancellationToken);
                }
            }
        }

        return notes[0];
        """);

    [Fact]
    public Task Of_nested_loops_the_one_that_works_is_reported() => ReportedAsync(
        """
        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            foreach (string question in part.Split(' '))
            {
                notes.Add(await {|OCG1301:AskAsync|}(question, cancellationToken));
            }
        }

        return notes[0];
        """);

    [Theory]
    [InlineData("state.Notes.Add(note);")]
    [InlineData("state.Last = note;")]
    [InlineData("string trimmed = note.Trim(); state.Last = trimmed;")]
    public Task An_object_that_each_turn_writes_its_answer_into_is_the_state_of_the_run(string write) => Verifier.NotFixableAsync(WithState(
        $"string note = await AskAsync(state.Last); {write}", "var state = new State { Last = topic }; while (state.Last != \"done\") { await {|OCG1301:StudyAsync|}(state); } return state.Last;"));

    [Theory]
    [InlineData("Console.WriteLine(await AskAsync(state.Last));", "var state = new State(); while (state.Last != \"done\") { await StudyAsync(state); } return state.Last;")]
    [InlineData("state = new State { Last = await AskAsync(state.Last) };", "var state = new State(); while (state.Last != \"done\") { await StudyAsync(state); } return state.Last;")]
    [InlineData("state.Last = await AskAsync(state.Last);", "foreach (string part in topic.Split(',')) { var state = new State { Last = part }; await StudyAsync(state); Console.WriteLine(state.Last); } return topic;")]
    [InlineData("state.Calls++; await AskAsync(state.Last);", "var state = new State(); while (state.Calls < 100) { await StudyAsync(state); } return state.Last;")]
    public Task An_object_that_no_answer_outlives_the_pass_in_is_none(string study, string body) => Verifier.SilentAsync(WithState(study, body));

    [Theory]
    [InlineData("string last = \"\"; for (int i = 0; i <= _found.Count; i++) { string question = topic.Trim(); last = await AskAsync(question); if (!Fails(last)) { break; } await Task.Delay(1000); } return last;")]
    [InlineData("(bool Ok, string Text) last; bool json = true; while (true) { last = await TryAsync(topic, json); if (last.Ok) { break; } json = false; _plain = last.Text == \"plain\"; } return last.Text;")]
    [InlineData("string last; do { last = await AskAsync(topic); } while (Fails(last)); return last;")]
    public Task An_answer_that_the_next_one_replaces_is_no_work_to_lose(string body) => SilentAsync(body, Repairs);

    [Theory]
    [InlineData("string last = \"\"; while (Fails(last)) { string question = topic + last; last = await {|OCG1301:AskAsync|}(question); } return last;")]
    [InlineData("string last = \"\"; string hint = \"\"; while (Fails(last)) { last = await {|OCG1301:AskAsync|}(topic + hint); hint = last.Trim(); } return last;")]
    [InlineData("string[] all = topic.Split(','); while (all.Length < 100) { all = all.Append(await {|OCG1301:AskAsync|}(topic)).ToArray(); } return all[0];")]
    [InlineData("string best = \"\"; for (int i = 0; i < 20; i++) { string next = await {|OCG1301:AskAsync|}(topic); if (next.Length > best.Length) { best = next; } } return best;")]
    public Task An_answer_that_the_next_question_is_made_of_is_work(string body) => ReportedAsync(body, Repairs);

    private const string Repairs =
        """
        private readonly List<string> _found = new();
        private bool _plain;
        private static bool Fails(string text) => text.Length == 0;
        private async Task<(bool Ok, string Text)> TryAsync(string question, bool json) => (true, await AskAsync(question + json + _plain));
        """;

    private static string WithState(string study, string body) => AgentCode.InMethod(
        body,
        members: $"private async Task StudyAsync(State state) {{ {study} }}",
        types: "class State { public string Last = \"\"; public int Calls; public List<string> Notes { get; } = new(); }");

    [Theory]
    [InlineData("string last = topic; for (int i = 0; i < 5; i++) { last = await AskAsync(last); } return last;")]
    [InlineData("string last = topic; foreach (string tone in new[] { \"short\", \"long\" }) { last = await AskAsync(last + tone); } return last;")]
    [InlineData("string last = topic; foreach (string part in topic.Split(',').Take(5)) { last = await AskAsync(last + part); } return last;")]
    public Task A_loop_of_few_passes_is_a_conversation(string body) => SilentAsync(body);

    [Fact]
    public Task More_passes_that_are_taken_are_a_run() => Verifier.ReportedAsync(AgentCode.InMethod(
        "string last = topic; foreach (string part in topic.Split(',').Take(6)) { last = await {|OCG1301:AskAsync|}(last + part); } return last;"));

    [Fact]
    public Task How_many_turns_are_few_can_be_configured() => Verifier.SilentAsync(
        AgentCode.InMethod("string last = topic; for (int i = 0; i < 10; i++) { last = await AskAsync(last); } return last;"),
        config: "openclaw_step_threshold = 10");

    [Theory]
    [InlineData("foreach (string part in topic.Split(',')) { Console.WriteLine(await AskAsync(part)); } return topic;")]
    [InlineData("foreach (string part in topic.Split(',')) { string a = await AskAsync(part); string b = a.Trim(); Console.WriteLine(b); } return topic;")]
    [InlineData("foreach (string part in topic.Split(',')) { await AskAsync(part); } return topic;")]
    public Task A_loop_that_keeps_no_answer_has_none_to_lose(string body) => SilentAsync(body);

    [Theory]
    [InlineData("foreach (string part in topic.Split(',')) { var page = new Page { Text = await AskAsync(part) }; Console.WriteLine(page.Text); } return topic;", "AskAsync")]
    [InlineData("foreach (string part in topic.Split(',')) { _page = new Page { Text = await AskAsync(part + _page.Text) }; } return topic;", "{|OCG1301:AskAsync|}")]
    public Task A_member_of_what_is_made_in_a_pass_is_kept_where_that_is_kept(string body, string turn) => Verifier.ReportedAsync(AgentCode.InMethod(
        body.Replace("AskAsync", turn, StringComparison.Ordinal), members: "private Page _page = new();", types: "class Page { public string Text { get; set; } = \"\"; }"));

    [Theory]
    [InlineData("Task.Run(async () => _summaries[part] = await AskAsync(part)); return _summaries.GetValueOrDefault(part);", "Summarize")]
    [InlineData("_ = Task.Run(async () => _summaries[part] = await AskAsync(part)); return null;", "Summarize")]
    [InlineData("return Task.Run(() => AskAsync(part)).Result;", "{|OCG1301:Summarize|}")]
    [InlineData("return AskAsync(part).GetAwaiter().GetResult();", "{|OCG1301:Summarize|}")]
    public Task A_method_that_only_starts_the_turn_has_no_answer_yet(string summarize, string turn) => Verifier.ReportedAsync(AgentCode.InMethod(
        $"foreach (string part in topic.Split(',')) {{ if ({turn}(part) is {{ }} summary) {{ _found.Add(summary); }} }} return await AskAsync(topic);",
        members: $"private readonly List<string> _found = new(); private readonly Dictionary<string, string> _summaries = new(); private string? Summarize(string part) {{ {summarize} }}"));

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_chat_that_waits_for_a_person_is_no_run() => SilentAsync(
        """
        var history = new List<string>();
        while (true)
        {
            string? line = Console.ReadLine();
            if (line is null)
            {
                return topic;
            }

            history.Add(await AskAsync(string.Join("\n", history) + line, cancellationToken));
        }
        """);

    [Theory]
    [InlineData("while (_input.ReadLine() is { } line) { _found.Add(await AskAsync(line)); } return topic;")]
    [InlineData("for (string? line = await _input.ReadLineAsync(); line != null; line = await _input.ReadLineAsync()) { _found.Add(await AskAsync(line)); } return topic;")]
    [InlineData("while (NextLine() is { } line) { _found.Add(await AskAsync(line)); } return topic;")]
    [InlineData("while (await _channel.Reader.WaitToReadAsync()) { while (_channel.Reader.TryRead(out string? item)) { _found.Add(await AskAsync(item)); await _channel.Reader.ReadAsync(); } } return topic;")]
    [InlineData("await foreach (string item in _channel.Reader.ReadAllAsync()) { _found.Add(await AskAsync(item)); } return topic;")]
    [InlineData("while (_queue.TryDequeue(out string? item)) { _found.Add(await AskAsync(item)); } return topic;")]
    [InlineData("while (true) { string item = _blocking.Take(); if (item == \"\") return topic; _found.Add(await AskAsync(item)); }")]
    [InlineData("while (await _timer.WaitForNextTickAsync()) { _found.Add(await AskAsync(topic)); } return topic;")]
    [InlineData("while (true) { _found.Add(await AskAsync(topic)); await Task.Delay(1000); }")]
    [InlineData("while (!cancellationToken.IsCancellationRequested) { _found.Add(await AskAsync(topic)); } return topic;")]
    public Task A_loop_that_serves_what_comes_is_no_run(string body) => SilentAsync(
        body,
        """
        private readonly List<string> _found = new();
        private readonly TextReader _input = TextReader.Null;
        private readonly System.Threading.Channels.Channel<string> _channel = System.Threading.Channels.Channel.CreateUnbounded<string>();
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _queue = new();
        private readonly System.Collections.Concurrent.BlockingCollection<string> _blocking = new();
        private readonly PeriodicTimer _timer = new(TimeSpan.FromMinutes(1));
        private string? NextLine() { Console.Write("> "); return Console.ReadLine(); }
        """);

    [Theory]
    [InlineData("var open = new Queue<string>(topic.Split(',')); while (open.TryDequeue(out string? item)) { _found.Add(await {|OCG1301:AskAsync|}(item)); } return topic;")]
    [InlineData("foreach (string item in topic.Split(',')) { _found.Add(await {|OCG1301:AskAsync|}(item + string.Join(\",\", _found.Take(3)))); } return topic;")]
    [InlineData("foreach (string item in topic.Split(',')) { _found.Add(await {|OCG1301:AskAsync|}(Prompt(item))); } return topic;")]
    public Task What_only_sounds_like_waiting_is_work(string body)
        => ReportedAsync(body, "private readonly List<string> _found = new(); private static string Prompt(string item) => \"Research \" + item;");

    [Theory]
    [InlineData("string state = \"\"; while (state != \"done\") { await Task.Delay(1000, cancellationToken); state = await AskAsync(\"Is the report ready?\"); } return state;")]
    [InlineData("string state; do { state = await AskAsync(topic); Thread.Sleep(100); } while (state == \"\"); return state;")]
    public Task A_poller_asks_the_same_again(string body) => SilentAsync(body);

    [Theory]
    [InlineData("var tasks = new List<Task<string>>(); foreach (string part in topic.Split(',')) { tasks.Add(AskAsync(part)); } return string.Join(\"\", await Task.WhenAll(tasks));")]
    [InlineData("var all = new List<string>(); foreach (string part in topic.Split(',')) { all.AddRange(await Task.WhenAll(part.Split(' ').Select(word => AskAsync(word)))); } return all[0];")]
    [InlineData("var all = new List<Task<string>>(); foreach (string part in topic.Split(',')) { all.AddRange(part.Split(' ').Select(word => AskAsync(word))); } return (await Task.WhenAll(all))[0];")]
    [InlineData("var all = new List<string>(); foreach (string part in topic.Split(',')) { await Parallel.ForEachAsync(part.Split(' '), async (word, ct) => all.Add(await AskAsync(word, ct))); } return all[0];")]
    [InlineData("var all = new List<Task<string>>(); foreach (string part in topic.Split(',')) { all.Add(Task.Run(() => AskAsync(part))); } return (await Task.WhenAll(all))[0];")]
    public Task A_fan_out_is_another_matter(string body) => SilentAsync(body);

    [Theory]
    [InlineData("for (int attempt = 0; attempt < 9; attempt++) { try { _last = await AskAsync(topic); return _last; } catch (HttpRequestException) { await Task.Delay(1000 << attempt); } } return topic;")]
    [InlineData("foreach (string model in topic.Split(',')) { try { _last = await AskAsync(model); return _last; } catch (HttpRequestException) { } } return topic;")]
    [InlineData("for (int attempt = 0; attempt < 9; attempt++) { _last = await AskAsync(topic); if (!ShouldRetry(_last)) { break; } await Task.Delay(1000 << attempt); } return _last; static bool ShouldRetry(string answer) => answer.Length == 0;")]
    public Task A_retry_or_a_failover_repeats_one_turn(string body) => SilentAsync(body, "private string _last = \"\";");

    [Fact]
    public Task Code_that_does_not_compile_yet_is_unknown() => Verifier.SilentAsync(AgentCode.InMethod(
        """
        var notes = new List<string>();
        for (int i = 0; i < 10; i++)
        {
            notes.Add(await AskAsync({|CS0103:unknown|}, cancellationToken));
        }

        return {|CS0103:missing|};
        """));

    private static Task ReportedAsync(string body, string members = "") => Verifier.ReportedAsync(AgentCode.InMethod(body, members: members));

    private static Task SilentAsync(string body, string members = "") => Verifier.SilentAsync(AgentCode.InMethod(body, members: members));
}
