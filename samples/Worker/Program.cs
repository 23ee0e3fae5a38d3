using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Resilience;

// A worker that has long work done by an agent, step by step, over the gateway's WebSocket. Kill it at any time and start it again: finished steps are
// not executed again, and a turn that was cut off is repeated only where the gateway still knows its key. Stop it, and the chapter that is being written is
// finished first; when the gateway is away, it waits and goes on.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddOpenClawGateway().ValidateOnStart();
builder.Services.AddOpenClawDrain();
builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(10)); // as long as a chapter may take
builder.Services.AddSingleton(services => new GatewaySocket(services.GetRequiredService<GatewayPipeline>(), new GatewaySocketOptions
{
    Address = new Uri(Environment.GetEnvironmentVariable("OPENCLAW_GATEWAY_URL") ?? "ws://127.0.0.1:18789"),
    Token = Environment.GetEnvironmentVariable("OPENCLAW_GATEWAY_TOKEN"),
}));
builder.Services.AddHostedService<ReportWorker>();
await builder.Build().RunAsync();

/// <summary>Writes one report, chapter by chapter, and stops.</summary>
internal sealed partial class ReportWorker(GatewaySocket gateway, DrainCoordinator drain, ILogger<ReportWorker> log, IHostApplicationLifetime host) : BackgroundService
{
    private static readonly string[] Chapters = ["history", "currents", "storms", "ships"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        const string Topic = "the North Sea";
        await AgentRun.RunAsync(
            RunId.From("report", Topic),
            async (run, cancellationToken) =>
            {
                foreach (string chapter in Chapters)
                {
                    string text = await run.StepAsync(
                        StepName.ForItem("chapter", chapter),
                        (step, ct) => WriteAsync($"{Topic}: {chapter}", step.IdempotencyKey, ct),
                        cancellationToken);
                    Written(chapter, text.Length);
                }
            },
            new AgentRunOptions { Drain = drain },
            stoppingToken);
        host.StopApplication();
    }

    private async Task<string> WriteAsync(string subject, string key, CancellationToken cancellationToken)
    {
        JsonElement answer = await gateway.RequestAsync("agent", new JsonObject { ["message"] = $"Write about {subject}." }, key, cancellationToken);
        return answer.ToString();
    }

    [LoggerMessage(LogLevel.Information, "Chapter {Chapter} has {Length} characters.")]
    private partial void Written(string chapter, int length);
}
