using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Resilience.GatewayTests.Faults;

/// <summary>Streams that a program without a pipeline reads through <see cref="GatewayStream"/>.</summary>
[Collection(nameof(SteadyGateway))]
public sealed class HandReadStreamTests(SteadyGateway gateway) : GatewayTest(gateway)
{
    [Theory]
    [InlineData("v1/chat/completions")]
    [InlineData("v1/responses")]
    public async Task A_whole_answer_is_read_to_its_end(string endpoint)
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);
        var events = new List<SseItem<string>>();

        await ReadAsync(endpoint, turn, events);

        Assert.NotEmpty(events);
        Assert.All(events, item => Assert.StartsWith("{", item.Data, StringComparison.Ordinal));
        Assert.Contains(events, item => item.Data.Contains(endpoint == "v1/responses" ? "response.completed" : "finish_reason", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("v1/chat/completions")]
    [InlineData("v1/responses")]
    public async Task A_failure_of_the_provider_is_no_answer(string endpoint)
    {
        Turn turn = Gateway.Provider.Script(Replies.Status(429, retryAfter: 120));

        var thrown = await Assert.ThrowsAnyAsync<HttpIOException>(() => ReadAsync(endpoint, turn, []));

        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Throttled, true, TimeSpan.FromSeconds(120)), (failure.Kind, failure.MayHaveRun, failure.RetryAfter));
    }

    private async Task ReadAsync(string endpoint, Turn turn, List<SseItem<string>> events)
    {
        var caller = new Caller(Gateway);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = endpoint == "v1/responses"
                ? JsonContent.Create(new { model = GatewayFolder.MainModel, stream = true, input = turn.Prompt })
                : JsonContent.Create(
                    new { model = GatewayFolder.MainModel, stream = true, messages = new[] { new { role = "user", content = turn.Prompt } } }),
        };
        using HttpResponseMessage response = await caller.Http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        await using Stream stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await foreach (SseItem<string> item in GatewayStream.ReadEventsAsync(stream, TestContext.Current.CancellationToken))
        {
            events.Add(item);
        }
    }
}
