using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Demo;

/// <summary>
/// A gateway for one scenario, on loopback: the endpoints that the agent uses, the answers that the real one gives, and one fault. Counts the turns that
/// it starts, as the bill of a model provider would.
/// </summary>
internal sealed partial class StandInGateway : IScenarioGateway
{
    private readonly WebApplication _app;
    private readonly Fault _fault;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _turns = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _outageStarted;

    private StandInGateway(WebApplication app, Fault fault)
    {
        _app = app;
        _fault = fault;
    }

    public string Token => "demo";

    public string Topic => "ocean currents";

    /// <summary>It has no life to lose.</summary>
    public int Resumed => 0;

    public Task Struck => _struck.Task;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public IReadOnlyDictionary<string, int> Turns
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, int>(_turns);
            }
        }
    }

    /// <summary>Starts a gateway on a free port, or on the given one.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<StandInGateway> StartAsync(Fault fault, int port, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        WebApplication app = builder.Build();
        var gateway = new StandInGateway(app, fault);
        app.UseWebSockets();
        app.MapPost("/v1/chat/completions", gateway.CompleteAsync);
        app.MapPost("/v1/embeddings", EmbedAsync);
        app.MapPost("/tools/invoke", () => Results.Json(new { ok = true, result = new { details = new { count = 42 } } }));
        app.Map("/", gateway.ControlAsync);
        await app.StartAsync(cancellationToken);
        return gateway;
    }

    /// <summary>All that it does to the agent happens in its answers.</summary>
    public Task StrikeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task EmbedAsync(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        byte[] vector = new byte[2 * sizeof(float)];
        BitConverter.TryWriteBytes(vector, request.RootElement.GetProperty("input").ToString().Length / 100f);
        await context.Response.WriteAsJsonAsync(
            new
            {
                @object = "list",
                model = "openclaw",
                data = new[] { new { @object = "embedding", index = 0, embedding = Convert.ToBase64String(vector) } },
                usage = new { prompt_tokens = 1, total_tokens = 1 },
            },
            context.RequestAborted);
    }

    [GeneratedRegex(@"^\[(step (?<step>\d+)|summary)\]")]
    private static partial Regex TagPattern();

    private async Task CompleteAsync(HttpContext context)
    {
        JsonNode request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        Match tag = TagPattern().Match(LastUserText(request));
        bool strikesHere = tag.Groups["step"].Value == Schedule.Step.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (strikesHere && await IsRefusedAsync(context))
        {
            return;
        }

        bool isFirst = CountTurn(tag.Value) == 1;
        if (strikesHere && isFirst && _fault is Fault.Reset or Fault.KillInStep)
        {
            _struck.TrySetResult();
            if (_fault == Fault.Reset)
            {
                context.Abort();
                return;
            }

            // The turn takes a while; whoever is killed meanwhile never sees the answer.
            await Task.Delay(TimeSpan.FromSeconds(3), context.RequestAborted);
        }

        await AnswerAsync(context, request["stream"]?.GetValue<bool>() == true, tag.Value);
    }

    private static string LastUserText(JsonNode request)
    {
        JsonNode content = request["messages"]!.AsArray().Last(message => message!["role"]!.GetValue<string>() == "user")!["content"]!;
        return content is JsonArray parts ? string.Concat(parts.Select(part => part!["text"]!.GetValue<string>())) : content.GetValue<string>();
    }

    private int CountTurn(string tag)
    {
        lock (_lock)
        {
            return _turns[tag] = _turns.GetValueOrDefault(tag) + 1;
        }
    }

    /// <summary>Throttles or drains for as long as the schedule says, from the first request that meets it.</summary>
    private async Task<bool> IsRefusedAsync(HttpContext context)
    {
        if (_fault is not (Fault.Throttled or Fault.ThrottledWithRetryAfter or Fault.Draining))
        {
            return false;
        }

        long now = Stopwatch.GetTimestamp();
        long started = Interlocked.CompareExchange(ref _outageStarted, now, 0);
        if (started != 0 && Stopwatch.GetElapsedTime(started, now) > Schedule.Outage)
        {
            return false;
        }

        _struck.TrySetResult();
        context.Response.StatusCode = _fault == Fault.Draining ? 503 : 429;
        if (_fault != Fault.Throttled)
        {
            context.Response.Headers.RetryAfter = _fault == Fault.Draining ? "1" : "2";
        }

        object error = _fault == Fault.Draining
            ? new { message = "The gateway is draining.", type = "service_unavailable", code = "gateway_unavailable" }
            : new { message = "The model provider is at its limit.", type = "rate_limit_error" };
        await context.Response.WriteAsJsonAsync(new { error }, context.RequestAborted);
        return true;
    }

    private static async Task AnswerAsync(HttpContext context, bool streams, string tag)
    {
        string text = $"what {tag} found";
        if (!streams)
        {
            await context.Response.WriteAsJsonAsync(
                new
                {
                    id = "chatcmpl-1",
                    @object = "chat.completion",
                    created = 1,
                    model = "openclaw",
                    choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content = text } } },
                    usage = new { prompt_tokens = 1, completion_tokens = 1, total_tokens = 2 },
                },
                context.RequestAborted);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        foreach ((string? delta, string? finish) in new (string?, string?)[] { (text, null), (null, "stop") })
        {
            string chunk = JsonSerializer.Serialize(new
            {
                id = "chatcmpl-1",
                @object = "chat.completion.chunk",
                created = 1,
                model = "openclaw",
                choices = new[] { new { index = 0, finish_reason = finish, delta = new { role = "assistant", content = delta } } },
            });
            await context.Response.WriteAsync($"data: {chunk}\n\n", context.RequestAborted);
        }

        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }

    private async Task ControlAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = 404;
            return;
        }

        if (_fault == Fault.Hang && !_struck.Task.IsCompleted)
        {
            _struck.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[4096];
        while ((await socket.ReceiveAsync(buffer, context.RequestAborted)).MessageType != WebSocketMessageType.Close)
        {
            await socket.SendAsync("""{"type":"res","id":"1","ok":true}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        }
    }
}
