using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Resilience.GatewayTests.Faults;

/// <summary>The gateway's other endpoint, <c>/v1/responses</c>, whose events have other names.</summary>
[Collection(nameof(SteadyGateway))]
public sealed class ResponsesTests(SteadyGateway gateway) : GatewayTest(gateway)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_good_answer_is_one(bool isStreamed)
    {
        Turn turn = Gateway.Provider.Script(Replies.Good);

        string answer = await AskAsync(turn, isStreamed);

        Assert.Contains(turn.Answer, answer, StringComparison.Ordinal);
        Assert.Equal(1, turn.Calls);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    public async Task An_error_within_a_stream_is_a_failure(int status)
    {
        Turn turn = Gateway.Provider.Script(Replies.Status(status));

        var thrown = await Assert.ThrowsAnyAsync<HttpIOException>(() => AskAsync(turn, isStreamed: true));

        Assert.Equal(HttpRequestError.InvalidResponse, thrown.HttpRequestError);
        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        Assert.Equal((status == 429 ? FailureKind.Throttled : FailureKind.Transient, true), (failure.Kind, failure.MayHaveRun));
        Assert.Equal(1, turn.Calls);
    }

    /// <summary>Returns what was read to the end of the answer.</summary>
    private async Task<string> AskAsync(Turn turn, bool isStreamed)
    {
        var caller = new Caller(Gateway);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses")
        {
            Content = JsonContent.Create(new { model = GatewayFolder.MainModel, stream = isStreamed, input = turn.Prompt }),
        };
        using HttpResponseMessage response = await caller.Pipeline.SendAsync(
            caller.Http, request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        if (!isStreamed)
        {
            return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        string all = "";
        await using Stream stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken))
        {
            all += $"{item.EventType}: {item.Data}\n";
        }

        return all;
    }
}
