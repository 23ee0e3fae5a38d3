using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Json;
using OpenAI;
using OpenAI.Chat;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace OpenClaw.Resilience.Bench;

/// <summary>One way to call a gateway. A turn either returns or throws.</summary>
internal sealed record Contender(string Name, Func<string, CancellationToken, Task> TurnAsync)
{
    private static readonly Uri Address = new("http://gateway/v1/chat/completions");

    /// <summary>All of them, each with a state and a gateway of its own.</summary>
    public static IEnumerable<Func<TimeProvider, SimulatedGateway, Contender>> All => [Ours, PollyDefaults, SdkDefault, BlogRecipe];

    private static Contender Ours(TimeProvider time, SimulatedGateway gateway)
    {
        GatewayOptions options = GatewayOptions.ForOpenClaw();
        options.TimeProvider = time;
        HttpClient client = Client(gateway);
        options.ProbeUri = new Uri("http://gateway/readyz");
        options.ProbeClient = client;
        var pipeline = new GatewayPipeline(options);
        return new("GatewayPipeline", async (id, token) =>
        {
            using HttpRequestMessage request = Request(id);
            using HttpResponseMessage response = await pipeline.SendAsync(client, request, token).ConfigureAwait(false);
            response.EnsureSuccessStatusCode();
        });
    }

    // Retry, breaker and timeout as they are when nothing is configured, in the order of Polly's own samples.
    private static Contender PollyDefaults(TimeProvider time, SimulatedGateway gateway)
        => Piped("Polly defaults", gateway, new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions())
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions())
            .AddTimeout(new TimeoutStrategyOptions())
            .Build());

    // Five attempts, 2^n seconds and jitter, and a breaker around all of it.
    private static Contender BlogRecipe(TimeProvider time, SimulatedGateway gateway)
        => Piped("recipe of the blogs", gateway, new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(60),
                BreakDuration = TimeSpan.FromSeconds(30),
            })
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 4,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(2),
                UseJitter = true,
            })
            .Build());

    private static Contender SdkDefault(TimeProvider time, SimulatedGateway gateway)
    {
        var chat = new ChatClient("openclaw", new ApiKeyCredential("none"), new OpenAIClientOptions
        {
            Endpoint = new Uri("http://gateway/v1"),
            Transport = new HttpClientPipelineTransport(Client(gateway)),
            RetryPolicy = new VirtualRetryPolicy(time),
        });
        return new("OpenAI SDK defaults", async (id, token) =>
        {
            RequestName.Value = id;
            await chat.CompleteChatAsync([new UserChatMessage("go")], options: null, token).ConfigureAwait(false);
        });
    }

    private static Contender Piped(string name, SimulatedGateway gateway, ResiliencePipeline pipeline)
    {
        HttpClient client = Client(gateway);
        return new(name, async (id, token) => await pipeline.ExecuteAsync(
            async attempt =>
            {
                using HttpRequestMessage request = Request(id);
                using HttpResponseMessage response = await client.SendAsync(request, attempt).ConfigureAwait(false);
                response.EnsureSuccessStatusCode();
            },
            token).ConfigureAwait(false));
    }

    private static readonly AsyncLocal<string?> RequestName = new();

    private static HttpClient Client(SimulatedGateway gateway) => new(new Naming(gateway)) { Timeout = Timeout.InfiniteTimeSpan };

    private static HttpRequestMessage Request(string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = JsonContent.Create(new { model = "openclaw" }) };
        request.Headers.Add(SimulatedGateway.RequestHeader, id);
        return request;
    }

    /// <summary>The SDK's policy, with the waits on the virtual clock.</summary>
    private sealed class VirtualRetryPolicy(TimeProvider time) : ClientRetryPolicy
    {
        protected override Task WaitAsync(TimeSpan time1, CancellationToken cancellationToken) => Task.Delay(time1, time, cancellationToken);
    }

    /// <summary>Names the requests of a client that does not let its caller do so.</summary>
    private sealed class Naming(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (RequestName.Value is { } name && !request.Headers.Contains(SimulatedGateway.RequestHeader))
            {
                request.Headers.Add(SimulatedGateway.RequestHeader, name);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
