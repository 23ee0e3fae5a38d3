namespace OpenClaw.Analyzers.Tests.Stubs;

/// <summary>The declarations of <see cref="StubLibraries"/>. Nothing of them runs.</summary>
internal static class StubSources
{
    public const string SemanticKernel = """
        namespace Microsoft.SemanticKernel
        {
            using Microsoft.SemanticKernel.ChatCompletion;

            public sealed class Kernel
            {
                public static IKernelBuilder CreateBuilder() => null;
                public T GetRequiredService<T>(object serviceKey = null) where T : class => null;
                public Task<FunctionResult> InvokeAsync(KernelFunction function, CancellationToken cancellationToken = default) => null;
            }

            public abstract class KernelFunction { }
            public class FunctionResult { }
            public class ChatMessageContent { public string Content { get; set; } }
            public class PromptExecutionSettings { }

            public interface IKernelBuilder { Microsoft.Extensions.DependencyInjection.IServiceCollection Services { get; } }
            public interface IFunctionInvocationFilter { Task OnFunctionInvocationAsync(object context, Func<object, Task> next); }

            public static class KernelExtensions
            {
                public static Kernel Build(this IKernelBuilder builder) => null;
                public static Task<FunctionResult> InvokePromptAsync(this Kernel kernel, string promptTemplate, CancellationToken cancellationToken = default) => null;
                public static IAsyncEnumerable<string> InvokePromptStreamingAsync(this Kernel kernel, string promptTemplate, CancellationToken cancellationToken = default) => null;
            }

            public static class OpenAIKernelBuilderExtensions
            {
                public static IKernelBuilder AddOpenAIChatCompletion(this IKernelBuilder builder, string modelId, string apiKey, string orgId = null, string serviceId = null, HttpClient httpClient = null) => null;
                public static IKernelBuilder AddOpenAIChatCompletion(this IKernelBuilder builder, string modelId, Uri endpoint, string apiKey, HttpClient httpClient = null) => null;
                public static IKernelBuilder AddOpenAIChatCompletion(this IKernelBuilder builder, string modelId, OpenAI.OpenAIClient openAIClient = null) => null;
                public static IKernelBuilder AddAzureOpenAIChatCompletion(this IKernelBuilder builder, string deploymentName, string endpoint, string apiKey) => null;
            }
        }

        namespace Microsoft.SemanticKernel.ChatCompletion
        {
            public class ChatHistory { }

            public interface IChatCompletionService
            {
                Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(ChatHistory chatHistory, PromptExecutionSettings executionSettings = null, Kernel kernel = null, CancellationToken cancellationToken = default);
                IAsyncEnumerable<ChatMessageContent> GetStreamingChatMessageContentsAsync(ChatHistory chatHistory, PromptExecutionSettings executionSettings = null, Kernel kernel = null, CancellationToken cancellationToken = default);
            }

            public static class ChatCompletionServiceExtensions
            {
                public static Task<ChatMessageContent> GetChatMessageContentAsync(this IChatCompletionService service, ChatHistory chatHistory, PromptExecutionSettings executionSettings = null, Kernel kernel = null, CancellationToken cancellationToken = default) => null;
                public static Task<ChatMessageContent> GetChatMessageContentAsync(this IChatCompletionService service, string prompt, PromptExecutionSettings executionSettings = null, Kernel kernel = null, CancellationToken cancellationToken = default) => null;
            }
        }

        namespace Microsoft.SemanticKernel.Connectors.OpenAI
        {
            using Microsoft.SemanticKernel.ChatCompletion;

            public sealed class OpenAIChatCompletionService : IChatCompletionService
            {
                public OpenAIChatCompletionService(string modelId, string apiKey, string organization = null, HttpClient httpClient = null) { }
                public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(ChatHistory chatHistory, PromptExecutionSettings executionSettings = null, Kernel kernel = null, CancellationToken cancellationToken = default) => null;
                public IAsyncEnumerable<ChatMessageContent> GetStreamingChatMessageContentsAsync(ChatHistory chatHistory, PromptExecutionSettings executionSettings = null, Kernel kernel = null, CancellationToken cancellationToken = default) => null;
            }
        }
        """;

    public const string AgentFramework = """
        namespace Microsoft.Agents.AI
        {
            public class AgentRunResponse { }
            public class AgentThread { }

            public abstract class AIAgent
            {
                public Task<AgentRunResponse> RunAsync(string message, AgentThread thread = null, CancellationToken cancellationToken = default) => null;
                public IAsyncEnumerable<AgentRunResponse> RunStreamingAsync(string message, AgentThread thread = null, CancellationToken cancellationToken = default) => null;
            }

            public class ChatClientAgent : AIAgent
            {
                public ChatClientAgent(Microsoft.Extensions.AI.IChatClient chatClient, string instructions = null) { }
            }

            public static class ChatClientExtensions
            {
                public static ChatClientAgent CreateAIAgent(this Microsoft.Extensions.AI.IChatClient chatClient, string instructions = null) => null;
            }
        }
        """;

    public const string AzureOpenAI = """
        namespace Azure.AI.OpenAI
        {
            public class AzureOpenAIClient : global::OpenAI.OpenAIClient
            {
                public AzureOpenAIClient(Uri endpoint, System.ClientModel.ApiKeyCredential credential) { }
            }
        }
        """;

    public const string AzureInference = """
        namespace Azure.AI.Inference
        {
            public class ChatCompletions { }
            public class ChatCompletionsOptions { }

            public class ChatCompletionsClient
            {
                public ChatCompletionsClient(Uri endpoint, Azure.AzureKeyCredential credential) { }
                public virtual Task<ChatCompletions> CompleteAsync(ChatCompletionsOptions options, CancellationToken cancellationToken = default) => null;
            }
        }
        """;

    public const string AnthropicSdk = """
        namespace Anthropic.SDK
        {
            public class AnthropicClient : IDisposable
            {
                public AnthropicClient(string apiKey = null, HttpClient client = null) { }
                public Messaging.MessagesEndpoint Messages { get; }
                public void Dispose() { }
            }
        }

        namespace Anthropic.SDK.Messaging
        {
            public class MessageParameters { }
            public class MessageResponse { }

            public class MessagesEndpoint
            {
                public Task<MessageResponse> GetClaudeMessageAsync(MessageParameters parameters, CancellationToken ctx = default) => null;
                public IAsyncEnumerable<MessageResponse> StreamClaudeMessageAsync(MessageParameters parameters, CancellationToken ctx = default) => null;
            }
        }
        """;

    public const string OllamaSharp = """
        namespace OllamaSharp
        {
            public class ChatRequest { }

            public interface IOllamaApiClient
            {
                IAsyncEnumerable<string> ChatAsync(ChatRequest request, CancellationToken cancellationToken = default);
                Task<IEnumerable<string>> ListLocalModelsAsync(CancellationToken cancellationToken = default);
            }

            public class OllamaApiClient : IOllamaApiClient, IDisposable
            {
                public OllamaApiClient(Uri uri, string defaultModel = "") { }
                public OllamaApiClient(HttpClient client, string defaultModel = "") { }
                public IAsyncEnumerable<string> ChatAsync(ChatRequest request, CancellationToken cancellationToken = default) => null;
                public Task<IEnumerable<string>> ListLocalModelsAsync(CancellationToken cancellationToken = default) => null;
                public void Dispose() { }
            }
        }
        """;

    public const string RestSharp = """
        namespace RestSharp
        {
            public enum Method { Get, Post }

            public class RestResponse
            {
                public bool IsSuccessful { get; set; }
                public string Content { get; set; }
            }

            public class RestRequest
            {
                public RestRequest(string resource = null, Method method = Method.Get) { }
                public TimeSpan? Timeout { get; set; }
                public string Resource { get; set; }
                public Method Method { get; set; }
                public RestRequest AddHeader(string name, string value) => this;
            }

            public class RestClientOptions
            {
                public RestClientOptions() { }
                public RestClientOptions(string baseUrl) { }
                public Uri BaseUrl { get; set; }
                public TimeSpan? Timeout { get; set; }
                public Func<HttpMessageHandler, HttpMessageHandler> ConfigureMessageHandler { get; set; }
            }

            public interface IRestClient : IDisposable
            {
                Task<RestResponse> ExecuteAsync(RestRequest request, CancellationToken cancellationToken = default);
            }

            public class RestClient : IRestClient
            {
                public RestClient(string baseUrl) { }
                public RestClient(RestClientOptions options) { }
                public RestClient(HttpClient httpClient, RestClientOptions options = null) { }
                public Task<RestResponse> ExecuteAsync(RestRequest request, CancellationToken cancellationToken = default) => null;
                public void Dispose() { }
            }

            public static class RestClientExtensions
            {
                public static Task<RestResponse> PostAsync(this IRestClient client, RestRequest request, CancellationToken cancellationToken = default) => null;
                public static Task<T> PostJsonAsync<T>(this IRestClient client, string resource, object body, CancellationToken cancellationToken = default) => null;
            }
        }
        """;

    public const string Flurl = """
        namespace Flurl
        {
            public class Url
            {
                public Url(string baseUrl) { }
                public Url AppendPathSegment(object segment, bool fullyEncode = false) => this;
            }

            public static class GeneratedExtensions
            {
                public static Url AppendPathSegment(this string url, object segment, bool fullyEncode = false) => null;
                public static Url AppendPathSegments(this string url, params object[] segments) => null;
            }
        }

        namespace Flurl.Http
        {
            public interface IFlurlResponse { }
            public interface IFlurlRequest { }
            public interface IFlurlClient : IDisposable { IFlurlRequest Request(params object[] urlSegments); }

            public class FlurlClient : IFlurlClient
            {
                public FlurlClient(string baseUrl = null) { }
                public FlurlClient(HttpClient httpClient, string baseUrl = null) { }
                public IFlurlRequest Request(params object[] urlSegments) => null;
                public void Dispose() { }
            }

            public static class GeneratedExtensions
            {
                public static IFlurlRequest WithHeader(this string url, string name, object value) => null;
                public static IFlurlRequest WithOAuthBearerToken(this Flurl.Url url, string token) => null;
                public static IFlurlRequest WithTimeout(this IFlurlRequest request, TimeSpan timespan) => null;
                public static Task<IFlurlResponse> PostJsonAsync(this string url, object body, HttpCompletionOption completionOption = HttpCompletionOption.ResponseContentRead, CancellationToken cancellationToken = default) => null;
                public static Task<IFlurlResponse> PostJsonAsync(this Flurl.Url url, object body, HttpCompletionOption completionOption = HttpCompletionOption.ResponseContentRead, CancellationToken cancellationToken = default) => null;
                public static Task<IFlurlResponse> PostJsonAsync(this IFlurlRequest request, object body, HttpCompletionOption completionOption = HttpCompletionOption.ResponseContentRead, CancellationToken cancellationToken = default) => null;
                public static Task<string> GetStringAsync(this string url, CancellationToken cancellationToken = default) => null;
            }

            public static class FlurlHttp
            {
                public static void ConfigureClientForUrl(string url) { }
            }
        }
        """;

    public const string Refit = """
        namespace Refit
        {
            public abstract class HttpMethodAttribute : Attribute
            {
                protected HttpMethodAttribute(string path) { }
            }

            public class GetAttribute : HttpMethodAttribute { public GetAttribute(string path) : base(path) { } }
            public class PostAttribute : HttpMethodAttribute { public PostAttribute(string path) : base(path) { } }

            public static class RestService
            {
                public static T For<T>(string hostUrl) => default;
                public static T For<T>(HttpClient client) => default;
            }

            public static class HttpClientFactoryExtensions
            {
                public static Microsoft.Extensions.DependencyInjection.IHttpClientBuilder AddRefitClient<T>(this Microsoft.Extensions.DependencyInjection.IServiceCollection services) where T : class => null;
            }
        }
        """;

    public const string OpenClawClient = """
        namespace OpenClaw.Client
        {
            public sealed class OpenClawHttpClient : IDisposable
            {
                public OpenClawHttpClient(string baseUrl, string authToken, HttpClient httpClient = null) { }
                public Task<string> ChatCompletionAsync(object request, CancellationToken cancellationToken) => null;
                public IAsyncEnumerable<string> StreamChatCompletionAsync(object request, CancellationToken cancellationToken) => null;
                public void Dispose() { }
            }

            public sealed class OpenClawWebSocketClient : IAsyncDisposable
            {
                public Task ConnectAsync(Uri uri, string token, CancellationToken cancellationToken) => null;
                public Task SendUserMessageAsync(string text, CancellationToken cancellationToken) => null;
                public ValueTask DisposeAsync() => default;
            }
        }
        """;

    public const string OpenClawShared = """
        namespace OpenClaw.Shared
        {
            public class OpenClawGatewayClient : IDisposable
            {
                public OpenClawGatewayClient(string gatewayUrl, string token) { }
                public Task ConnectAsync() => null;
                public Task SendChatMessageAsync(string message, string sessionKey = null) => null;
                public Task<string> SendChatMessageForRunAsync(string message, string sessionKey = null, string idempotencyKey = null) => null;
                public void Dispose() { }
            }
        }
        """;
}
