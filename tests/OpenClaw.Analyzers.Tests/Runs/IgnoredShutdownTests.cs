using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.ObserveShutdown>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>OCG1307: a hosted loop of agent turns that no shutdown ends.</summary>
public sealed class IgnoredShutdownTests
{
    private const string Members =
        """
        private readonly Queue<string> _questions = new();
        private bool _stopped;

        private Task<string> NextAsync(CancellationToken token = default) => Task.FromResult("");

        private void Publish(string text) { }
        """;

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_loop_without_end_becomes_one_that_ends() => FixedAsync(
        """
        {|OCG1307:while|} (true)
        {
            Publish(await AskAsync(await NextAsync()));
        }
        """,
        """
        while (!stoppingToken.IsCancellationRequested)
        {
            Publish(await AskAsync(await NextAsync()));
        }
        """);

    [Fact]
    public Task Inside_a_try_as_well() => FixedAsync(
        """
        try
        {
            {|OCG1307:while|} (true) // for ever
            {
                Publish(await AskAsync(await NextAsync()));
            }
        }
        catch (Exception e)
        {
            Publish(e.Message);
        }
        """,
        """
        try
        {
            while (!stoppingToken.IsCancellationRequested) // for ever
            {
                Publish(await AskAsync(await NextAsync()));
            }
        }
        catch (Exception e)
        {
            Publish(e.Message);
        }
        """);

    [Fact]
    public Task A_loop_over_work_is_left_between_two_turns() => FixedAsync(
        """
        {|OCG1307:foreach|} (string question in _questions)
        {
            // One at a time.
            Publish(await AskAsync(question));
        }

        Publish("done");
        """,
        """
        foreach (string question in _questions)
        {
            stoppingToken.ThrowIfCancellationRequested();
            // One at a time.
            Publish(await AskAsync(question));
        }

        Publish("done");
        """);

    [Fact]
    public Task A_loop_in_a_task_that_the_service_starts() => FixedAsync(
        """
        await Task.Run(async () =>
        {
            {|OCG1307:for|} (int i = 0; i < 100; i++)
            {
                Publish(await AskAsync(await NextAsync()));
            }
        });
        """,
        """
        await Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                stoppingToken.ThrowIfCancellationRequested();
                Publish(await AskAsync(await NextAsync()));
            }
        });
        """);

    [Fact]
    public Task A_token_that_only_what_came_before_was_given() => Verifier.ReportedAsync(InService(
        """
        await Task.Delay(1000, stoppingToken);
        {|OCG1307:while|} (true)
        {
            Publish(await AskAsync(await NextAsync(CancellationToken.None)));
            await Task.Delay(1000);
        }
        """));

    [Fact]
    public Task The_token_that_a_pipeline_gives_is_not_the_hosts() => Verifier.ReportedAsync(InService(
        """
        {|OCG1307:while|} (true)
        {
            string question = await NextAsync();
            Publish(await OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(ct => AskAsync(question, ct)));
        }
        """));

    [Fact]
    public Task An_inner_loop_is_told_with_the_outer_one() => Verifier.ReportedAsync(InService(
        """
        {|OCG1307:while|} (true)
        {
            foreach (string question in _questions)
            {
                Publish(await AskAsync(question));
            }
        }
        """));

    [Theory]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { Publish(await AskAsync(await NextAsync())); }")]
    [InlineData("while (true) { Publish(await AskAsync(await NextAsync(stoppingToken))); }")]
    [InlineData("while (true) { Publish(await AskAsync(await NextAsync(), stoppingToken)); }")]
    [InlineData("while (true) { Publish(await AskAsync(await NextAsync())); await Task.Delay(1000, stoppingToken); }")]
    [InlineData("while (true) { Publish(await AskAsync(await NextAsync())); stoppingToken.ThrowIfCancellationRequested(); }")]
    [InlineData("using var linked = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken); while (true) { Publish(await AskAsync(await NextAsync(), linked.Token)); }")]
    [InlineData("stoppingToken.Register(() => _stopped = true); while (true) { Publish(await AskAsync(await NextAsync())); }")]
    [InlineData("while (!_stopped) { Publish(await AskAsync(await NextAsync())); }")]
    [InlineData("while (true) { if (_stopped) { break; } Publish(await AskAsync(await NextAsync())); }")]
    [InlineData("var questions = Read(stoppingToken); foreach (string question in questions) { Publish(await AskAsync(question)); }")]
    [InlineData("await foreach (string question in ReadAsync(stoppingToken)) { Publish(await AskAsync(question)); }")]
    public Task A_loop_that_may_hear_of_it(string body) => Verifier.SilentAsync(InService(
        body,
        """
        private IEnumerable<string> Read(CancellationToken token) => _questions;
        private async IAsyncEnumerable<string> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token) { await Task.Yield(); yield return ""; }
        """));

    [Theory]
    [InlineData("for (int i = 0; i < 3; i++) { Publish(await AskAsync(await NextAsync())); }")]
    [InlineData("while (true) { Publish(await NextAsync()); await Task.Delay(1000); }")]
    [InlineData("Publish(await AskAsync(await NextAsync()));")]
    public Task A_loop_that_is_short_or_makes_no_turns(string body) => Verifier.SilentAsync(InService(body));

    [Theory]
    [InlineData("class Researcher", "public async Task ExecuteAsync(CancellationToken stoppingToken)")]
    [InlineData("class Researcher : Runner", "public override async Task ExecuteAsync(CancellationToken stoppingToken)")]
    [InlineData("class Researcher : Microsoft.Extensions.Hosting.BackgroundService", "public override async Task StopAsync(CancellationToken stoppingToken)")]
    public Task A_method_that_no_host_stops(string head, string signature) => Verifier.SilentAsync(AgentCode.InMethod(
        "while (true) { Publish(await AskAsync(await NextAsync())); }",
        signature,
        Members + (head.Contains("Background", StringComparison.Ordinal) ? "\nprotected override Task ExecuteAsync(CancellationToken token) => Task.CompletedTask;" : ""),
        "abstract class Runner { public abstract Task ExecuteAsync(CancellationToken token); }",
        head));

    [Theory]
    [InlineData("try { {|OCG1307:foreach|} (string question in _questions) { Publish(await AskAsync(question)); } } catch (Exception e) { Publish(e.Message); }")]
    [InlineData("{|OCG1307:foreach|} (string question in _questions) Publish(await AskAsync(question));")]
    public Task No_place_for_the_question(string body) => Verifier.NotFixableAsync(InService(body));

    [Fact]
    public Task Every_service_is_fixed()
    {
        const string Turn = "\n{\n    Publish(await AskAsync(await NextAsync()));\n}";
        const string Items = "{0} (string question in _questions)\n{{\n    {1}Publish(await AskAsync(question));\n}}\n\nPublish(\"done\");";
        return Verifier.FixedInAllAsync(
            [InService("{|OCG1307:while|} (true)" + Turn), Second(string.Format(System.Globalization.CultureInfo.InvariantCulture, Items, "{|OCG1307:foreach|}", ""))],
            [InService("while (!stoppingToken.IsCancellationRequested)" + Turn), Second(string.Format(System.Globalization.CultureInfo.InvariantCulture, Items, "foreach", "stoppingToken.ThrowIfCancellationRequested();\n    "))]);

        static string Second(string body) => InService(body).Replace("Researcher", "Second", StringComparison.Ordinal).Replace("class Program", "class Other", StringComparison.Ordinal).Replace("static void Main", "static void Idle", StringComparison.Ordinal);
    }

    private static Task FixedAsync(string body, string fixedBody) => Verifier.FixedAsync(InService(body), InService(fixedBody));

    private static string InService(string body, string members = "") => AgentCode.InMethod(
        body,
        "protected override async Task ExecuteAsync(CancellationToken stoppingToken)",
        Members + "\n" + members,
        head: "class Researcher : Microsoft.Extensions.Hosting.BackgroundService");
}
