using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Resilience.GatewayTests.Provider;

/// <summary>
/// The model behind the gateway: an OpenAI-compatible endpoint on loopback. It knows the turn of a call by its prompt, plays that turn's
/// script, and counts.
/// </summary>
internal sealed partial class ModelProvider : IAsyncDisposable
{
    // What the gateway writes above a prompt that it sends once more after a restart.
    private const string ResumeNote = "interrupted by a gateway restart";

    private static readonly double[] Vector = [0.6, 0.8];

    private readonly ConcurrentDictionary<string, Turn> _turns = new();
    private readonly WebApplication _server;
    private readonly Func<string, Turn?>? _find;

    private ModelProvider(WebApplication server, Func<string, Turn?>? find)
    {
        _server = server;
        _find = find;
    }

    public int Port => new Uri(_server.Urls.Single()).Port;

    /// <param name="find">Knows the turn of a request without a prompt of ours by its body; null knows none.</param>
    public static async Task<ModelProvider> StartAsync(Func<string, Turn?>? find = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, LifeOfTheTests>();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        WebApplication server = builder.Build();
        var provider = new ModelProvider(server, find);
        server.MapPost("/v1/chat/completions", provider.AnswerAsync);
        server.MapPost("/v1/embeddings", Embed);
        await server.StartAsync();
        return provider;
    }

    /// <summary>A prompt that nobody else uses, and what the model does when it sees it.</summary>
    public Turn Script(params Reply[] script)
    {
        var turn = new Turn(script);
        _turns[turn.Prompt] = turn;
        return turn;
    }

    public async ValueTask DisposeAsync()
    {
        // Calls that hang would hold up an orderly stop.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private static IResult Embed() => Results.Json(new
    {
        @object = "list",
        model = "echo",
        data = new[] { new { @object = "embedding", index = 0, embedding = Vector } },
        usage = new { prompt_tokens = 1, total_tokens = 1 },
    });

    [GeneratedRegex("turn-[0-9a-f]{32}", RegexOptions.RightToLeft)]
    private static partial Regex LastPrompt { get; }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        string body = await reader.ReadToEndAsync(context.RequestAborted);
        if ((_find?.Invoke(body) ?? _turns.GetValueOrDefault(LastPrompt.Match(body).Value)) is not { } turn)
        {
            context.Response.StatusCode = 400;
            return;
        }

        var call = new ModelCall(context, turn);
        Reply reply = turn.Begin(body.Contains(ResumeNote, StringComparison.Ordinal));
        bool isAbandoned = false;
        try
        {
            await reply(call);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            isAbandoned = true;
        }
        finally
        {
            turn.End(isAbandoned && !call.IsBroken);
        }
    }

    /// <summary>The host's own lifetime would take the signals that end the test program.</summary>
    private sealed class LifeOfTheTests : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
