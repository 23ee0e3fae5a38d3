using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StoredStateAnalyzer, Microsoft.CodeAnalysis.Testing.EmptyCodeFixProvider>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>OCG1303: the state of a run that tells no version.</summary>
public sealed class UnversionedCheckpointTests
{
    private const string Read = "JsonSerializer.{|OCG1303:Deserialize|}<RunState>(File.ReadAllText(\"run.json\"))!";
    private const string Write = "File.WriteAllText(\"run.json\", JsonSerializer.Serialize(state));";

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task State_that_a_run_reads_back() => Verifier.ReportedAsync(InRun($"var state = {Read};", Write));

    [Fact]
    public Task State_that_a_method_of_the_run_reads_back() => Verifier.ReportedAsync(InRun(
        "RunState state = Load();",
        "Save(state);",
        members: $$"""
        private static RunState Load() => {{Read}};
        private static void Save(RunState state) { using var file = File.Create("run.json"); JsonSerializer.Serialize(file, state); }
        """));

    [Theory]
    [InlineData("public int Version { get; set; } = 1;")]
    [InlineData("public string SchemaVersion { get; set; } = \"\";")]
    [InlineData("public int version;")]
    public Task State_with_a_version(string member) => SilentAsync(Read, Write, state: member);

    [Fact]
    public Task State_whose_base_has_a_version() => SilentAsync(Read, Write, bases: " : Versioned");

    [Theory]
    [InlineData("new RunState()", Write)] // nothing is read
    [InlineData(Read, "Console.WriteLine(JsonSerializer.Serialize(state));")] // nothing is written
    [InlineData("JsonSerializer.Deserialize<RunState>(topic)!", Write)] // what comes from elsewhere
    [InlineData("Wrap(JsonSerializer.Deserialize<List<string>>(File.ReadAllText(\"run.json\"))!)", Write)] // no type of ours
    [InlineData("Wrap(JsonSerializer.Deserialize<Settings>(File.ReadAllText(\"run.json\"))!.Names)", Write)] // settings are written by people
    public Task What_is_no_checkpoint(string read, string write) => SilentAsync(read, write);

    [Fact]
    public Task State_of_something_else_than_a_run() => Verifier.SilentAsync(AgentCode.InMethod(
        $"var state = {Unmarked(Read)};\n{Write}\nreturn state.Last;",
        AgentCode.Signature.Replace("async Task<string>", "string", StringComparison.Ordinal),
        types: Types("", "")).Replace("using OpenAI.Chat;", "using System.Text.Json;\nusing OpenAI.Chat;", StringComparison.Ordinal));

    private static Task SilentAsync(string read, string write, string state = "", string bases = "") => Verifier.SilentAsync(InRun($"var state = {Unmarked(read)};", write, state: state, bases: bases));

    private static string Unmarked(string code) => code.Replace("{|OCG1303:Deserialize|}", "Deserialize", StringComparison.Ordinal);

    private static string InRun(string read, string write, string members = "", string state = "", string bases = "") => AgentCode.InMethod(
        $$"""
        {{read}}
        for (; state.Step < 10; state.Step++)
        {
            state.Last = await AskAsync(state.Last, cancellationToken);
            {{write}}
        }

        return state.Last;
        """,
        members: members + "\nprivate static RunState Wrap(List<string> names) => new();",
        types: Types(state, bases)).Replace("using OpenAI.Chat;", "using System.Text.Json;\nusing OpenAI.Chat;", StringComparison.Ordinal);

    private static string Types(string state, string bases) => $$"""
        class Versioned { public int Version { get; set; } }
        class Settings { public List<string> Names { get; set; } = new(); }
        class RunState{{bases}} { public int Step { get; set; } public string Last { get; set; } = ""; {{state}} }
        """;
}
