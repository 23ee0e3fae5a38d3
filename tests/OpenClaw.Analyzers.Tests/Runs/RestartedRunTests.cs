using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.RunRetryAnalyzer, Microsoft.CodeAnalysis.Testing.EmptyCodeFixProvider>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>OCG1304: a retry around a whole run.</summary>
public sealed class RestartedRunTests
{
    private const string Run = """
        private async Task<string> WorkAsync(string topic)
        {
            var notes = new List<string>();
            for (int step = 0; step < 10; step++)
            {
                notes.Add(await AskAsync($"{topic} {notes.LastOrDefault()}"));
            }

            return string.Join(",", notes);
        }

        """;

    private const string Inner = """
        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            notes.Add(await AskAsync(part + notes.LastOrDefault()));
        }

        return string.Join(",", notes);
        """;

    [Theory]
    [InlineData("{|OCG1304:for|} (int attempt = 0; attempt < 3; attempt++) { try { return await WorkAsync(topic); } catch (HttpRequestException) when (attempt < 2) { await Task.Delay(1000 << attempt); } } return \"\";")]
    [InlineData("int attempt = 0; {|OCG1304:while|} (true) { try { return await WorkAsync(topic); } catch (Exception) { if (++attempt == 3) throw; await Task.Delay(1000 << attempt); } }")]
    [InlineData("{|OCG1304:for|} (int attempt = 0; attempt < 3; attempt++) { try { return await OuterAsync(topic); } catch (HttpRequestException) { await Task.Delay(1000 << attempt); } } return \"\";")]
    [InlineData("{|OCG1304:for|} (int attempt = 0; attempt < 3; attempt++) { try { " + Inner + " } catch (HttpRequestException) { await Task.Delay(1000 << attempt); } } return \"\";")]
    [InlineData("{|OCG1304:for|} (int attempt = 0; attempt < 3; attempt++) { try { return await SectionsAsync(topic); } catch (HttpRequestException) { await Task.Delay(1000 << attempt); } } return \"\";")]
    [InlineData("{|OCG1304:for|} (int attempt = 0; attempt < 3; attempt++) { try { return await SequenceAsync(topic); } catch (HttpRequestException) { await Task.Delay(1000 << attempt); } } return \"\";")]
    public Task A_loop_around_a_run_is_reported(string body) => Verifier.ReportedAsync(Code(body));

    [Theory]
    [InlineData("return await Policy.Handle<HttpRequestException>().WaitAndRetryAsync(3, i => TimeSpan.FromSeconds(1 << i)).{|OCG1304:ExecuteAsync|}(() => WorkAsync(topic));")]
    [InlineData("var policy = Policy.Handle<HttpRequestException>().WaitAndRetryAsync(3, i => TimeSpan.FromSeconds(1 << i)); return await policy.{|OCG1304:ExecuteAsync|}(async () => { " + Inner + " });")]
    [InlineData("var pipeline = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions()).Build(); return await pipeline.{|OCG1304:ExecuteAsync|}(async ct => await WorkAsync(topic));")]
    [InlineData("return await {|OCG1304:WithRetryAsync|}(() => WorkAsync(topic));")]
    [InlineData("return await {|OCG1304:WithRetryAsync|}(ParameterlessAsync);")]
    public Task A_policy_or_helper_around_a_run_is_reported(string body) => Verifier.ReportedAsync(Code(body));

    [Theory]
    [InlineData("for (int attempt = 0; attempt < 3; attempt++) { try { return await AskAsync(topic); } catch (HttpRequestException) { await Task.Delay(1000 << attempt); } } return \"\";")]
    [InlineData("return await Policy.Handle<HttpRequestException>().WaitAndRetryAsync(3, i => TimeSpan.FromSeconds(1 << i)).ExecuteAsync(() => AskAsync(topic));")]
    [InlineData("return await WithRetryAsync(() => AskAsync(topic));")]
    [InlineData("return await GatewayPipeline.Shared.ExecuteAsync(async ct => await WorkAsync(topic));")]
    [InlineData("try { return await WorkAsync(topic); } catch (HttpRequestException) { return \"\"; }")]
    [InlineData("foreach (string part in topic.Split(',')) { try { await WorkAsync(part); } catch (HttpRequestException) { Console.WriteLine(part); } } return \"\";")]
    [InlineData("while (true) { try { await WorkAsync(topic); } catch (HttpRequestException) { Console.WriteLine(topic); } await Task.Delay(1000); }")]
    [InlineData("for (int attempt = 0; attempt < 3; attempt++) { try { return await WorkAsync(topic); } catch (FormatException) { topic += \"!\"; } } return \"\";")]
    public Task One_turn_a_pipeline_or_no_retry_is_silent(string body) => Verifier.SilentAsync(Code(body));

    [Theory]
    [InlineData("for (int attempt = 0; attempt < 3; attempt++) { try { return await CheckpointedAsync(topic); } catch (HttpRequestException) { await Task.Delay(1000 << attempt); } } return \"\";")]
    [InlineData("for (int attempt = 0; attempt < 3; attempt++) { try { return await RememberingAsync(topic); } catch (HttpRequestException) { await Task.Delay(1000 << attempt); } } return \"\";")]
    [InlineData("var notes = new List<string>(); for (int attempt = 0; attempt < 3; attempt++) { try { while (notes.Count < 10) { notes.Add(await AskAsync(topic + notes.LastOrDefault())); } return topic; } catch (HttpRequestException) { await Task.Delay(1000 << attempt); } } return \"\";")]
    [InlineData("return await WithRetryAsync(() => CheckpointedAsync(topic));")]
    [InlineData("var notes = new List<string>(); return await WithRetryAsync(async () => { while (notes.Count < 10) { notes.Add(await AskAsync(topic + notes.LastOrDefault())); } return topic; });")]
    public Task A_run_that_knows_where_it_was_is_silent(string body) => Verifier.SilentAsync(Code(body));

    private static string Code(string body) => AgentCode.InMethod(body, "public async Task<string> ResearchAsync(string topic)", Members).Replace("using OpenClaw.Resilience;", "using OpenClaw.Resilience;\nusing Polly;\nusing Polly.Retry;", StringComparison.Ordinal);

    private const string Members = Run + """

        private Task<string> ParameterlessAsync() => WorkAsync("");

        private record Section { public string Text { get; init; } = ""; }

        private async Task<string> SectionsAsync(string topic)
        {
            var sections = new List<Section>();
            foreach (string part in topic.Split(','))
            {
                string text = await AskAsync(part);
                sections.Add(new Section { Text = text });
            }

            return string.Join(",", sections);
        }

        private async Task<string> OuterAsync(string topic) => "# " + await WorkAsync(topic);

        private async Task<string> SequenceAsync(string topic)
        {
            string a = await AskAsync(topic);
            string b = await AskAsync(a);
            string c = await AskAsync(b);
            string d = await AskAsync(c);
            string e = await AskAsync(d);
            string f = await AskAsync(e);
            return f;
        }

        private async Task<string> CheckpointedAsync(string topic)
        {
            await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("r", topic));
            var notes = new List<string>();
            for (int step = 0; step < 10; step++)
            {
                notes.Add(await run.StepAsync("note", (_, ct) => AskAsync(topic + notes.LastOrDefault(), ct)));
            }

            await run.CompleteAsync();
            return topic;
        }

        private readonly List<string> _notes = new();

        private async Task<string> RememberingAsync(string topic)
        {
            while (_notes.Count < 10)
            {
                _notes.Add(await AskAsync(topic + _notes.LastOrDefault()));
            }

            return topic;
        }

        private static async Task<string> WithRetryAsync(Func<Task<string>> work)
        {
            for (int attempt = 0; ; attempt++)
            {
                try { return await work(); }
                catch (HttpRequestException) when (attempt < 3) { await Task.Delay(1000 << attempt); }
            }
        }
        """;
}
