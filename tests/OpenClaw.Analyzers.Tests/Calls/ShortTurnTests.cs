using Microsoft.CodeAnalysis.Testing;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.GiveTime>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1003: turns that are given up before they can end.</summary>
public sealed class ShortTurnTests
{
    private const string Url = "\"http://127.0.0.1:18789/v1/chat/completions\"";
    private const string Wide = "private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(15) };";
    private const string WideSdk = "private readonly ChatClient _chat = new(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { Endpoint = new Uri(\"http://127.0.0.1:18789/v1\"), NetworkTimeout = TimeSpan.FromMinutes(10) });";
    private const string Post = "_http.{|#0:PostAsync|}(" + Url + ", null, ct)";

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("private readonly HttpClient _http = new();", "100 s", "HttpClient.Timeout by default")]
    [InlineData("private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };", "30 s", "HttpClient.Timeout")]
    [InlineData("private readonly HttpClient _http = new();\npublic Agent() => _http.Timeout = new TimeSpan(0, 1, 30);", "90 s", "HttpClient.Timeout")]
    [InlineData("private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);\nprivate readonly HttpClient _http = new() { Timeout = Limit };", "60 s", "HttpClient.Timeout")]
    public Task A_limit_of_the_HTTP_client_is_reported(string members, string time, string source) => Verifier.ReportedAsync(
        InMethod($"await GatewayPipeline.Shared.ExecuteAsync(ct => {Post}, cancellationToken);", members), Expected("HttpClient.PostAsync", time, source));

    [Theory]
    [InlineData("using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(45));\nawait _http.{|#0:PostAsync|}(" + Url + ", null, limit.Token);", "45 s", "the token's time-out")]
    [InlineData("using var limit = new CancellationTokenSource(30_000);\nusing var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);\nawait _http.{|#0:PostAsync|}(" + Url + ", null, both.Token);", "30 s", "the token's time-out")]
    [InlineData("using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);\nboth.CancelAfter(TimeSpan.FromMinutes(1.5));\nawait _http.{|#0:PostAsync|}(" + Url + ", null, both.Token);", "90 s", "CancelAfter")]
    [InlineData("using var deadline = Deadline.After(TimeSpan.FromSeconds(20), cancellationToken);\nawait _http.{|#0:PostAsync|}(" + Url + ", null, deadline.Token);", "20 s", "the deadline")]
    [InlineData("await _http.{|#0:PostAsync|}(" + Url + ", null, cancellationToken).WaitAsync(TimeSpan.FromSeconds(15));", "15 s", "WaitAsync")]
    public Task A_limit_of_the_token_or_the_wait_is_reported(string statements, string time, string source) => Verifier.ReportedAsync(
        InMethod($"await GatewayPipeline.Shared.ExecuteAsync(async _ =>\n{{\n{statements}\n}}, cancellationToken);", Wide), Expected("HttpClient.PostAsync", time, source));

    [Theory]
    [InlineData("new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromSeconds(25)).Build().ExecuteAsync(async ct => await " + Post + ", cancellationToken)", "25 s")]
    [InlineData("new ResiliencePipelineBuilder().AddTimeout(new Polly.Timeout.TimeoutStrategyOptions { Timeout = TimeSpan.FromSeconds(35) }).Build().ExecuteAsync(async ct => await " + Post + ", cancellationToken)", "35 s")]
    [InlineData("Policy.TimeoutAsync(40).ExecuteAsync(ct => " + Post + ", cancellationToken)", "40 s")]
    public Task A_limit_of_the_pipeline_is_reported(string call, string time) => Verifier.ReportedAsync(InMethod($"await {call};", Wide), Expected("HttpClient.PostAsync", time, "the pipeline's timeout"));

    [Theory]
    [InlineData("new OpenAIClientOptions { Endpoint = new Uri(\"http://127.0.0.1:18789/v1\") }", "100 s", "NetworkTimeout by default")]
    [InlineData("new OpenAIClientOptions { Endpoint = new Uri(\"http://127.0.0.1:18789/v1\"), NetworkTimeout = TimeSpan.FromSeconds(30) }", "30 s", "NetworkTimeout")]
    public Task A_limit_of_the_SDK_is_reported(string options, string time, string source) => Verifier.ReportedAsync(
        InMethod(
            "await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.{|#0:CompleteChatAsync|}(new List<ChatMessage>(), null, ct), cancellationToken);",
            $"private readonly ChatClient _chat = new(\"m\", new ApiKeyCredential(\"k\"), {options});"),
        Expected("ChatClient.CompleteChatAsync", time, source));

    [Fact]
    public Task A_registered_client_has_the_limits_of_its_registration() => Verifier.ReportedAsync(
        """
        using Microsoft.Extensions.DependencyInjection;
        using OpenClaw.Resilience;

        class Agent
        {
            private readonly IHttpClientFactory _factory;

            public Agent(IHttpClientFactory factory) => _factory = factory;

            public Task AskAsync(CancellationToken cancellationToken)
                => GatewayPipeline.Shared.ExecuteAsync(ct => _factory.CreateClient("gateway").{|OCG1003:PostAsync|}("http://127.0.0.1:18789/v1/responses", null, ct), cancellationToken);

            static void Main() => new ServiceCollection().AddHttpClient("gateway", client => client.Timeout = TimeSpan.FromSeconds(60));
        }
        """);

    [Theory]
    [InlineData("AddStandardResilienceHandler();", true)]
    [InlineData("AddStandardResilienceHandler().Configure();", false)]
    [InlineData("AddStandardResilienceHandler(5);", false)]
    public Task The_standard_handler_gives_an_attempt_ten_seconds(string handler, bool isReported)
    {
        string source = $$"""
            using Microsoft.Extensions.DependencyInjection;

            class Agent
            {
                private readonly IHttpClientFactory _factory;

                public Agent(IHttpClientFactory factory) => _factory = factory;

                public Task AskAsync(CancellationToken cancellationToken) => _factory.CreateClient("gateway").{|#0:PostAsync|}({{Url}}, null, cancellationToken);

                static void Main() => Register(new ServiceCollection());

                static void Register(IServiceCollection services)
                {
                    services.AddHttpClient("gateway").{{handler}}
                }
            }

            static class Handlers
            {
                public static extern IHttpClientBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder, int options = 0);
                public static extern void Configure(this IHttpClientBuilder builder);
            }
            """;
        return isReported
            ? Verifier.ReportedAsync(source, Expected("HttpClient.PostAsync", "10 s", "the attempt timeout of AddStandardResilienceHandler"))
            : Verifier.SilentAsync(source.Replace("{|#0:PostAsync|}", "PostAsync", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };", "_http.PostAsync(" + Url + ", null, ct)")]
    [InlineData("private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };", "_http.PostAsync(" + Url + ", null, ct)")]
    [InlineData("private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(int.Parse(\"5\")) };", "_http.PostAsync(" + Url + ", null, ct)")]
    [InlineData("private readonly HttpClient _http = new(new Own());\nclass Own : DelegatingHandler { }", "_http.PostAsync(" + Url + ", null, ct)")]
    [InlineData("private readonly HttpClient _http;\npublic Agent(HttpClient http) => _http = http;", "_http.PostAsync(" + Url + ", null, ct)")]
    [InlineData("private readonly HttpClient _http = GatewayHttp.Shared;", "_http.PostAsync(" + Url + ", null, ct)")]
    [InlineData("private readonly HttpClient _http = new();", "_http.PostAsync(\"https://api.openai.com/v1/chat/completions\", null, ct)")]
    [InlineData("private readonly HttpClient _http = new();", "_http.GetAsync(\"http://127.0.0.1:18789/v1/models\", ct)")]
    [InlineData("private readonly HttpClient _http = new();", "_http.GetStreamAsync(\"http://127.0.0.1:18789/v1/responses\", ct)")]
    [InlineData("private readonly HttpClient _http = new();", "_http.SendAsync(new HttpRequestMessage(HttpMethod.Post, " + Url + "), HttpCompletionOption.ResponseHeadersRead, ct)")]
    public Task Enough_time_an_unknown_one_and_what_is_no_turn_are_left_alone(string members, string call) => Verifier.SilentAsync(
        InMethod($"await GatewayPipeline.Shared.ExecuteAsync(ct => {call}, cancellationToken);", members));

    [Fact]
    public Task A_stream_gets_its_parts_while_the_turn_works() => Verifier.SilentAsync(InMethod(
        "await foreach (var part in GatewayPipeline.Shared.ExecuteStreamingAsync(ct => _chat.CompleteChatStreamingAsync(new List<ChatMessage>(), null, ct), cancellationToken)) { }",
        WideSdk.Replace("FromMinutes(10)", "FromSeconds(10)", StringComparison.Ordinal)));

    [Theory]
    [InlineData("var slow = cancellationToken.CanBeCanceled ? new CancellationTokenSource(TimeSpan.FromMinutes(5)) : new CancellationTokenSource(500);")]
    [InlineData("var slow = new CancellationTokenSource(500);\nslow.CancelAfter(TimeSpan.FromMinutes(5));")]
    [InlineData("var slow = new CancellationTokenSource();\nslow.CancelAfter(500);\nslow.CancelAfter(TimeSpan.FromMinutes(5));")]
    public Task A_token_whose_time_depends_is_left_alone(string statement) => Verifier.SilentAsync(InMethod(
        statement + "\nawait GatewayPipeline.Shared.ExecuteAsync(_ => _http.PostAsync(" + Url + ", null, slow.Token), cancellationToken);", Wide));

    [Fact]
    public Task An_unprotected_call_is_another_rules_finding() => Verifier.ReportedAsync(
        InMethod("await _http.{|OCG1001:PostAsync|}(" + Url + ", null, cancellationToken);", "private readonly HttpClient _http = new();"));

    [Theory]
    [InlineData("openclaw_min_turn_seconds = 60")]
    [InlineData("build_property.OpenClawMinTurnSeconds = 0")]
    public Task The_least_time_is_yours_to_say(string config) => Verifier.SilentAsync(
        InMethod("await GatewayPipeline.Shared.ExecuteAsync(ct => _http.PostAsync(" + Url + ", null, ct), cancellationToken);", "private readonly HttpClient _http = new();"), config: config);

    [Theory]
    [InlineData("new()", "new() { Timeout = TimeSpan.FromMinutes(10) }")]
    [InlineData("new HttpClient { Timeout = TimeSpan.FromSeconds(30) /* why */ }", "new HttpClient { Timeout = TimeSpan.FromMinutes(10) /* why */ }")]
    [InlineData("new() { Timeout = new TimeSpan(0, 1, 0), MaxResponseContentBufferSize = 5 }", "new() { Timeout = TimeSpan.FromMinutes(10), MaxResponseContentBufferSize = 5 }")]
    public Task The_client_gives_it_time(string client, string fixedClient) => Verifier.FixedAsync(
        InMethod("await GatewayPipeline.Shared.ExecuteAsync(ct => _http.{|OCG1003:PostAsync|}(" + Url + ", null, ct), cancellationToken);", $"private readonly HttpClient _http = {client};"),
        InMethod("await GatewayPipeline.Shared.ExecuteAsync(ct => _http.PostAsync(" + Url + ", null, ct), cancellationToken);", $"private readonly HttpClient _http = {fixedClient};"));

    [Theory]
    [InlineData("10", "30_000", "10", "TimeSpan.FromMinutes(10)")]
    [InlineData("1", "TimeSpan.FromMinutes(10)", "10", "TimeSpan.FromMinutes(10)")]
    public Task The_token_and_the_pipeline_give_it_time(string minutes, string time, string fixedMinutes, string fixedTime)
    {
        string Source(string limit, string after, string name) => InMethod(
            $"await new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMinutes({limit})).Build().ExecuteAsync(async ct =>\n{{\n"
                + $"    using var both = CancellationTokenSource.CreateLinkedTokenSource(ct);\n    both.CancelAfter({after});\n    await _http.{name}({Url}, null, both.Token);\n}}, cancellationToken);",
            Wide);
        return Verifier.FixedAsync(Source(minutes, time, "{|OCG1003:PostAsync|}"), Source(fixedMinutes, fixedTime, "PostAsync"));
    }

    [Fact]
    public Task The_options_give_it_time_for_calls_in_all_documents()
    {
        const string Client = "static class Clients { public static readonly ChatClient Chat = new(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0), Endpoint = new Uri(\"http://127.0.0.1:18789/v1\")MORE }); static void Main() { } }";
        const string First = "class First { public Task AskAsync(List<ChatMessage> messages) => GatewayPipeline.Shared.ExecuteAsync(ct => Clients.Chat.{|OCG1003:CompleteChatAsync|}(messages, cancellationToken: ct)); }";
        string Source(string code) => Usings + "\n\n" + code;
        string Plain(string code) => Source(code.Replace("{|OCG1003:CompleteChatAsync|}", "CompleteChatAsync", StringComparison.Ordinal));
        return Verifier.FixedInAllAsync(
            [Source(Client.Replace("MORE", "", StringComparison.Ordinal)), Source(First), Source(First.Replace("First", "Second", StringComparison.Ordinal))],
            [Source(Client.Replace("MORE", ", NetworkTimeout = TimeSpan.FromMinutes(10)", StringComparison.Ordinal)), Plain(First), Plain(First.Replace("First", "Second", StringComparison.Ordinal))]);
    }

    [Theory]
    [InlineData("private const int Limit = 30;\nprivate readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(Limit) };")]
    [InlineData("private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);\nprivate readonly HttpClient _http = new() { Timeout = Limit };")]
    public Task A_time_that_others_may_use_is_not_changed(string members) => Verifier.NotFixableAsync(
        InMethod("await GatewayPipeline.Shared.ExecuteAsync(ct => _http.{|OCG1003:PostAsync|}(" + Url + ", null, ct), cancellationToken);", members));

    private const string Usings = "using System.ClientModel;\nusing System.ClientModel.Primitives;\nusing OpenAI;\nusing OpenAI.Chat;\nusing OpenClaw.Resilience;\nusing Polly;";

    private static DiagnosticResult Expected(string call, string time, string source) => new DiagnosticResult("OCG1003", Microsoft.CodeAnalysis.DiagnosticSeverity.Info)
        .WithLocation(0).WithArguments(call, time, source).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations);

    private static string InMethod(string statements, string members) => Code.InClass(
        $"{members}\n\npublic async Task RunAsync(CancellationToken cancellationToken)\n{{\n    {statements.Replace("\n", "\n    ", StringComparison.Ordinal)}\n}}", Usings);
}
