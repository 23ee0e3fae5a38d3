using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.Checkpoints.CheckpointAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.WriteAtomically>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>State of a run that is written over its last good copy.</summary>
public sealed class TornCheckpointTests
{
    private const string Load = "public string Load() => File.ReadAllText(_path);";

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_checkpoint_written_in_place_is_replaced_as_a_whole() => Verifier.FixedAsync(
        Store("public Task SaveAsync(string json, CancellationToken token) => File.{|OCG1302:WriteAllTextAsync|}(_path, json, token); " + Load),
        "using OpenClaw.Resilience;\n\n" + Store("public Task SaveAsync(string json, CancellationToken token) => AtomicFile.WriteAllTextAsync(_path, json, token); " + Load));

    [Theory]
    [InlineData("File.{|OCG1302:WriteAllText|}(_path, text);", "AtomicFile.WriteAllText(_path, text);")]
    [InlineData("File.{|OCG1302:WriteAllText|}(_path, text, Encoding.UTF8);", "AtomicFile.WriteAllText(_path, text, Encoding.UTF8);")]
    [InlineData("File.{|OCG1302:WriteAllBytes|}(_path, Encoding.UTF8.GetBytes(text));", "AtomicFile.WriteAllBytes(_path, Encoding.UTF8.GetBytes(text));")]
    [InlineData("File.{|OCG1302:WriteAllLines|}(path: _path, contents: text.Split(','));", "AtomicFile.WriteAllLines(path: _path, contents: text.Split(','));")]
    [InlineData("await File.{|OCG1302:WriteAllBytesAsync|}(_path, Encoding.UTF8.GetBytes(text), token);", "await AtomicFile.WriteAllBytesAsync(_path, Encoding.UTF8.GetBytes(text), token);")]
    [InlineData("await File.{|OCG1302:WriteAllLinesAsync|}(_path, text.Split(',')).ConfigureAwait(false); // done", "await AtomicFile.WriteAllLinesAsync(_path, text.Split(',')).ConfigureAwait(false); // done")]
    [InlineData("await System.IO.File.{|OCG1302:WriteAllTextAsync|}(_path, text, Encoding.UTF8, token);", "await AtomicFile.WriteAllTextAsync(_path, text, Encoding.UTF8, token);")]
    public Task Every_method_has_its_counterpart(string statement, string fixedStatement) => Verifier.FixedAsync(Saving(statement), Saving(fixedStatement, imports: true));

    [Theory]
    [InlineData(
        "await using var stream = File.{|OCG1302:Create|}(_path);\n        await JsonSerializer.SerializeAsync(stream, text, cancellationToken: token);\n        Console.WriteLine(text);",
        "await AtomicFile.WriteAsync(_path, (stream, ct) => JsonSerializer.SerializeAsync(stream, text, cancellationToken: ct), token);\n        Console.WriteLine(text);")]
    [InlineData(
        "await using (var stream = new {|OCG1302:FileStream|}(_path, FileMode.Create))\n        {\n            await JsonSerializer.SerializeAsync(stream, text);\n        }",
        "await AtomicFile.WriteAsync(_path, (stream, _) => JsonSerializer.SerializeAsync(stream, text), token);")]
    [InlineData(
        "using (FileStream output = new {|OCG1302:FileStream|}(_path, FileMode.Truncate, FileAccess.Write))\n            await output.WriteAsync(Encoding.UTF8.GetBytes(text), token);",
        null)]
    [InlineData(
        "using FileStream output = {|OCG1302:new(_path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write })|};\n        await JsonSerializer.SerializeAsync(output, text, cancellationToken: token).ConfigureAwait(false);",
        "await AtomicFile.WriteAsync(_path, (output, ct) => JsonSerializer.SerializeAsync(output, text, cancellationToken: ct), token).ConfigureAwait(false);")]
    public Task A_stream_that_one_call_writes_becomes_a_delegate(string statements, string? fixedStatements)
        => fixedStatements is null ? Verifier.NotFixableAsync(Saving(statements)) : Verifier.FixedAsync(Saving(statements), Saving(fixedStatements, imports: true));

    [Theory]
    [InlineData("File.{|OCG1302:WriteAllLines|}(_path, text.Split(','), Encoding.UTF8);")]
    [InlineData("if (File.Exists(_path)) { using var stream = File.{|OCG1302:Create|}(_path); }")]
    [InlineData("using var writer = new {|OCG1302:StreamWriter|}(_path); await writer.WriteAsync(text);")]
    [InlineData("using var stream = File.{|OCG1302:Create|}(_path); await JsonSerializer.SerializeAsync(stream, text); await stream.FlushAsync(token);")]
    [InlineData("using var stream = File.{|OCG1302:Create|}(_path); /* as a list */ await JsonSerializer.SerializeAsync(stream, text);")]
    [InlineData("var stream = File.{|OCG1302:Create|}(_path); await JsonSerializer.SerializeAsync(stream, text); stream.Dispose();")]
    [InlineData("await File.{|OCG1302:WriteAllTextAsync|}(_path, text.AsMemory(), token);")]
    public Task What_has_no_counterpart_is_not_fixable(string statement) => Verifier.NotFixableAsync(Saving(statement));

    [Fact]
    public Task All_documents_at_once() => Verifier.FixedInAllAsync(
        [Saving("File.{|OCG1302:WriteAllText|}(_path, text); File.{|OCG1302:WriteAllText|}(_path, text + 1);"), Other("File.{|OCG1302:WriteAllText|}(\"conversation.json\", text);")],
        [Saving("AtomicFile.WriteAllText(_path, text); AtomicFile.WriteAllText(_path, text + 1);", imports: true), "using OpenClaw.Resilience;\n\n" + Other("AtomicFile.WriteAllText(\"conversation.json\", text);")]);

    [Theory]
    [InlineData("class SessionStore", "session.json", "namespace Contoso.Agents;")]
    [InlineData("class TodoFile", "todos.json", "namespace Contoso.Workflows.Store;")]
    [InlineData("class FileStore", "agent-state.json", "")]
    [InlineData("class ChatHistory", "all.json", "")]
    [InlineData("class FileStore", "conversations.json", "")]
    [InlineData("class PlanProgress", "progress.json", "namespace Llm;")]
    public Task Names_say_that_it_is_state(string type, string file, string around)
        => Verifier.ReportedAsync(Named(type, file, around, "File.{|OCG1302:WriteAllText|}(_path, text);"));

    [Theory]
    [InlineData("class SessionStore", "session.json", "namespace Contoso.Web;")]
    [InlineData("class TodoFile", "todos.json", "")]
    [InlineData("class WindowState", "state.json", "namespace Contoso.Agents;")]
    [InlineData("class ChatSettings", "chat-state.json", "")]
    [InlineData("class ProviderOverrideState", "state.json", "namespace Contoso.Agents;")]
    [InlineData("class PhoneTokens", "session-tokens.json", "namespace Contoso.Agents;")]
    [InlineData("class TranscriptIndex", "transcripts.json", "")]
    [InlineData("class CatalogStore", "catalog.json", "namespace Contoso.Agents;")]
    [InlineData("class Mailbox", "letters.json", "namespace Contoso.Agents;")]
    [InlineData("class CheckpointCache", "checkpoint.json", "")]
    public Task Other_files_are_not_meant(string type, string file, string around)
        => Verifier.SilentAsync(Named(type, file, around, "File.WriteAllText(_path, text);"));

    [Fact]
    public Task A_class_that_takes_the_turns_of_an_agent_says_what_its_state_is() => Verifier.ReportedAsync(
        """
        using Microsoft.Extensions.AI;

        class Bot
        {
            private readonly IChatClient _client;

            public Bot(IChatClient client) => _client = client;

            async Task RunAsync(string text)
            {
                string state = File.Exists("state.json") ? File.ReadAllText("state.json") : "";
                state += await _client.GetResponseAsync(state + text);
                File.{|OCG1302:WriteAllText|}("state.json", state);
            }
        }

        static class Program { static void Main() { } }
        """);

    [Fact]
    public Task The_types_it_works_with_say_whose_session_it_is() => Verifier.ReportedAsync(
        """
        class AgentSession { public string Serialize(JsonOptions options) => options.ToString()!; }

        class JsonOptions { }

        class SessionStore
        {
            private readonly string _path = "session.json";

            void Save(AgentSession session) => File.{|OCG1302:WriteAllText|}(_path, session.Serialize(new JsonOptions()));

            string Load() => File.ReadAllText(_path);
        }

        static class Program { static void Main() { } }
        """);

    [Theory]
    [InlineData("string path = PathOf(id); File.{|OCG1302:WriteAllText|}(path, text);", "File.ReadAllText(PathOf(id))")]
    [InlineData("File.{|OCG1302:WriteAllText|}(Path.Combine(_folder, $\"{id}.json\"), text);", "File.ReadAllText(Path.Combine(_folder, id + \".json\"))")]
    [InlineData("File.{|OCG1302:WriteAllText|}(Path.Combine(_folder, $\"{id}.json\"), text);", "string.Concat(Directory.EnumerateFiles(_folder).Select(_ => ReadFirst()))")]
    [InlineData("File.{|OCG1302:WriteAllText|}(_folder, text);", "new StreamReader(_folder).ReadToEnd()")]
    [InlineData("File.{|OCG1302:WriteAllText|}(_folder, text);", "File.OpenRead(_folder).ToString()")]
    [InlineData("File.{|OCG1302:WriteAllText|}(_folder, text);", "File.Open(_folder, FileMode.Open).ToString()")]
    [InlineData("File.WriteAllText(_folder + 1, text);", "File.ReadAllText(_folder)")]
    [InlineData("File.WriteAllText(Path.Combine(id.Trim(), text + \".md\"), text);", "File.ReadAllText(Path.Combine(id.ToUpper(), id + \".md\"))")]
    [InlineData("File.WriteAllText(_folder, text);", "File.Exists(_folder).ToString()")]
    [InlineData("File.WriteAllText(id, text);", "File.ReadAllText(_folder + id)")]
    public Task Only_what_is_read_back_matters(string write, string read) => Verifier.ReportedAsync(
        $$"""
        class CheckpointStore
        {
            private readonly string _folder;

            public CheckpointStore(string folder) => _folder = folder;

            void Save(string id, string text) { {{write}} }

            string Load(string id) => {{read}};

            string PathOf(string name) => Path.Combine(_folder, name);

            string ReadFirst()
            {
                foreach (string file in Directory.EnumerateFiles(_folder).Order())
                {
                    {{(read.Contains("ReadFirst", StringComparison.Ordinal) ? "return File.ReadAllText(file);" : "return file;")}}
                }

                return "";
            }
        }

        static class Program { static void Main() { } }
        """);

    [Fact]
    public Task Another_class_of_the_project_may_read_it() => Verifier.ReportedAsync(
        """
        static class Paths { public const string Checkpoint = "checkpoint.json"; }

        class Writer { void Save(string text) => File.{|OCG1302:WriteAllText|}(Paths.Checkpoint, text); }

        class Reader { string Load() => File.ReadAllText("checkpoint.json"); }

        static class Program { static void Main() { } }
        """);

    [Fact]
    public Task Any_file_of_a_shared_folder_is_not_the_one_that_another_class_reads() => Verifier.SilentAsync(
        """
        class Project { public string Folder = ""; }

        class Chat
        {
            void WriteTranscript(Project project, string name, string text) => File.WriteAllText(Path.Combine(project.Folder, name), text);
        }

        class Tools { string Read(Project project, string name) => File.ReadAllText(Path.Combine(project.Folder, name)); }

        static class Program { static void Main() { } }
        """);

    [Theory]
    [InlineData("string temporary = _path + \".tmp\"; File.WriteAllText(temporary, text); File.Move(temporary, _path, true);")]
    [InlineData("File.WriteAllText(_path + \".tmp\", text);")]
    [InlineData("File.Copy(_path, _path + \".1\", true); File.WriteAllText(_path, text);")]
    [InlineData("if (!File.Exists(_path)) File.WriteAllText(_path, \"{}\");")]
    [InlineData("if (text != \"\" && !File.Exists(_path)) { File.WriteAllText(_path, \"{}\"); }")]
    [InlineData("if (File.Exists(_path)) { Load(); } else { using var stream = File.Create(_path); }")]
    [InlineData("if (File.Exists(_path)) return; File.WriteAllText(_path, \"{}\");")]
    [InlineData("using var writer = new StreamWriter(_path, append: true); writer.WriteLine(text);")]
    [InlineData("using var stream = new FileStream(_path, FileMode.Append); stream.WriteByte(1);")]
    [InlineData("using var stream = new FileStream(_path, FileMode.CreateNew); stream.WriteByte(1);")]
    [InlineData("File.AppendAllText(_path, text);")]
    [InlineData("using var stream = File.Open(_path, FileMode.Open);")]
    public Task What_leaves_the_old_copy_is_silent(string statement) => Verifier.SilentAsync(Saving(statement));

    [Theory]
    [InlineData("Put(_path + \".tmp\", text); File.Replace(_path + \".tmp\", _path, null);")]
    [InlineData("Put(\"temp-checkpoint\", text);")]
    public Task A_helper_that_is_given_the_temporary_name_is_silent(string statement) => Verifier.SilentAsync(Saving(
        statement + " Get(_path);").Replace(Load, Load + " static void Put(string path, string text) => File.WriteAllText(path, text); static string Get(string path) => File.ReadAllText(path);", StringComparison.Ordinal));

    [Fact]
    public Task A_test_is_silent() => Verifier.SilentAsync(
        Saving("File.WriteAllText(_path, text);").Replace("class CheckpointStore\n{", "class CheckpointStore\n{\n    [Fact] void Test() { }", StringComparison.Ordinal) + "\nclass FactAttribute : Attribute { }");

    private static string Saving(string statements, bool imports = false)
        => Store($$"""
            public async Task SaveAsync(string text, CancellationToken token)
                {
                    await Task.Yield();
                    {{statements}}
                }

                {{Load}}
            """,
            "using System.Text.Json;\n" + (imports ? "" : "\n")).Replace("System.Text.Json;\n", "System.Text.Json;\n" + (imports ? "using OpenClaw.Resilience;\n\n" : ""), StringComparison.Ordinal);

    private static string Store(string members, string usings = "") =>
        usings + $$"""
        class CheckpointStore
        {
            private readonly string _path = "run.json";

            {{members}}
        }

        static class Program { static void Main() { } }
        """.ReplaceLineEndings("\n");

    private static string Named(string type, string file, string around, string statement) => $$"""
        {{around}}

        {{type}}
        {
            private readonly string _path = "{{file}}";

            void Save(string text) { {{statement}} }

            string Load() => File.ReadAllText(_path);
        }

        static class Program { static void Main() { } }
        """;

    private static string Other(string statement) => $$"""
        class Other
        {
            void Save(string text) { {{statement}} }

            string Load() => File.ReadAllText("conversation.json");
        }
        """.ReplaceLineEndings("\n");
}
