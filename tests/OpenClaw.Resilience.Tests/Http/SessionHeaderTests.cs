using System.Text.Json;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Http;

/// <summary>Requests that name their session themselves.</summary>
public sealed class SessionHeaderTests
{
    private const string Header = "x-openclaw-session-key";
    private const string Address = "http://gateway/v1/chat/completions";
    private readonly VirtualTime _time = new();
    private readonly TaskCompletionSource _gate = new();
    private int _inside;
    private int _most;

    public static TheoryData<string> Ways => ["request", "client", "handler"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Posts_of_one_session_wait_for_each_other(string way)
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using HttpClient client = Client(pipeline, way);

        Task[] turns = [.. Enumerable.Range(0, 4).Select(_ => SendAsync(pipeline, client, way, "agent:main:a"))];

        Assert.Equal((1, 3), (Volatile.Read(ref _inside), pipeline.State.Sessions.WaitingCalls));
        Assert.Equal(4, pipeline.State.FreePermits);
        _gate.SetResult();
        await Task.WhenAll(turns).WaitAsync(VirtualTime.Patience);
        Assert.Equal(1, _most);
        Assert.Equal((0, 5), (pipeline.State.Sessions.BusySessions, pipeline.State.FreePermits));
    }

    [Fact]
    public async Task Reads_do_not_wait_and_other_sessions_do_not_either()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using HttpClient client = Client(pipeline, "request");

        Task[] turns =
        [
            SendAsync(pipeline, client, "request", "agent:main:a"),
            SendAsync(pipeline, client, "request", "agent:main:b"),
            SendAsync(pipeline, client, "request", session: null),
            SendAsync(pipeline, client, "request", "agent:main:a", HttpMethod.Get),
        ];

        Assert.Equal((4, 0), (Volatile.Read(ref _inside), pipeline.State.Sessions.WaitingCalls));
        _gate.SetResult();
        await Task.WhenAll(turns);
    }

    [Fact]
    public async Task A_session_that_the_caller_names_wins()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using HttpClient client = Client(pipeline, "request");

        Task[] turns = [SendAsync(pipeline.ForSession("x"), client, "request", "a"), SendAsync(pipeline.ForSession("y"), client, "request", "a")];

        Assert.Equal(2, Volatile.Read(ref _inside));
        _gate.SetResult();
        await Task.WhenAll(turns);
    }

    [Fact]
    public async Task A_streamed_answer_has_its_session_until_it_is_disposed()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Stream(new FeedStream().Feed("data: {}\n\n")), ScriptedHandler.Answer(200)));
        using HttpRequestMessage request = Request("a", HttpMethod.Post);
        HttpResponseMessage response = await pipeline.SendAsync(client, request, HttpCompletionOption.ResponseHeadersRead);
        Task<HttpResponseMessage> next = pipeline.SendAsync(client, request);

        Assert.Equal((false, 1), (next.IsCompleted, pipeline.State.Sessions.WaitingCalls));
        response.Dispose();

        (await next).Dispose();
        Assert.Equal((0, 5), (pipeline.State.Sessions.BusySessions, pipeline.State.FreePermits));
    }

    [Fact]
    public async Task Turns_over_a_socket_wait_for_their_session_and_messages_to_a_turn_do_not()
    {
        await using var gateway = new SocketGateway(async request =>
        {
            if (request.Method == "agent")
            {
                Enter();
                await _gate.Task;
                Interlocked.Decrement(ref _inside);
            }

            await request.OkAsync(new() { ["status"] = "ok" });
        });
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        await using var socket = gateway.Socket(pipeline);
        Task<JsonElement>[] turns = [Ask("agent", "a"), Ask("agent", "a"), Ask("agent", "a")];
        await Gateways.EventuallyAsync(() => Volatile.Read(ref _inside) == 1);

        Task<JsonElement>[] others = [Ask("chat.send", "a"), Ask("agent", null)];

        Assert.Equal((2, 3), (pipeline.State.Sessions.WaitingCalls, 5 - pipeline.State.FreePermits));
        _gate.SetResult();
        await Task.WhenAll([.. turns, .. others]).WaitAsync(VirtualTime.Patience);
        Assert.Equal(0, pipeline.State.Sessions.BusySessions);

        Task<JsonElement> Ask(string method, string? session) => socket.RequestAsync(method, new() { ["message"] = "go", ["sessionKey"] = session });
    }

    private void Enter()
    {
        int inside = Interlocked.Increment(ref _inside);
        _most = Math.Max(_most, inside);
    }

    private HttpClient Client(GatewayPipeline pipeline, string way)
    {
        var server = new ScriptedHandler(async (request, _) =>
        {
            Enter();
            await _gate.Task;
            Interlocked.Decrement(ref _inside);
            return new HttpResponseMessage { RequestMessage = request, Content = new StringContent("{}") };
        });
        var client = new HttpClient(way == "handler" ? new GatewayHandler(pipeline) { InnerHandler = server } : server);
        if (way == "client")
        {
            client.DefaultRequestHeaders.Add(Header, "agent:main:a");
        }

        return client;
    }

    private static async Task SendAsync(GatewayPipeline pipeline, HttpClient client, string way, string? session, HttpMethod? method = null)
    {
        using HttpRequestMessage request = Request(way == "client" ? null : session, method ?? HttpMethod.Post);
        using HttpResponseMessage response = way == "handler" ? await client.SendAsync(request) : await pipeline.SendAsync(client, request);
    }

    private static HttpRequestMessage Request(string? session, HttpMethod method)
    {
        var request = new HttpRequestMessage(method, Address);
        if (session is not null)
        {
            request.Headers.Add(Header, session);
        }

        return request;
    }
}
