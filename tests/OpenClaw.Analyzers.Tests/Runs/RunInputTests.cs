using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.CheckpointSteps>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>What a run is named by: two runs of one name would be given each other's answers.</summary>
public sealed class RunInputTests
{
    private const string Types = """
        enum Depth { Short, Long }
        class ResearchOptions { public int Rounds { get; set; } public string ApiKey { get; set; } = ""; public Inner Value { get; } = new(); }
        class Inner { public string Style { get; set; } = ""; }
        class Request { public string Topic { get; set; } = ""; }
        interface IClock { }
        class Speaker { private readonly ChatClient _chat = new("m", "k"); private readonly IClock? _clock; public bool HasClock => _clock is not null && _chat is not null; }
        class Stylist { private readonly string _style = ""; public int Length => _style.Length; }
        """;

    [Theory]
    [InlineData("string topic", "topic")]
    [InlineData("string topic, int depth, long? size, double share, decimal cost, bool deep, char mark", "topic, depth, size, share, cost, deep, mark")]
    [InlineData("Guid id, Uri page, Depth depth, DateOnly day", "id, page, depth, day")]
    [InlineData("string topic, CancellationToken cancellationToken", "topic")]
    [InlineData("string topic, string apiKey, string accessToken, string password", "topic")]
    [InlineData("string topic, int maxTokens", "topic, maxTokens")]
    [InlineData("string topic, ChatClient chat, IClock clock, HttpClient http, Action<string> log, IProgress<int> progress", "topic")]
    [InlineData("string topic, Speaker speaker", "topic")]
    [InlineData("string @event", "@event")]
    public Task Stable_scalars_name_the_run_and_nothing_else(string parameters, string inputs) => FixedAsync(parameters, "last", "", inputs);

    [Theory]
    [InlineData("last + _style", "private readonly string _style = \"\";", "topic, _style")]
    [InlineData("last + this._style", "private readonly string _style = \"\";", "topic, _style")]
    [InlineData("last + _style", "private string _style = \"\"; public void Use(string style) => _style = style;", "topic, _style")]
    [InlineData("last + Style", "public string Style { get; init; } = \"\";", "topic, Style")]
    [InlineData("last + Style", "public string Style { get; set; } = \"\";", "topic, Style")]
    [InlineData("last + this.topic", "private readonly string topic = \"\";", "topic, this.topic")]
    [InlineData("last + s_style", "private static string s_style = \"\"; public static void Use(string style) => s_style = style;", "topic, s_style")]
    [InlineData("last + Style", "private const string Style = \"short\";", "topic")]
    [InlineData("last + Styles[0]", "private static readonly string[] Styles = { \"short\", \"long\" };", "topic")]
    [InlineData("last + _options.Rounds", "private readonly ResearchOptions _options = new();", "topic, _options.Rounds")]
    [InlineData("last + _options.Value.Style", "private readonly ResearchOptions _options = new();", "topic, _options.Value.Style")]
    [InlineData("last + _options.ApiKey", "private readonly ResearchOptions _options = new();", "topic")]
    [InlineData("Prompt(last)", "private readonly string _style = \"\"; private string Prompt(string text) => Styled(text); private string Styled(string text) => text + _style;", "topic, _style")]
    public Task The_state_of_the_object_that_the_run_reads_names_it_too(string question, string members, string inputs)
        => FixedAsync("string topic", question, members, inputs);

    [Fact]
    public Task State_that_the_run_only_writes_does_not_name_it() => Verifier.FixedAsync(
        AgentCode.InMethod(
            """
            foreach (string part in topic.Split(','))
            {
                string note = await {|OCG1301:AskAsync|}(part, cancellationToken);
                _notes.Add(note);
                _last = note;
            }

            return topic;
            """,
            members: "private readonly List<string> _notes = new(); private string _last = \"\"; public string Last => _last + _notes.Count;"),
        AgentCode.InMethod(
            """
            await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
            foreach (string part in topic.Split(','))
            {
                string note = await run.StepAsync(StepName.ForItem("note", part), (_, ct) => AskAsync(part, ct), cancellationToken);
                _notes.Add(note);
                _last = note;
            }

            await run.CompleteAsync(cancellationToken);
            return topic;
            """,
            members: "private readonly List<string> _notes = new(); private string _last = \"\"; public string Last => _last + _notes.Count;"));

    [Fact]
    public Task Programs_keep_their_runs_in_one_place_so_that_the_name_has_a_namespace() => Verifier.FixedAsync(
        Nested("string note = await {|OCG1301:chat.AskAsync|}(last);".Replace("{|OCG1301:chat.AskAsync|}", "chat.{|OCG1301:AskAsync|}", StringComparison.Ordinal), "", ""),
        Nested(
            "string note = await run.StepAsync(\"note\", (_, _) => chat.AskAsync(last));",
            "await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"Shop.Reports.Writer.Loop\", name));\n            ",
            "await run.CompleteAsync();\n            "));

    [Fact]
    public Task Overloads_and_local_functions_have_names_of_their_own() => Verifier.FixedAsync(
        AgentCode.InMethod(Overload("", "{|OCG1301:AskAsync|}(text)", ""), members: "public Task<string> ResearchAsync(string topic) => ResearchAsync(topic, default);"),
        AgentCode.InMethod(
            Overload(
                "    await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"Researcher.Research/2.Write\", text), cancellationToken);\n",
                "run.StepAsync(\"text\", (_, _) => AskAsync(text), cancellationToken)",
                "    await run.CompleteAsync(cancellationToken);\n"),
            members: "public Task<string> ResearchAsync(string topic) => ResearchAsync(topic, default);"));

    [Theory]
    [InlineData("CancellationToken cancellationToken")]
    [InlineData("")]
    [InlineData("ChatClient chat, string apiKey")]
    [InlineData("List<string> topics")]
    [InlineData("string[] args")]
    [InlineData("string topic, IEnumerable<string> sources")]
    [InlineData("Request request")]
    [InlineData("string topic, Stylist stylist")]
    [InlineData("string topic, object state")]
    [InlineData("string topic, Stream document")]
    [InlineData("string topic, dynamic extra")]
    public Task Without_stable_inputs_there_is_no_fix(string parameters) => NotFixableAsync(parameters, "last", "");

    [Theory]
    [InlineData("last + _notes.Count", "private readonly List<string> _notes = new();")]
    [InlineData("last + string.Join(\",\", Notes)", "public List<string> Notes { get; } = new();")]
    [InlineData("last + _request.Topic", "private Request _request = new();")]
    [InlineData("Prompt(last)", "private readonly List<string> _notes = new(); private string Prompt(string text) => text + _notes.Count;")]
    public Task State_without_a_stable_text_is_no_name(string question, string members) => NotFixableAsync("string topic", question, members);

    [Theory]
    [InlineData("string text = await File.ReadAllTextAsync(topic);")]
    [InlineData("string text = File.ReadAllText(topic);")]
    [InlineData("string? text = Environment.GetEnvironmentVariable(topic);")]
    [InlineData("string text = DateTime.UtcNow.ToString();")]
    [InlineData("Guid text = Guid.NewGuid();")]
    [InlineData("int text = new Random().Next();")]
    [InlineData("if (!int.TryParse(topic, out int text)) return topic;")]
    [InlineData("string text = \"\"; text = await File.ReadAllTextAsync(topic);")]
    [InlineData("string read = await File.ReadAllTextAsync(topic); string text = read.Trim();")]
    [InlineData("string text = \"\"; foreach (string line in File.ReadLines(topic)) { text += line; }")]
    [InlineData("var text = new List<string>(); text.Add(await File.ReadAllTextAsync(topic));")]
    [InlineData("var text = new List<string>(); text.AddRange(File.ReadLines(topic));")]
    [InlineData("var text = new byte[9]; using var file = File.OpenRead(topic); await file.ReadAsync(text);")]
    [InlineData("string now = DateTime.UtcNow.ToString(), text = topic; text += now;")]
    public Task What_was_read_from_outside_before_the_run_is_no_part_of_its_name(string before) => Verifier.NotFixableAsync(AgentCode.InMethod(
        $$"""
        {{before}}
        string last = topic;
        while (last != "done")
        {
            last = await {|OCG1301:AskAsync|}(last + text, cancellationToken);
        }

        return last;
        """));

    [Theory]
    [InlineData("string text = topic.Trim().ToUpperInvariant();")]
    [InlineData("var text = new List<string> { topic, topic + \"s\" };")]
    [InlineData("string text = Prompt(topic);")]
    [InlineData("string text = string.Join(\",\", topic.Split(' ').Where(word => word.Length > 3).Select(word => word.Trim()));")]
    [InlineData("var text = new StringBuilder().Append(topic).ToString();")]
    [InlineData("int text = Math.Max(topic.Length, 3);")]
    [InlineData("string trimmed = topic.Trim(), text = trimmed + \"s\";")]
    [InlineData("var text = new List<string>(); foreach (string part in topic.Split(',')) { text.Add(part); }")]
    [InlineData("var text = System.Diagnostics.Stopwatch.StartNew();")]
    public async Task What_was_computed_from_the_inputs_is_stable(string before)
    {
        string Code(string opening, string turn, string end) => AgentCode.InMethod(
            $"{before}\nstring last = topic;{opening}\nwhile (last != \"done\")\n{{\n    last = {turn};\n    Console.WriteLine(text);\n}}\n\n{end}return last;",
            members: "private static string Prompt(string text) => \"Research \" + text;");
        await Verifier.FixedAsync(
            Code("", "await {|OCG1301:AskAsync|}(last, cancellationToken)", ""),
            Code(
                "\nawait using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"Researcher.Research\", topic), cancellationToken);",
                "await run.StepAsync(\"last\", (_, ct) => AskAsync(last, ct), cancellationToken)",
                "await run.CompleteAsync(cancellationToken);\n"));
    }

    [Theory]
    [InlineData("class Researcher<T>", "string topic")]
    [InlineData("class Researcher", "string topic, T extra")]
    [InlineData("abstract class Researcher", "string topic")]
    public Task A_type_that_decides_what_happens_is_no_part_of_the_name(string head, string parameters)
        => NotFixableAsync(parameters, "last", "", head, generic: parameters.Contains("T extra", StringComparison.Ordinal) ? "<T>" : "");

    [Fact]
    public Task This_of_a_struct_cannot_move_into_a_step() => Verifier.NotFixableAsync(
        Nested("string note = await chat.{|OCG1301:AskAsync|}(last + _style);", "", "").Replace("class Writer\n{", "struct Writer\n{\n    private readonly string _style;\n    public Writer(string style) => _style = style;", StringComparison.Ordinal));

    [Theory]
    [InlineData("namespace Microsoft.AspNetCore.Mvc { public abstract class ControllerBase { } }", "class Researcher : Microsoft.AspNetCore.Mvc.ControllerBase", "", "")]
    [InlineData("namespace Microsoft.AspNetCore.SignalR { public abstract class Hub { } }", "class Researcher : Microsoft.AspNetCore.SignalR.Hub", "", "")]
    [InlineData("namespace Microsoft.AspNetCore.Mvc { public class HttpPostAttribute : Attribute { } }", "class Researcher", "[Microsoft.AspNetCore.Mvc.HttpPost] ", "")]
    [InlineData("namespace Microsoft.AspNetCore.Http { public class HttpContext { } }", "class Researcher", "", ", Microsoft.AspNetCore.Http.HttpContext context")]
    [InlineData("namespace Microsoft.Azure.Functions.Worker { public class FunctionAttribute : Attribute { } }", "class Researcher", "[Microsoft.Azure.Functions.Worker.Function] ", "")]
    [InlineData("namespace ModelContextProtocol.Server { public class McpServerToolAttribute : Attribute { } }", "class Researcher", "[ModelContextProtocol.Server.McpServerTool] ", "")]
    public Task A_request_handler_does_not_say_which_of_its_inputs_the_caller_is(string types, string head, string attribute, string parameter) => Verifier.NotFixableAsync(AgentCode.InMethod(
        """
        string last = topic;
        while (last != "done")
        {
            last = await {|OCG1301:AskAsync|}(last, cancellationToken);
        }

        return last;
        """,
        signature: attribute + AgentCode.Signature.Replace("string topic", "string topic" + parameter, StringComparison.Ordinal),
        head: head,
        types: types));

    private static string Overload(string opening, string turn, string completion)
        => "return await WriteAsync(topic);\n\nasync Task<string> WriteAsync(string text)\n{\n" + opening
            + "    while (text != \"\")\n    {\n        text = await " + turn + ";\n    }\n\n" + completion + "    return text;\n}";

    private static string Loop(string question, string turn, string opening, string completion, string parameters, string members, string head = "class Researcher", string generic = "")
        => AgentCode.InMethod(
            $"string last = \"go\";{opening}\nwhile (last != \"done\")\n{{\n    last = await {turn.Replace("QUESTION", question, StringComparison.Ordinal)};\n}}\n\n{completion}return last;",
            signature: $"public async Task<string> ResearchAsync{generic}({parameters})",
            members: members,
            types: Types,
            head: head);

    private static Task FixedAsync(string parameters, string question, string members, string inputs)
    {
        bool hasToken = parameters.Contains("CancellationToken", StringComparison.Ordinal);
        string token = hasToken ? "cancellationToken" : "";
        return Verifier.FixedAsync(
            Loop(question, "{|OCG1301:AskAsync|}(QUESTION)", "", "", parameters, members),
            Loop(
                question,
                $"run.StepAsync(\"last\", (_, _) => AskAsync(QUESTION){(hasToken ? ", cancellationToken" : "")})",
                $"\nawait using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"Researcher.Research\", {inputs}){(hasToken ? ", cancellationToken" : "")});",
                $"await run.CompleteAsync({token});\n",
                parameters,
                members));
    }

    private static Task NotFixableAsync(string parameters, string question, string members, string head = "class Researcher", string generic = "")
        => Verifier.NotFixableAsync(Loop(question, "{|OCG1301:AskAsync|}(QUESTION)", "", "", parameters, members, head, generic));

    private static string Nested(string turn, string opening, string completion) =>
        $$"""
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        namespace Shop.Reports;

        class Writer
        {
            public async Task<string> LoopAsync(string name, Agent chat)
            {
                string last = name;
                {{opening.Replace("            ", "        ", StringComparison.Ordinal)}}while (last != "done")
                {
                    {{turn}}
                    last = note;
                }

                {{completion.Replace("            ", "        ", StringComparison.Ordinal)}}return last;
            }

            static void Main() { }
        }

        class Agent
        {
            private readonly ChatClient _chat = new("m", "k");
            public Task<string> AskAsync(string question) => GatewayPipeline.Shared.ExecuteAsync(async ct => (await _chat.CompleteChatAsync(new ChatMessage[] { new UserChatMessage(question) }, cancellationToken: ct)).Value.Content[0].Text);
        }
        """.ReplaceLineEndings("\n");
}
