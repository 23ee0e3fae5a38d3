using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenClaw.Resilience;

// A web service that asks an agent. All requests of the process share one pipeline: its permits, its circuit, its options from appsettings.json, which
// may change while it runs.
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
IConfigurationSection settings = builder.Configuration.GetSection("OpenClaw");
builder.Services.AddOpenClawGateway().Bind(settings).ValidateOnStart();
builder.Services.AddHealthChecks().AddCheck<GatewayHealthCheck>("gateway");
builder.Services.AddSingleton(_ => new ChatClient("openclaw", new ApiKeyCredential(settings["Token"] ?? "none"), new OpenAIClientOptions
{
    Endpoint = new Uri(settings["Address"] + "/v1"),
    // The pipeline owns the retries: the SDK would repeat a turn at once.
    RetryPolicy = new ClientRetryPolicy(0),
}));

WebApplication app = builder.Build();
app.MapHealthChecks("/health");
app.MapPost("/ask", async (Question question, ChatClient chat, GatewayPipeline pipeline, CancellationToken cancellationToken) =>
{
    try
    {
        ChatCompletion reply = await pipeline.ExecuteAsync(ct => chat.CompleteChatAsync([new UserChatMessage(question.Text)], cancellationToken: ct), cancellationToken);
        return Results.Ok(new { Answer = reply.Content[0].Text });
    }
    catch (Exception exception) when (exception is ClientResultException or HttpRequestException && GatewayFailure.IsTransient(exception))
    {
        // Nothing has run when MayHaveRun is false: the caller may simply come back.
        GatewayFailure failure = GatewayFailure.Classify(exception, cancellationToken: cancellationToken);
        return Results.Problem(failure.Advice, statusCode: StatusCodes.Status503ServiceUnavailable, extensions: new Dictionary<string, object?> { ["mayHaveRun"] = failure.MayHaveRun });
    }
});
await app.RunAsync();

/// <summary>What somebody asks.</summary>
/// <param name="Text">The question.</param>
internal sealed record Question(string Text);
