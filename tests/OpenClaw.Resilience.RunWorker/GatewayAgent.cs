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

    /// <summary>
    /// Whether a step that has started before looks for its turn in the session's transcript, over the socket: the gateway may have ended it by itself.
    /// </summary>
    public bool LooksFirst { get; init; }

    /// <summary>Takes a turn for each prompt, a step each.</summary>
    public async Task<IReadOnlyList<string>> AskAsync(AgentRun run, IEnumerable<string> prompts, CancellationToken cancellationToken)
    {
        List<string> answers = [];
        foreach (string prompt in prompts)
        {
            answers.Add(await run.StepAsync(
                "turn",
                (step, token) => TurnAsync(step, prompt, token),
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

    private async Task<string> TurnAsync(StepContext step, string prompt, CancellationToken cancellationToken)
    {
        if (_protocol != Protocol.Socket)
        {
            ChatCompletion completion = await Pipeline.ExecuteAsync(
                async token => (await _chat.CompleteChatAsync([new UserChatMessage(prompt)], cancellationToken: token)).Value, cancellationToken);
            return completion.Content[0].Text;
        }

        if (LooksFirst && step.Attempt > 1 && await FindAnswerAsync(step.IdempotencyKey, cancellationToken) is { } found)
        {
            return found;
        }

        JsonElement answer = await Socket.RequestAsync(
            "agent",
            new JsonObject { ["message"] = prompt, ["agentId"] = "main", ["sessionKey"] = _session },
            step.IdempotencyKey,
            cancellationToken);
        return answer.GetProperty("result").GetProperty("payloads")[0].GetProperty("text").GetString()!;
    }

    /// <summary>The answer to the turn with this key, once the gateway has ended it; null when the session has no such turn.</summary>
    private async Task<string?> FindAnswerAsync(string key, CancellationToken cancellationToken)
    {
        while (true)
        {
            JsonElement history = await Socket.RequestAsync(
                "chat.history", new JsonObject { ["sessionKey"] = _session }, cancellationToken: cancellationToken);
            JsonElement[] after = [.. history.GetProperty("messages").EnumerateArray().SkipWhile(message => KeyOf(message) != $"{key}:user")];
            if (after is [])
            {
                return null;
            }

            // It says so of a turn that was cut off too, until it has gone on with it.
            if (history.GetProperty("sessionInfo").GetProperty("status").GetString() != "running")
            {
                JsonElement answer = after.First(message => message.GetProperty("role").ValueEquals("assistant") && KeyOf(message) is null);
                return answer.GetProperty("content")[0].GetProperty("text").GetString();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        static string? KeyOf(JsonElement message) => message.TryGetProperty("idempotencyKey", out JsonElement key) ? key.GetString() : null;
    }
}
