using System.Net.Sockets;
using System.Net.WebSockets;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Http;

/// <summary>Real sockets, where the kind of fault matters.</summary>
public sealed class TransportFaultTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task A_refused_connection_is_retried_whatever_the_effect()
    {
        Assert.Equal((3, FailureKind.Transient, false), await PostAsync(RawServer.RefusedAddress(), CallEffect.Unknown));
    }

    [Fact]
    public async Task A_connection_that_is_closed_without_an_answer_is_not()
    {
        await using var server = new RawServer(RawServer.Close);
        Assert.Equal((1, FailureKind.Truncated, true), await PostAsync(server.Address, CallEffect.Unknown));
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_reset_is_not_unless_the_call_has_no_effects()
    {
        await using var server = new RawServer(RawServer.Reset);
        (int attempts, FailureKind _, bool mayHaveRun) = await PostAsync(server.Address, CallEffect.Unknown);
        Assert.Equal((1, true), (attempts, mayHaveRun));
        (attempts, _, mayHaveRun) = await PostAsync(server.Address, CallEffect.None);
        Assert.Equal((2, true), (attempts, mayHaveRun));
    }

    [Fact]
    public async Task A_body_that_is_cut_is_truncated()
    {
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
            exchange.Client.Close();
        });
        Assert.Equal((1, FailureKind.Truncated, true), await PostAsync(server.Address, CallEffect.Unknown));
    }

    [Fact]
    public async Task A_failed_handshake_is_retried_whatever_the_effect()
    {
        await using var server = new RawServer();
        Uri tls = new UriBuilder(server.Address) { Scheme = "https" }.Uri;
        Assert.Equal((3, FailureKind.Transient, false), await PostAsync(tls, CallEffect.Unknown));
    }

    [Fact]
    public async Task Garbage_is_ambiguous()
    {
        await using var server = new RawServer(async exchange =>
        {
            await exchange.SendAsync("garbage\r\n\r\n");
            exchange.Client.Close();
        });
        Assert.Equal((1, FailureKind.Transient, true), await PostAsync(server.Address, CallEffect.Unknown));
    }

    [Fact]
    public async Task Silence_ends_at_the_limit_and_closes_the_connection()
    {
        var closed = new TaskCompletionSource();
        await using var server = new RawServer(async exchange =>
        {
            await exchange.WaitForCloseAsync();
            closed.SetResult();
        });
        using HttpClient client = Client();
        Task<HttpResponseMessage> call = Gateways.OpenClaw(_time).ExecuteAsync(token => client.PostAsync(server.Address, new StringContent("{}"), token));
        await Gateways.EventuallyAsync(() => server.Requests == 1);

        _time.Advance(TimeSpan.FromMinutes(10));

        var thrown = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.IsType<TimeoutException>(thrown.InnerException);
        await closed.Task.WaitAsync(VirtualTime.Patience);
    }

    [Fact]
    public async Task A_refused_connection_after_a_request_that_ran_is_not_safe()
    {
        await using var server = new RawServer(RawServer.Answer(RawServer.Json(200, "{}")));
        Uri dead = RawServer.RefusedAddress();
        using HttpClient client = Client();

        // An agent with a tool: the first turn ran, the second found the gateway gone.
        Assert.Equal((1, true), await RunAsync(async token =>
        {
            await client.PostAsync(server.Address, new StringContent("{}"), token);
            await client.PostAsync(dead, new StringContent("{}"), token);
        }));
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_refused_connection_after_a_request_that_only_reads_is_safe()
    {
        await using var server = new RawServer(RawServer.Answer(RawServer.Json(200, "{}")));
        Uri dead = RawServer.RefusedAddress();
        using HttpClient client = Client();

        Assert.Equal((3, false), await RunAsync(async token =>
        {
            await client.GetAsync(server.Address, token);
            await client.PostAsync(dead, new StringContent("{}"), token);
        }));
    }

    [Fact]
    public async Task A_request_under_way_beside_a_refused_one_is_not_safe()
    {
        await using var server = new RawServer(exchange => exchange.WaitForCloseAsync());
        Uri dead = RawServer.RefusedAddress();
        using HttpClient client = Client();
        using var cleanUp = new CancellationTokenSource();
        Task? beside = null;

        Assert.Equal((1, true), await RunAsync(async token =>
        {
            beside = client.PostAsync(server.Address, new StringContent("{}"), cleanUp.Token);
            await client.PostAsync(dead, new StringContent("{}"), token);
        }));

        await cleanUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => beside!);
    }

    [Fact]
    public async Task Work_in_the_background_of_another_flow_is_not_counted()
    {
        await using var server = new RawServer(RawServer.Answer(RawServer.Json(200, "{}")));
        Uri dead = RawServer.RefusedAddress();
        using HttpClient client = Client();
        var go = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        Task background = Task.Run(async () =>
        {
            await go.Task;
            await client.PostAsync(server.Address, new StringContent("{}"));
            done.SetResult();
        });

        Assert.Equal((3, false), await RunAsync(async token =>
        {
            go.TrySetResult();
            await done.Task;
            await client.PostAsync(dead, new StringContent("{}"), token);
        }));
        await background;
    }

    [Fact]
    public async Task A_drain_met_by_the_second_request_is_not_safe_but_by_the_only_one_it_is()
    {
        string draining = RawServer.Json(503, """{"error":{"code":"gateway_unavailable"}}""", "Retry-After: 1\r\n");
        await using var server = new RawServer(RawServer.Answer(RawServer.Json(200, "{}")), RawServer.Answer(draining));
        await using var drained = new RawServer(RawServer.Answer(draining));
        using HttpClient client = Client();

        Assert.Equal((1, true), await RunAsync(async token =>
        {
            await PostAndThrowAsync(server.Address, token);
            await PostAndThrowAsync(server.Address, token);
        }));
        Assert.Equal((3, false), await RunAsync(token => PostAndThrowAsync(drained.Address, token)));

        async Task PostAndThrowAsync(Uri address, CancellationToken token)
        {
            using HttpResponseMessage response = await client.PostAsync(address, new StringContent("{}"), token);
            if (!response.IsSuccessStatusCode)
            {
                throw new HttpRequestException(await response.Content.ReadAsStringAsync(token), null, response.StatusCode);
            }
        }
    }

    [Fact]
    public async Task A_web_socket_that_finds_nobody_or_a_drain_is_safe()
    {
        Uri dead = new UriBuilder(RawServer.RefusedAddress()) { Scheme = "ws" }.Uri;
        Assert.Equal((3, false), await RunAsync(async token =>
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(dead, token);
        }));

        await using var server = new RawServer(
            RawServer.Answer("HTTP/1.1 503 Draining\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        Uri draining = new UriBuilder(server.Address) { Scheme = "ws" }.Uri;
        Assert.Equal((3, false), await RunAsync(async token =>
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(draining, token);
        }));
    }

    [Fact]
    public async Task After_a_web_socket_was_open_anything_may_have_been_said()
    {
        await using var server = new RawServer(async exchange =>
        {
            await exchange.UpgradeAsync();
            await exchange.WaitForCloseAsync();
        });
        Uri address = new UriBuilder(server.Address) { Scheme = "ws" }.Uri;
        Uri dead = new UriBuilder(RawServer.RefusedAddress()) { Scheme = "ws" }.Uri;

        Assert.Equal((1, true), await RunAsync(async token =>
        {
            using (var first = new ClientWebSocket())
            {
                await first.ConnectAsync(address, token);
            }

            using var second = new ClientWebSocket();
            await second.ConnectAsync(dead, token);
        }));
    }

    private static HttpClient Client() => new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });

    private async Task<(int Attempts, FailureKind Kind, bool MayHaveRun)> PostAsync(Uri address, CallEffect effect)
    {
        using HttpClient client = Client();
        int attempts = 0;
        Task call = Gateways.OpenClaw(_time).ExecuteAsync(
            token =>
            {
                attempts++;
                return client.PostAsync(address, new StringContent("{}"), token);
            },
            effect);
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
        var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        return (attempts, failure.Kind, failure.MayHaveRun);
    }

    private async Task<(int Attempts, bool MayHaveRun)> RunAsync(Func<CancellationToken, Task> callback)
    {
        int attempts = 0;
        Task call = Gateways.OpenClaw(_time).ExecuteAsync(token =>
        {
            attempts++;
            return callback(token);
        });
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
        Exception thrown = (await Assert.ThrowsAnyAsync<Exception>(() => call))!;
        Assert.True(thrown is HttpRequestException or WebSocketException or SocketException, thrown.ToString());
        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        return (attempts, failure.MayHaveRun);
    }
}
