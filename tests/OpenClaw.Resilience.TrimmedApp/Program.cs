using System.Net;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenClaw.Resilience;

// A program of each part of the library, without a gateway: its HTTP goes to a handler in this process, its socket to a port where nobody is.
string folder = Directory.CreateTempSubdirectory("openclaw-trimmed-").FullName;
try
{
    await CallsAsync();
    await HostAsync();
    await RunsAsync(folder);
    await SocketAsync();
    Console.WriteLine("all parts work");
    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static async Task CallsAsync()
{
    GatewayPipeline pipeline = GatewayPipeline.For("trimmed", () => GatewayOptions.ForModelProvider());
    Expect(await pipeline.ExecuteAsync(_ => Task.FromResult(1)), 1);
    Expect(pipeline.ForSession("agent:main:a").Execute(_ => 2), 2);
    Expect((await pipeline.WhenAllAsync([1, 2, 3], (item, _) => Task.FromResult(item * 2))).Items.Count, 3);
    List<int> elements = [];
    await foreach (int element in pipeline.ExecuteStreamingAsync(_ => Elements()))
    {
        elements.Add(element);
    }

    Expect(elements.Count, 2);

    using var client = new HttpClient(new Answering());
    using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway/v1/chat/completions") { Content = new StringContent("{}") };
    using HttpResponseMessage response = await pipeline.SendAsync(client, request);
    Expect(response.StatusCode, HttpStatusCode.OK);

    using var stream = new MemoryStream(Encoding.UTF8.GetBytes("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"));
    int events = 0;
    await foreach (var _ in GatewayStream.ReadEventsAsync(stream))
    {
        events++;
    }

    Expect(events, 1);
    Expect(GatewayFailure.Classify(new HttpRequestException("no", null, HttpStatusCode.Unauthorized)).Kind, FailureKind.Permanent);
    using Deadline deadline = Deadline.After(TimeSpan.FromMinutes(1));
    await Backoff.DelayAsync(0, new CancellationToken(canceled: true)).ContinueWith(_ => { }, TaskScheduler.Default);

    static async IAsyncEnumerable<int> Elements()
    {
        yield return 1;
        await Task.Yield();
        yield return 2;
    }
}

static async Task HostAsync()
{
    HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
    builder.Configuration.AddInMemoryCollection([new("OpenClaw:MaxConcurrentCalls", "3")]);
    builder.Services.AddOpenClawGateway("hosted", options => options.MaxConcurrentCalls = 3).ValidateOnStart();
    builder.Services.AddOpenClawDrain("hosted");
    builder.Services.AddHttpClient("agent").ConfigurePrimaryHttpMessageHandler(() => new Answering()).AddOpenClawResilience("hosted");
    using IHost host = builder.Build();
    await host.StartAsync();
    using HttpClient client = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("agent");
    Expect(await client.GetStringAsync(new Uri("http://gateway/v1/models")), "{}");
    var health = new GatewayHealthCheck(host.Services.GetRequiredService<GatewayPipeline>());
    Expect((await health.CheckHealthAsync(new HealthCheckContext())).Status, HealthStatus.Healthy);
    await host.StopAsync();
}

static async Task RunsAsync(string folder)
{
    var options = new AgentRunOptions { Store = new FileCheckpointStore(new FileCheckpointStoreOptions { Directory = folder }) };
    RunId id = RunId.From("trimmed", "topic", 7);
    AgentRun first = await AgentRun.ResumeAsync(id, options);
    Plan plan = await first.StepAsync("plan", (_, _) => Task.FromResult(new Plan("a", [1, 2])), Results.Default.Plan);
    await first.StepAsync("note", (_, _) => Task.CompletedTask);
    await first.DisposeAsync();
    Plan restored = await AgentRun.RunAsync(
        id,
        (run, ct) => run.StepAsync("plan", (_, _) => Task.FromException<Plan>(new InvalidOperationException("again")), Results.Default.Plan, ct),
        options);
    Expect(restored.Numbers.Count, plan.Numbers.Count);
    await AtomicFile.WriteAllTextAsync(Path.Combine(folder, "state.txt"), "x");
}

static async Task SocketAsync()
{
    var options = new GatewaySocketOptions { Address = new Uri("ws://127.0.0.1:1") };
    await using var socket = new GatewaySocket(GatewayPipeline.For("nobody", () => new GatewayOptions { MaxRetries = 0 }), options);
    try
    {
        await socket.RequestAsync("health");
        throw new InvalidOperationException("Somebody answered.");
    }
    catch (Exception exception) when (GatewayFailure.TryGet(exception, out GatewayFailure? failure))
    {
        Expect(failure.MayHaveRun, false);
    }
}

static void Expect<T>(T actual, T expected)
{
    if (!EqualityComparer<T>.Default.Equals(actual, expected))
    {
        throw new InvalidOperationException($"{actual} instead of {expected}");
    }
}

internal sealed record Plan(string Name, List<int> Numbers);

[JsonSerializable(typeof(Plan))]
internal sealed partial class Results : JsonSerializerContext;

internal sealed class Answering : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}"), RequestMessage = request });
}
