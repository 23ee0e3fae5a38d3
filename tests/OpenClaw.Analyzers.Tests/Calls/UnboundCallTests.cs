using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>Invocations that do not bind because a generator has not written what they pass: links of a chain, never the place of a report.</summary>
public sealed class UnboundCallTests
{
    private static string Client(string ask, string send, string members = "") => $$"""
        using System.Text.Json.Serialization.Metadata;

        class OwnContext
        {
            public static OwnContext Default { get; } = new();
        }

        class GatewayClient
        {
            private static readonly Uri Chat = new("http://box/v1/chat/completions");
            private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

            public async Task<string> AskAsync(CancellationToken token)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, Chat);
                {{ask}}
            }
        {{members}}
            private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken token)
            {
                using var answer = await _http.{{send}}(request, HttpCompletionOption.ResponseHeadersRead, token);
                return await answer.Content.ReadFromJsonAsync(type, token);
            }

            static void Main() { }
        }
        """;

    [Theory]
    [InlineData("return await SendAsync(request, OwnContext.Default.{|CS1061:Reply|}, token);")]
    [InlineData("return await SendAsync(request: request, token: token, type: OwnContext.Default.{|CS1061:Reply|});")]
    [InlineData("return await this.SendAsync(request, {|CS0103:ReplyType|}, token);")]
    public Task What_it_passes_is_followed_to_the_call(string ask)
        => Verifier.ReportedAsync(Client(ask, "{|OCG1001:{|OCG1002:SendAsync|}|}"));

    [Fact]
    public Task A_caller_behind_it_that_protects_is_seen() => Verifier.SilentAsync(Client(
        "return await OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(ct => AskOnceAsync(request, ct), token);",
        "SendAsync",
        """

            private async Task<string> AskOnceAsync(HttpRequestMessage request, CancellationToken token)
                => await SendAsync(request, OwnContext.Default.{|CS1061:Reply|}, token);

        """));

    [Theory]
    [InlineData("await Parallel.ForEachAsync({|CS0103:items|}, async (item, ct) => await AskOnceAsync(request, ct));", "{|OCG1001:SendAsync|}")]
    [InlineData("await OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(ct => AskOnceAsync(request, ct), {|CS0103:items|});", "SendAsync")]
    [InlineData("await {|CS0103:Unknown|}(ct => AskOnceAsync(request, ct));", "SendAsync")]
    public Task What_runs_a_lambda_is_judged_by_all_that_it_could_be(string run, string send) => Verifier.ReportedAsync(Client(
        run + "\n        return \"\";",
        send,
        """

            private async Task<string> AskOnceAsync(HttpRequestMessage request, CancellationToken token)
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
                return await SendAsync(request, OwnContext.Default.{|CS1061:Reply|}, limit.Token);
            }

        """));

    [Fact]
    public Task A_time_limit_behind_it_is_seen() => Verifier.ReportedAsync(Client(
        "using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));\n        return await SendAsync(request, OwnContext.Default.{|CS1061:Reply|}, limit.Token);",
        "{|OCG1001:SendAsync|}"));

    [Theory]
    [InlineData("return await SendAsync<string>({|CS1503:1|}, null, token);")]
    [InlineData("return await {|CS7036:SendAsync<string>|}(request, null);")]
    public Task What_is_wrong_for_another_reason_says_nothing(string ask) => Verifier.SilentAsync(Client(ask, "SendAsync"));

    [Fact]
    public Task One_of_several_methods_is_not_chosen() => Verifier.SilentAsync(Client(
        "return await SendAsync(request, OwnContext.Default.{|CS1061:Reply|}, token);",
        "SendAsync",
        """

            private Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<List<T>> type, CancellationToken token) => Task.FromResult(default(T));

        """));

    [Fact]
    public Task The_call_itself_is_not_reported() => Verifier.SilentAsync(
        """
        class GatewayClient
        {
            private readonly HttpClient _http = new();

            public Task<HttpResponseMessage> AskAsync(object body, CancellationToken token)
                => _http.PostAsJsonAsync("http://box/v1/chat/completions", body, {|CS0103:ReplyType|}, token);

            static void Main() { }
        }
        """);
}
