using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Resilience.GatewayTests.Provider;

/// <summary>One request of the gateway, and the words of the protocol to answer it with. The gateway always asks for a stream.</summary>
internal sealed class ModelCall(HttpContext context, Turn turn)
{
    private const int Created = 1_700_000_000;

    public Turn Turn => turn;

    /// <summary>Cancelled when the gateway closes its connection.</summary>
    public CancellationToken GatewayLeft => context.RequestAborted;

    /// <summary>Whether the provider itself has broken the connection.</summary>
    public bool IsBroken { get; private set; }

    public Task SendFirstHalfAsync()
    {
        context.Response.ContentType = "text/event-stream";
        return SendTextAsync(turn.Answer[..(turn.Answer.Length / 2)]);
    }

    public async Task SendSecondHalfAsync()
    {
        await SendTextAsync(turn.Answer[(turn.Answer.Length / 2)..]);
        await FinishAsync();
    }

    public async Task SendWholeAsync(string text)
    {
        context.Response.ContentType = "text/event-stream";
        await SendTextAsync(text);
        await FinishAsync();
    }

    public Task SendErrorAsync(int status, int? retryAfter)
    {
        context.Response.StatusCode = status;
        if (retryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var error = new { message = $"fault {status}", type = "provider_fault", code = status.ToString(CultureInfo.InvariantCulture) };
        return context.Response.WriteAsJsonAsync(new { error }, GatewayLeft);
    }

    public Task SendPageAsync(string html)
    {
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync(html, GatewayLeft);
    }

    public void Break()
    {
        IsBroken = true;
        context.Abort();
    }

    private Task SendTextAsync(string text) => SendChunkAsync(new { role = "assistant", content = text }, finishReason: null);

    private async Task FinishAsync()
    {
        await SendChunkAsync(new { }, "stop");
        await context.Response.WriteAsync("data: [DONE]\n\n", GatewayLeft);
    }

    private async Task SendChunkAsync(object delta, string? finishReason)
    {
        var chunk = new
        {
            id = turn.Prompt,
            @object = "chat.completion.chunk",
            created = Created,
            model = "echo",
            choices = new[] { new { index = 0, delta, finish_reason = finishReason } },
        };
        await context.Response.WriteAsync($"data: {System.Text.Json.JsonSerializer.Serialize(chunk)}\n\n", GatewayLeft);
        await context.Response.Body.FlushAsync(GatewayLeft);
    }
}
