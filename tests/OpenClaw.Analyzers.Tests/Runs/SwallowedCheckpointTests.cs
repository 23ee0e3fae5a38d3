using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.Checkpoints.CheckpointAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.LogSwallowedCheckpoint>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>OCG1306: a checkpoint that could not be saved, and nobody hears of it.</summary>
public sealed class SwallowedCheckpointTests
{
    private const string Save = "await _checkpoints.SaveAsync(text);";

    [Theory]
    [InlineData("try { " + Save + " } {|OCG1306:catch|} { }")]
    [InlineData("try { " + Save + " } {|OCG1306:catch|} (Exception) { /* best effort */ }")]
    [InlineData("try { " + Save + " } {|OCG1306:catch|} (IOException exception) { _ = exception; }")]
    [InlineData("try { " + Save + " } {|OCG1306:catch|} (Exception exception) { _log.LogDebug(exception, \"no checkpoint\"); }")]
    [InlineData("try { " + Save + " } {|OCG1306:catch|} (Exception exception) { System.Diagnostics.Debug.WriteLine(exception); return; }")]
    [InlineData("foreach (char part in text) { try { " + Save + " } {|OCG1306:catch|} { continue; } }")]
    [InlineData("try { " + Save + " } catch (OperationCanceledException) { } {|OCG1306:catch|} (Exception) { }")]
    [InlineData("try { await SaveConversationAsync(text); } {|OCG1306:catch|} { }")]
    [InlineData("try { await CheckpointAsync(text); } {|OCG1306:catch|} { }")]
    [InlineData("try { await PersistSessionAsync(text); } {|OCG1306:catch|} { }")]
    [InlineData("try { new WorkPlan().SaveAs(text); } {|OCG1306:catch|} { /* ignore errors while the agents work */ }")]
    [InlineData("_ = Task.Run(() => { try { new WorkPlan().SaveAs(text); } {|OCG1306:catch|} { } });")]
    [InlineData("try { File.WriteAllText(\"checkpoint.json\", text); } {|OCG1306:catch|} { }")]
    public Task A_catch_that_does_nothing_is_reported(string body) => Verifier.ReportedAsync(Code(body));

    [Theory]
    [InlineData("try { " + Save + " } catch { throw; }")]
    [InlineData("try { " + Save + " } catch (Exception exception) { throw new InvalidOperationException(\"\", exception); }")]
    [InlineData("try { " + Save + " } catch (Exception exception) { _log.LogWarning(exception, \"no checkpoint\"); }")]
    [InlineData("try { " + Save + " } catch (Exception exception) { _log.LogInformation(exception, \"no checkpoint\"); }")]
    [InlineData("try { " + Save + " } catch (Exception exception) { Console.Error.WriteLine(exception); }")]
    [InlineData("try { " + Save + " } catch (Exception) { _failures++; }")]
    [InlineData("try { " + Save + " } catch (OperationCanceledException) { }")]
    [InlineData("try { " + Save + " } catch (Exception exception) when (exception.Message == \"\") { }")]
    [InlineData("bool saved = false; try { " + Save + " saved = true; } catch { } if (!saved) throw new IOException();")]
    [InlineData("for (int attempt = 0; attempt < 3; attempt++) { try { " + Save + " return; } catch (IOException) { } }")]
    [InlineData("try { await _checkpoints.DeleteAsync(text); } catch { }")]
    [InlineData("try { await _checkpoints.LoadAsync(text); } catch { }")]
    [InlineData("try { await SaveSettingsAsync(text); } catch { }")]
    [InlineData("try { _log.Log(LogLevel.Debug, text); WriteLine(text); } catch { }")]
    [InlineData("try { File.WriteAllText(\"settings.json\", text); } catch { }")]
    [InlineData("try { await SaveAsync(text); } catch { }")]
    [InlineData("try { Func<Task> later = async () => { " + Save + " }; } catch { }")]
    [InlineData("try { } catch { " + Save + " }")]
    public Task Whatever_is_told_or_meant_otherwise_is_silent(string body) => Verifier.SilentAsync(Code(body));

    [Theory]
    [InlineData("DisposeAsync")]
    [InlineData("StopAsync")]
    [InlineData("OnShutdownAsync")]
    [InlineData("TrySaveAsync")]
    public Task The_end_of_a_life_is_silent(string method) => Verifier.SilentAsync(Code("try { " + Save + " } catch { }", method));

    [Fact]
    public Task Where_nothing_speaks_of_an_agent_a_session_is_somebody_elses() => Verifier.SilentAsync(
        Code("try { await PersistSessionAsync(text); } catch { }").Replace("class Agent", "class Shop", StringComparison.Ordinal).Replace("public Agent(", "public Shop(", StringComparison.Ordinal).Replace("IAgentCheckpoints", "ICheckpoints", StringComparison.Ordinal));

    [Theory]
    [InlineData("{|OCG1306:catch|}\n{\n}", "catch (Exception exception)\n{\n    LOG\n}")]
    [InlineData("{|OCG1306:catch|} (IOException)\n{\n    // best effort\n}", "catch (IOException exception)\n{\n    // best effort\n    LOG\n}")]
    [InlineData("{|OCG1306:catch|} (Exception exception)\n{\n    _ = exception;\n}", "catch (Exception exception)\n{\n    LOG\n    _ = exception;\n}")]
    [InlineData("{|OCG1306:catch|} (Exception)\n{\n    // best effort\n    return;\n}", "catch (Exception exception)\n{\n    // best effort\n    LOG\n    return;\n}")]
    [InlineData("{|OCG1306:catch|} (Exception e)\n{\n    _log.LogDebug(e, \"no checkpoint of {Text}\", text); // quiet\n}", "catch (Exception e)\n{\n    _log.LogWarning(e, \"no checkpoint of {Text}\", text); // quiet\n}")]
    public Task The_failure_is_told_and_the_run_goes_on(string clause, string fixedClause)
    {
        string In(string written) => Code($"try\n{{\n    {Save}\n}}\n{written}".Replace("\n", "\n        ", StringComparison.Ordinal));
        return Verifier.FixedAsync(In(clause), In(fixedClause.Replace("LOG", "_log.LogWarning(exception, \"The state of the run could not be saved\");", StringComparison.Ordinal)));
    }

    [Fact]
    public Task Every_failure_is_told() => Verifier.FixedInAllAsync(
        [Code(Caught("{|OCG1306:catch|} (IOException exception)", "return;")), Other(Caught("{|OCG1306:catch|} (Exception e)", "_ = e;"))],
        [Code(Caught("catch (IOException exception)", Told + "\n    return;")), Other(Caught("catch (Exception e)", Told.Replace("exception,", "e,", StringComparison.Ordinal) + "\n    _ = e;"))]);

    [Theory]
    [InlineData("class Agent", "private readonly ILogger? _log;")] // may not be there
    [InlineData("class Agent", "private readonly ILogger _log; private readonly ILogger _audit = null!;")] // which of them?
    [InlineData("class Agent", "private readonly TextWriter _log;")]
    public Task Without_one_logger_nobody_can_be_told(string head, string members) => Verifier.NotFixableAsync(
        Code("try { " + Save + " } {|OCG1306:catch|} { }").Replace("private readonly ILogger _log;", members, StringComparison.Ordinal)
            .Replace("class Agent", head, StringComparison.Ordinal)
            .Replace("ILogger log)", members.Contains("TextWriter", StringComparison.Ordinal) ? "TextWriter log)" : "ILogger log)", StringComparison.Ordinal)
            .Replace("_log.LogInformation(", members.Contains("ILogger _log", StringComparison.Ordinal) ? "_log.LogInformation(" : "Console.WriteLine(", StringComparison.Ordinal));

    [Fact]
    public Task A_logger_of_the_object_is_out_of_reach_in_a_static_method() => Verifier.NotFixableAsync(
        Code("try { File.WriteAllText(\"checkpoint.json\", text); } {|OCG1306:catch|} { }").Replace("async Task RunAsync", "static async Task RunAsync", StringComparison.Ordinal));

    private static string Caught(string clause, string body)
        => $"try\n{{\n    {Save}\n}}\n{clause}\n{{\n    {body}\n}}".Replace("\n", "\n        ", StringComparison.Ordinal);

    private const string Told = "_log.LogWarning(exception, \"The state of the run could not be saved\");";

    private static string Other(string body) => Code(body).Replace("class Agent", "class SecondAgent", StringComparison.Ordinal).Replace("public Agent(", "public SecondAgent(", StringComparison.Ordinal)
        .Replace("IAgentCheckpoints", "ISecondCheckpoints", StringComparison.Ordinal).Replace("class WorkPlan", "class SecondPlan", StringComparison.Ordinal)
        .Replace("static class Program { static void Main() { } }", "", StringComparison.Ordinal);

    private static string Code(string body, string method = "RunAsync") => $$"""
        using Microsoft.Extensions.Logging;

        class WorkPlan { public void SaveAs(string path) { } }

        interface IAgentCheckpoints { Task SaveAsync(string text); Task LoadAsync(string text); Task DeleteAsync(string text); }

        class Agent
        {
            private readonly IAgentCheckpoints _checkpoints;
            private readonly ILogger _log;
            private int _failures;

            public Agent(IAgentCheckpoints checkpoints, ILogger log) => (_checkpoints, _log) = (checkpoints, log);

            public int Failures => _failures;

            async Task {{method}}(string text)
            {
                await Task.Yield();
                {{body}}
            }

            void WriteLine(string text) { }

            Task SaveAsync(string text) => Task.CompletedTask;

            Task SaveSettingsAsync(string text) => Task.CompletedTask;

            Task SaveConversationAsync(string text) => Task.CompletedTask;

            Task CheckpointAsync(string text) => Task.CompletedTask;

            Task PersistSessionAsync(string text) => Task.CompletedTask;

            void Use() { _failures++; _log.LogInformation(_checkpoints.ToString()); }
        }

        static class Program { static void Main() { } }
        """;
}
