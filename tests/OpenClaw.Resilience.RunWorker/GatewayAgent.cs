using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Chat;

namespace OpenClaw.Resilience.RunWorker;

/// <summary>How an agent sends its turns to the gateway.</summary>
public enum Protocol
{
    /// <summary>HTTP without a session: each turn is a conversation of its own.</summary>
    Stateless,

    /// <summary>HTTP with a session's key.</summary>
    Session,

    /// <summary>The WebSocket, with a session's key and the step's own idempotency key.</summary>
    Socket,
}

/// <summary>An agent whose steps are turns of a real gateway. A session, where there is one, is guarded.</summary>
public sealed class GatewayAgent : IAsyncDisposable
{
    private readonly Protocol _protocol;
    private readonly string _session;
    private readonly HttpClient _http;
    private readonly ChatClient _chat;

    public GatewayAgent(Protocol protocol, Uri address, string token, string session)
    {
        _protocol = protocol;
        _session = session;
        var options = GatewayOptions.ForOpenClaw();
        options.ProbeUri = new Uri(address, "readyz");
        Pipeline = new GatewayPipeline(options);
        Socket = new GatewaySocket(Pipeline, new GatewaySocketOptions { Address = new UriBuilder(address) { Scheme = "ws" }.Uri, Token = token });
        _http = GatewayHttp.Create(address);
        if (protocol == Protocol.Session)
        {
            _http.DefaultRequestHeaders.Add("x-openclaw-session-key", session);
        }

        _chat = new("openclaw/main", new ApiKeyCredential(token), new OpenAIClientOptions
        {
            Endpoint = new Uri(address, "v1"),
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        });
        Guard = protocol == Protocol.Stateless ? null : new SessionContinuityGuard(Socket, session);
    }

    public GatewayPipeline Pipeline { get; }

    public GatewaySocket Socket { get; }

    /// <summary>Looks at the session before each turn; a test may have it count in another way.</summary>
    public SessionContinuityGuard? Guard { get; set; }

    /// <summary>Takes a turn for each prompt, a step each.</summary>
    public async Task<IReadOnlyList<string>> AskAsync(AgentRun run, IEnumerable<string> prompts, CancellationToken cancellationToken)
    {
        List<string> answers = [];
        foreach (string prompt in prompts)
        {
            answers.Add(await run.StepAsync(
                "turn",
                (step, token) => TurnAsync(prompt, step.IdempotencyKey, token),
                new StepOptions { Input = StepInput.From(prompt), Session = Guard },
                cancellationToken));
        }

        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        await Socket.DisposeAsync();
        _http.Dispose();
    }

    private async Task<string> TurnAsync(string prompt, string key, CancellationToken cancellationToken)
    {
        if (_protocol != Protocol.Socket)
        {
            ChatCompletion completion = await Pipeline.ExecuteAsync(
                async token => (await _chat.CompleteChatAsync([new UserChatMessage(prompt)], cancellationToken: token)).Value, cancellationToken);
            return completion.Content[0].Text;
        }

        JsonElement answer = await Socket.RequestAsync(
            "agent", new JsonObject { ["message"] = prompt, ["agentId"] = "main", ["sessionKey"] = _session }, key, cancellationToken);
        return answer.GetProperty("result").GetProperty("payloads")[0].GetProperty("text").GetString()!;
    }
}
