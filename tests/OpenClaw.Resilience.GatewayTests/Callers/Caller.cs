using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenAI.Chat;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Resilience.GatewayTests.Callers;

/// <summary>A program that calls the gateway through a pipeline, in any of the <see cref="Way">ways</see>.</summary>
internal sealed class Caller
{
    // Far more than any turn takes here: a test that hangs is to end.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Lazy<ChatClient> _handledChat;
    private readonly string _token;
    private readonly string _model;

    /// <param name="gateway">Whom to call.</param>
    /// <param name="configure">Changes the options of <see cref="GatewayOptions.ForOpenClaw"/>.</param>
    /// <param name="token">Default: the right one.</param>
    /// <param name="model">Names an agent.</param>
    /// <param name="address">Default: the gateway's.</param>
    public Caller(
        GatewayUnderTest gateway,
        Action<GatewayOptions>? configure = null,
        string? token = null,
        string model = GatewayFolder.MainModel,
        Uri? address = null)
    {
        var options = GatewayOptions.ForOpenClaw();
        Configure(options);
        Pipeline = new GatewayPipeline(options);
        _model = model;
        _token = token ?? gateway.Token;
        Http = WithToken(GatewayHttp.Create(address ?? gateway.Address));
        Chat = CreateChat(Http);
        _handledChat = new(() => CreateChat(CreateHandled()));

        void Configure(GatewayOptions options)
        {
            options.AttemptTimeout = Patience;
            options.FirstByteTimeout = Patience;
            options.IdleTimeout = Patience;
            configure?.Invoke(options);
        }

        HttpClient CreateHandled()
        {
            string name = Guid.NewGuid().ToString();
            var services = new ServiceCollection();
            services.AddOpenClawGateway(name, Configure);
            services.AddHttpClient(name).AddOpenClawResilience(name);
            HttpClient client = services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient(name);
            client.BaseAddress = Http.BaseAddress;
            foreach ((string header, IEnumerable<string> values) in Http.DefaultRequestHeaders)
            {
                client.DefaultRequestHeaders.Add(header, values);
            }

            return client;
        }
    }

    /// <summary>All ways, for the data of a theory.</summary>
    public static IReadOnlyList<Way> Ways { get; } = Enum.GetValues<Way>();

    public GatewayPipeline Pipeline { get; }

    /// <summary>The client below all ways; its default headers go with each request.</summary>
    public HttpClient Http { get; }

    public ChatClient Chat { get; }

    public static bool IsStream(Way way) => way is Way.SdkStream or Way.HandlerStream or Way.RawStream;

    public Asking Ask(Way way, Turn turn, CallEffect effect = CallEffect.Unknown) => Ask(way, turn.Prompt, effect);

    public Asking Ask(Way way, string prompt, CallEffect effect = CallEffect.Unknown)
        => AskUntil(way, prompt, effect, TestContext.Current.CancellationToken);

    public Asking AskUntil(Way way, string prompt, CallEffect effect, CancellationToken cancellationToken)
        => new(asking => SettleAsync(asking, way, prompt, effect, cancellationToken));

    /// <summary>The bare library call, for callbacks of a test's own.</summary>
    public async Task<string> CompleteAsync(string prompt, CancellationToken token)
    {
        ChatCompletion completion = await Chat.CompleteChatAsync([new UserChatMessage(prompt)], cancellationToken: token);
        return TextOf(completion.Content);
    }

    /// <summary>A call that blocks its thread.</summary>
    public string Complete(string prompt)
        => TextOf(Pipeline.Execute(token => Chat.CompleteChat([new UserChatMessage(prompt)], cancellationToken: token)).Value.Content);

    /// <summary>A stream that blocks its thread.</summary>
    public string Stream(string prompt)
        => string.Concat(Pipeline
            .ExecuteStreaming(token => Chat.CompleteChatStreaming([new UserChatMessage(prompt)], cancellationToken: token))
            .Select(update => TextOf(update.ContentUpdate)));

    private static string TextOf(ChatMessageContent content) => string.Concat(content.Select(part => part.Text));

    private async Task<Ending> SettleAsync(Asking asking, Way way, string prompt, CallEffect effect, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        try
        {
            return way switch
            {
                Way.Sdk => await CompleteAsync(text, prompt, effect, cancellationToken),
                Way.SdkStream => await ReadUpdatesAsync(asking, text, Pipeline.ExecuteStreamingAsync(
                    token => Stream(Chat, prompt, token), effect, cancellationToken)),
                Way.HandlerStream => await ReadUpdatesAsync(asking, text, Stream(_handledChat.Value, prompt, cancellationToken)),
                _ => await SendAsync(asking, text, way, prompt, effect, cancellationToken),
            };
        }
        catch (Exception exception)
        {
            GatewayFailure failure = GatewayFailure.Classify(exception, cancellationToken: cancellationToken);
            return new Ending(text.ToString(), exception, Status: null, failure);
        }
    }

    private async Task<Ending> CompleteAsync(StringBuilder text, string prompt, CallEffect effect, CancellationToken cancellationToken)
    {
        text.Append(await Pipeline.ExecuteAsync(token => CompleteAsync(prompt, token), effect, cancellationToken));
        return Good(text);
    }

    private static IAsyncEnumerable<StreamingChatCompletionUpdate> Stream(ChatClient chat, string prompt, CancellationToken token)
        => chat.CompleteChatStreamingAsync([new UserChatMessage(prompt)], cancellationToken: token);

    private static async Task<Ending> ReadUpdatesAsync(
        Asking asking, StringBuilder text, IAsyncEnumerable<StreamingChatCompletionUpdate> updates)
    {
        await foreach (StreamingChatCompletionUpdate update in updates)
        {
            text.Append(asking.Saw(TextOf(update.ContentUpdate)));
        }

        return Good(text);
    }

    private async Task<Ending> SendAsync(
        Asking asking, StringBuilder text, Way way, string prompt, CallEffect effect, CancellationToken cancellationToken)
    {
        bool isStream = IsStream(way);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = JsonContent.Create(
                new { model = _model, stream = isStream, messages = new[] { new { role = "user", content = prompt } } }),
        };
        HttpCompletionOption completion = isStream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead;
        using HttpResponseMessage response = await Pipeline.SendAsync(Http, request, completion, effect, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            string body = await response.Content.ReadAsStringAsync(cancellationToken);
            return new Ending(body, Exception: null, (int)response.StatusCode, GatewayFailure.Classify(response, body));
        }

        if (isStream)
        {
            await ReadEventsAsync(asking, text, response, cancellationToken);
        }
        else
        {
            using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            text.Append(answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        }

        return Good(text);
    }

    private static async Task ReadEventsAsync(
        Asking asking, StringBuilder text, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (!item.Data.StartsWith('{'))
            {
                continue;
            }

            using JsonDocument chunk = JsonDocument.Parse(item.Data);
            if (chunk.RootElement.TryGetProperty("choices", out JsonElement choices)
                && choices.GetArrayLength() > 0
                && choices[0].GetProperty("delta").TryGetProperty("content", out JsonElement content))
            {
                text.Append(asking.Saw(content.GetString() ?? string.Empty));
            }
        }
    }

    private HttpClient WithToken(HttpClient client)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        return client;
    }

    private ChatClient CreateChat(HttpClient client) => new(_model, new ApiKeyCredential(_token), new OpenAIClientOptions
    {
        Endpoint = new Uri(client.BaseAddress!, "v1"),
        Transport = new HttpClientPipelineTransport(client),
        RetryPolicy = new ClientRetryPolicy(0),
        NetworkTimeout = Timeout.InfiniteTimeSpan,
    });

    private static Ending Good(StringBuilder text) => new(text.ToString(), Exception: null, Status: null, Failure: null);
}
