using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.BoundWait>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>What the clients of other libraries limit by themselves, and how the sources override it.</summary>
public sealed class LibraryLimitTests
{
    private const string Anthropic = "Anthropic";
    private const string Kernel = "Microsoft.SemanticKernel Microsoft.SemanticKernel.ChatCompletion";
    private const string Flurl = "Flurl Flurl.Http";

    [Theory]
    [InlineData(Anthropic, "await new AnthropicClient().Messages.{|OCG1002:Create|}(null!, cancellationToken);")]
    [InlineData(Anthropic, "await new AnthropicClient { Timeout = TimeSpan.FromSeconds(5) }.Messages.{|OCG1002:Create|}(null!);")]
    [InlineData(Kernel, "var kernel = Kernel.CreateBuilder().AddOpenAIChatCompletion(\"m\", \"k\").Build();\nawait kernel.{|OCG1002:InvokePromptAsync|}(\"hi\", cancellationToken);")]
    [InlineData(Kernel, "var kernel = Kernel.CreateBuilder().AddOpenAIChatCompletion(\"m\", new Uri(\"http://127.0.0.1:18789/v1\"), \"k\").Build();\nawait kernel.GetRequiredService<IChatCompletionService>().{|OCG1002:GetChatMessageContentAsync|}(\"hi\");")]
    [InlineData("RestSharp", "await new RestClient(new RestClientOptions(\"http://box:18789\") { Timeout = Timeout.InfiniteTimeSpan }).{|OCG1002:ExecuteAsync|}(new RestRequest(\"v1/responses\", Method.Post));")]
    [InlineData("RestSharp", "await new RestClient(\"http://box:18789\").{|OCG1002:ExecuteAsync|}(new RestRequest(\"v1/responses\", Method.Post) { Timeout = Timeout.InfiniteTimeSpan });")]
    [InlineData(Flurl, "await \"http://box:18789/v1/responses\".WithHeader(\"a\", 1).WithTimeout(Timeout.InfiniteTimeSpan).{|OCG1002:PostJsonAsync|}(1);")]
    [InlineData("ModelContextProtocol.Client", "var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };\nawait using var client = await McpClient.{|OCG1002:CreateAsync|}(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(\"http://tools\") }, http));\nawait client.{|OCG1002:CallToolAsync|}(\"search\");")]
    [InlineData("Refit", "var api = RestService.For<IApi>(new HttpClient { BaseAddress = new Uri(\"http://box:18789\"), Timeout = Timeout.InfiniteTimeSpan });\nawait api.AskAsync();", "interface IApi { [Post(\"/v1/responses\")] Task<string> AskAsync(); }")]
    [InlineData("OpenClaw.Client", "using var client = new OpenClawHttpClient(\"http://box\", \"t\");\nawait client.{|OCG1002:ChatCompletionAsync|}(1, CancellationToken.None);")]
    [InlineData("OpenClaw.Client", "using var client = new OpenClawHttpClient(\"http://box\", \"t\", new HttpClient { Timeout = Timeout.InfiniteTimeSpan });\nawait client.{|OCG1002:ChatCompletionAsync|}(1, default);")]
    [InlineData("OpenClaw.Client", "await using var client = new OpenClawWebSocketClient();\nawait client.{|OCG1002:ConnectAsync|}(new Uri(\"ws://box\"), \"t\", cancellationToken);")]
    public Task A_call_without_a_limit_is_reported(string usings, string statements, string members = "") => Verifier.ReportedAsync(Only(usings, statements, members));

    [Theory]
    [InlineData(Anthropic, "using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));\nawait new AnthropicClient().Messages.Create(null!, limit.Token);")]
    [InlineData(Anthropic, "await new AnthropicClient { HttpClient = new HttpClient(new Limiting()) }.Messages.Create(null!);", "sealed class Limiting : DelegatingHandler { }")]
    [InlineData(Anthropic, "await Client.Messages.Create(null!);", "static IAnthropicClient Client => null!;")]
    [InlineData(Kernel, "var kernel = Kernel.CreateBuilder().AddAzureOpenAIChatCompletion(\"d\", \"e\", \"k\").Build();\nawait kernel.InvokePromptAsync(\"hi\");")]
    [InlineData(Kernel, "var kernel = Kernel.CreateBuilder().AddOpenAIChatCompletion(\"m\", \"k\", httpClient: new HttpClient()).Build();\nawait kernel.InvokePromptAsync(\"hi\");")]
    [InlineData(Kernel, "var kernel = Kernel.CreateBuilder().AddOpenAIChatCompletion(\"m\", new OpenAI.OpenAIClient(\"k\")).Build();\nawait kernel.InvokePromptAsync(\"hi\");")]
    [InlineData(Kernel, "await new Microsoft.SemanticKernel.Connectors.OpenAI.OpenAIChatCompletionService(\"m\", \"k\").GetChatMessageContentAsync(\"hi\");")]
    [InlineData("RestSharp", "await new RestClient(\"http://box:18789\").ExecuteAsync(new RestRequest(\"v1/responses\", Method.Post));")]
    [InlineData("RestSharp", "await new RestClient(new RestClientOptions(\"http://box:18789\") { Timeout = Timeout.InfiniteTimeSpan }).ExecuteAsync(new RestRequest(\"v1/responses\", Method.Post) { Timeout = TimeSpan.FromSeconds(5) });")]
    [InlineData(Flurl, "await \"http://box:18789/v1/responses\".PostJsonAsync(1);")]
    [InlineData("ModelContextProtocol.Client", "await using var client = await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(\"http://tools\") }));\nawait client.CallToolAsync(\"search\");")]
    [InlineData("Refit", "await RestService.For<IApi>(\"http://box:18789\").AskAsync();", "interface IApi { [Post(\"/v1/responses\")] Task<string> AskAsync(); }")]
    [InlineData("OpenClaw.Client", "using var client = new OpenClawHttpClient(\"http://box\", \"t\", new HttpClient());\nawait client.ChatCompletionAsync(1, default);")]
    [InlineData("Azure.AI.OpenAI", "await new OpenAIClient(\"k\").GetChatCompletionsAsync(\"m\", null, cancellationToken);")]
    [InlineData("Microsoft.Agents.AI", "await new ChatClientAgent(null!).RunAsync(\"hi\");")]
    [InlineData("OllamaSharp", "await foreach (var part in new OllamaApiClient(new Uri(\"http://box:11434\")).ChatAsync(null!)) { }")]
    public Task A_limit_of_the_client_is_one(string usings, string statements, string members = "") => Verifier.SilentAsync(Only(usings, statements, members));

    /// <summary>The rule under test alone: that these calls lack a retry is said by others.</summary>
    private static string Only(string usings, string statements, string members)
        => "#pragma warning disable OCG1001\n" + LibraryCode.InMethod(usings, statements, members);
}
