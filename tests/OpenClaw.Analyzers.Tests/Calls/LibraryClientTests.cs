using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.CodeFixes.Calls;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>Clients beyond the SDK of OpenAI and plain HTTP: recognised, protected, and told apart from what only has their names.</summary>
public sealed class LibraryClientTests
{
    private const string Anthropic = "Anthropic Anthropic.Models.Messages";
    private const string Kernel = "Microsoft.SemanticKernel Microsoft.SemanticKernel.ChatCompletion Microsoft.SemanticKernel.Connectors.OpenAI";
    private const string Tools = "ModelContextProtocol.Client";
    private const string Flurl = "Flurl Flurl.Http";

    [Theory]
    [InlineData(Anthropic, "var answer = await new AnthropicClient().Messages.{|OCG1002:{|OCG1001:Create|}|}(null!, cancellationToken);")]
    [InlineData(Anthropic, "var client = new AnthropicClient { MaxRetries = 0 };\nawait client.Beta.Messages.{|OCG1002:{|OCG1001:Create|}|}(null!, cancellationToken);")]
    [InlineData(Anthropic, "await foreach (var part in new AnthropicClient().Messages.{|OCG1002:{|OCG1001:CreateStreaming|}|}(null!, cancellationToken)) { }")]
    [InlineData("Azure Azure.AI.OpenAI", "await new OpenAIClient(new Uri(\"https://x.openai.azure.com\"), new AzureKeyCredential(\"k\")).{|OCG1001:GetChatCompletionsAsync|}(\"m\", null, cancellationToken);")]
    [InlineData("Azure Azure.AI.OpenAI", "await new OpenAIClient(\"k\", new OpenAIClientOptions { Retry = { MaxRetries = 0 } }).{|OCG1001:GetChatCompletionsAsync|}(\"m\", null, cancellationToken);")]
    [InlineData("Azure Azure.AI.OpenAI", "var options = new OpenAIClientOptions();\noptions.Retry.MaxRetries = 0;\nawait new OpenAIClient(\"k\", options).{|OCG1001:GetChatCompletionsAsync|}(\"m\", null, cancellationToken);")]
    [InlineData(Kernel, "await new OpenAIChatCompletionService(\"m\", \"k\").{|OCG1001:GetChatMessageContentAsync|}(\"hi\", cancellationToken: cancellationToken);")]
    [InlineData(Kernel, "await new OpenAIChatCompletionService(\"m\", \"k\", httpClient: new HttpClient()).{|OCG1001:GetChatMessageContentsAsync|}(new ChatHistory(), cancellationToken: cancellationToken);")]
    [InlineData(Kernel, "var kernel = Kernel.CreateBuilder().AddAzureOpenAIChatCompletion(\"d\", \"e\", \"k\").Build();\nawait kernel.{|OCG1001:InvokePromptAsync|}(\"hi\", cancellationToken);")]
    [InlineData(Kernel, "var kernel = Kernel.CreateBuilder().AddAzureOpenAIChatCompletion(\"d\", \"e\", \"k\").Build();\nvar chat = kernel.GetRequiredService<IChatCompletionService>();\nawait chat.{|OCG1001:GetChatMessageContentAsync|}(new ChatHistory(), cancellationToken: cancellationToken);")]
    [InlineData("Microsoft.Agents.AI Microsoft.Extensions.AI", "AIAgent agent = ((IChatClient)null!).CreateAIAgent(\"help\");\nawait agent.{|OCG1001:RunAsync|}(\"hi\", cancellationToken: cancellationToken);")]
    [InlineData("Microsoft.Agents.AI Microsoft.Extensions.AI", "var agent = new ChatClientAgent(null!);\nawait foreach (var part in agent.{|OCG1001:RunStreamingAsync|}(\"hi\", cancellationToken: cancellationToken)) { }")]
    [InlineData(Tools, "await using var client = await McpClient.{|OCG1001:CreateAsync|}(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(\"http://tools/mcp\") }));\nawait client.{|OCG1001:CallToolAsync|}(\"search\", cancellationToken: cancellationToken);")]
    [InlineData("RestSharp", "await new RestClient(\"http://127.0.0.1:18789\").{|OCG1001:ExecuteAsync|}(new RestRequest(\"v1/chat/completions\", Method.Post), cancellationToken);")]
    [InlineData("RestSharp", "var client = new RestClient(new RestClientOptions(\"https://models.example\"));\nvar request = new RestRequest(\"v1/chat/completions\", Method.Post).AddHeader(\"a\", \"b\");\nvar plain = new RestRequest { Resource = \"/v1/responses\", Method = Method.Post };\nawait client.{|OCG1001:PostAsync|}(plain, cancellationToken);")]
    [InlineData("RestSharp", "await new RestClient(\"http://box:18789\").{|OCG1001:PostJsonAsync|}<string>(\"tools/invoke\", 1, cancellationToken);")]
    [InlineData(Flurl, "await \"http://127.0.0.1:18789/v1/responses\".{|OCG1001:PostJsonAsync|}(1, cancellationToken: cancellationToken);")]
    [InlineData(Flurl, "await \"https://models.example\".AppendPathSegment(\"v1/chat/completions\").WithOAuthBearerToken(\"t\").{|OCG1001:PostJsonAsync|}(1, cancellationToken: cancellationToken);")]
    [InlineData(Flurl, "await \"https://models.example\".AppendPathSegments(\"v1\", \"responses\").{|OCG1001:PostJsonAsync|}(1);")]
    [InlineData(Flurl, "var client = new FlurlClient(\"http://box:18789\");\nawait client.Request(\"hooks\", \"agent\").{|OCG1001:PostJsonAsync|}(1);")]
    [InlineData("OpenClaw.Client", "using var client = new OpenClawHttpClient(\"http://box\", \"t\");\nawait client.{|OCG1002:{|OCG1001:ChatCompletionAsync|}|}(1, cancellationToken);")]
    [InlineData("OpenClaw.Client", "await using var client = new OpenClawWebSocketClient();\nawait client.{|OCG1002:{|OCG1001:ConnectAsync|}|}(new Uri(\"ws://box\"), \"t\", cancellationToken);")]
    [InlineData("System.Net", "#pragma warning disable SYSLIB0014\nvar request = WebRequest.Create(\"http://127.0.0.1:18789/v1/responses\");\nrequest.Method = \"POST\";\nusing var response = await request.{|OCG1001:GetResponseAsync|}();")]
    [InlineData("System.Net", "#pragma warning disable SYSLIB0014\nvar request = (HttpWebRequest)WebRequest.Create(new Uri(\"http://127.0.0.1:18789/v1/responses\"));\nusing var response = request.{|OCG1001:GetResponse|}();")]
    [InlineData("System.Net", "#pragma warning disable SYSLIB0014\nusing var client = new WebClient();\nawait client.{|OCG1001:UploadStringTaskAsync|}(\"http://127.0.0.1:18789/v1/responses\", \"{}\");")]
    public Task An_unprotected_call_is_reported(string usings, string statements) => Verifier.ReportedAsync(LibraryCode.InMethod(usings, statements));

    [Theory]
    [InlineData(Anthropic, "await new AnthropicClient { MaxRetries = 5, Timeout = TimeSpan.FromMinutes(1) }.Messages.{|OCG1002:Create|}(null!, cancellationToken);")]
    [InlineData(Anthropic, "await Clients.Own.Messages.Create(null!, cancellationToken);", "static class Clients { public static AnthropicClient Own { get; } = new() { HttpClient = new HttpClient(new Retrying()) }; }\nsealed class Retrying : DelegatingHandler { }")]
    [InlineData(Anthropic, "await new AnthropicClient().WithOptions(o => o with { MaxRetries = 4 }).Messages.CountTokens(null!, new CancellationTokenSource(500).Token);")]
    [InlineData("Azure Azure.AI.OpenAI", "await new OpenAIClient(\"k\", new OpenAIClientOptions { Retry = { MaxRetries = 5 } }).GetChatCompletionsAsync(\"m\", null, cancellationToken);")]
    [InlineData(Kernel, "await new OpenAIChatCompletionService(\"m\", \"k\", httpClient: new HttpClient(new Retrying())).GetChatMessageContentAsync(\"hi\");", "sealed class Retrying : DelegatingHandler { }")]
    [InlineData(Kernel, "var kernel = Kernel.CreateBuilder().AddOpenAIChatCompletion(\"m\", \"k\", httpClient: new HttpClient(new Retrying())).Build();\nawait kernel.InvokePromptAsync(\"hi\");", "sealed class Retrying : DelegatingHandler { }")]
    [InlineData(Kernel, "var kernel = Kernel.CreateBuilder().AddOpenAIChatCompletion(\"m\", new OpenAI.OpenAIClient(\"k\")).Build();\nawait kernel.InvokePromptAsync(\"hi\");")]
    [InlineData(Kernel, "await new Kernel().InvokePromptAsync(\"hi\");", "sealed class Again : IFunctionInvocationFilter { public Task OnFunctionInvocationAsync(object context, Func<object, Task> next) => next(context); }")]
    [InlineData(Kernel + " Microsoft.Extensions.DependencyInjection", "var builder = Kernel.CreateBuilder();\nbuilder.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new Retrying()));\nawait builder.Build().InvokePromptAsync(\"hi\");", "sealed class Retrying : DelegatingHandler { }")]
    [InlineData(Kernel, "await new Kernel().InvokeAsync((KernelFunction)null!, cancellationToken);")]
    [InlineData("Microsoft.Agents.AI Microsoft.Extensions.AI Polly", "var agent = new ChatClientAgent(null!);\nawait ResiliencePipeline.Empty.ExecuteAsync(async ct => await agent.RunAsync(\"hi\", cancellationToken: ct), cancellationToken);")]
    [InlineData(Tools, "await using var client = await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions { Command = \"npx\" }));\nawait client.CallToolAsync(\"search\", cancellationToken: cancellationToken);")]
    [InlineData(Tools, "await Known.CallToolAsync(\"search\", cancellationToken: cancellationToken);", "static McpClient Known => null!;")]
    [InlineData(Tools, "await using var client = await McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(\"http://tools/mcp\") }, new HttpClient(new Retrying())));\nawait client.CallToolAsync(\"search\");", "sealed class Retrying : DelegatingHandler { }")]
    [InlineData("RestSharp", "await new RestClient(\"https://shop.example\").ExecuteAsync(new RestRequest(\"v1/orders\", Method.Post), cancellationToken);")]
    [InlineData("RestSharp", "await new RestClient(new RestClientOptions(\"http://box:18789\") { ConfigureMessageHandler = inner => new Retrying() }).ExecuteAsync(new RestRequest(\"v1/chat/completions\", Method.Post));", "sealed class Retrying : DelegatingHandler { }")]
    [InlineData(Flurl, "await \"https://shop.example/v1/orders\".PostJsonAsync(1);")]
    [InlineData(Flurl, "await \"https://chat.example/im/v1/messages\".PostJsonAsync(1);")]
    [InlineData(Flurl, "FlurlHttp.ConfigureClientForUrl(\"http://box:18789\");\nawait \"http://box:18789/v1/responses\".PostJsonAsync(1);")]
    [InlineData("OpenClaw.Shared", "using var client = new OpenClawGatewayClient(\"ws://box\", \"t\");\nawait client.ConnectAsync();\nawait client.SendChatMessageAsync(\"hi\");")]
    [InlineData("OpenClaw.Client", "using var client = new OpenClawHttpClient(\"http://box\", \"t\", new HttpClient(new Retrying()));\nawait client.ChatCompletionAsync(1, cancellationToken);", "sealed class Retrying : DelegatingHandler { }")]
    [InlineData("System.Net", "#pragma warning disable SYSLIB0014\nusing var client = new WebClient();\nawait client.DownloadStringTaskAsync(\"https://shop.example/orders\");")]
    public Task A_protected_or_unknown_call_is_silent(string usings, string statements, string members = "")
        => Verifier.SilentAsync(LibraryCode.InMethod(usings, statements, members));

    [Theory]
    [InlineData("[Post(\"/v1/chat/completions\")]", "RestService.For<IApi>(\"http://box\")", true)]
    [InlineData("[Post(\"/api/chat\")]", "RestService.For<IApi>(\"http://box:11434\")", true)]
    [InlineData("[Post(\"/anything\")]", "RestService.For<IApi>(\"http://box:18789\")", true)]
    [InlineData("[Post(\"/v1/chat/completions\")]", "RestService.For<IApi>(new HttpClient(new Retrying()))", false)]
    [InlineData("[Post(\"/v1/orders\")]", "RestService.For<IApi>(\"http://box\")", false)]
    [InlineData("[Obsolete(\"/v1/chat/completions\")]", "RestService.For<IApi>(\"http://box:18789\")", false)]
    public Task A_call_of_an_interface_is_judged_by_its_attribute(string attribute, string client, bool isReported) => Verifier.ReportedAsync(LibraryCode.InMethod(
        "Refit",
        $"""
        #pragma warning disable CS0618
        var api = {client};
        await api.{(isReported ? "{|OCG1001:AskAsync|}" : "AskAsync")}("hi");
        """,
        $$"""
        interface IApi { {{attribute}} Task<string> AskAsync(string prompt); }
        sealed class Retrying : DelegatingHandler { }
        """));

    [Theory]
    [InlineData("", true)]
    [InlineData(".ConfigureHttpClient(http => http.Timeout = TimeSpan.FromMinutes(5))", true)]
    [InlineData(".AddHttpMessageHandler(() => new Retrying())", false)]
    public Task An_injected_interface_is_judged_by_its_registration(string chained, bool isReported) => Verifier.ReportedAsync($$"""
        using Microsoft.Extensions.DependencyInjection;
        using Refit;

        interface IApi { [Post("/v1/responses")] Task<string> AskAsync(string prompt); }
        sealed class Retrying : DelegatingHandler { }

        class Agent
        {
            private readonly IApi _api;

            public Agent(IApi api) => _api = api;

            public Task<string> RunAsync() => _api.{{(isReported ? "{|OCG1001:AskAsync|}" : "AskAsync")}}("hi");

            static void Main() => new ServiceCollection().AddRefitClient<IApi>(){{chained}};
        }
        """);

    [Theory]
    [InlineData("Azure Azure.AI.Inference", "await new ChatCompletionsClient(new Uri(\"https://x\"), new AzureKeyCredential(\"k\")).{|#0:CompleteAsync|}(null!);")]
    [InlineData("Anthropic.SDK Anthropic.SDK.Messaging", "await new AnthropicClient(\"k\").Messages.{|#0:GetClaudeMessageAsync|}(null!, cancellationToken);")]
    [InlineData("OllamaSharp", "await foreach (var part in new OllamaApiClient(new Uri(\"http://box:11434\")).{|#0:ChatAsync|}(null!, cancellationToken)) { }")]
    public Task What_nobody_has_verified_is_a_suggestion_at_most(string usings, string statements)
    {
        var test = new RuleTest<GatewayCallAnalyzer, ProtectCall> { TestCode = LibraryCode.InMethod(usings, statements) };
        test.TestState.ExpectedDiagnostics.Add(new DiagnosticResult("OCG1001", DiagnosticSeverity.Info).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("Anthropic", "await new AnthropicClient().Messages.{|#0:Create|}(null!, new CancellationTokenSource(500).Token);", "breaker or limiter", " once the SDK has repeated it twice")]
    [InlineData("Anthropic", "await new AnthropicClient { MaxRetries = 0 }.Messages.{|#0:Create|}(null!, new CancellationTokenSource(500).Token);", "retry, breaker or limiter", "")]
    [InlineData("Azure.AI.OpenAI", "await new OpenAIClient(\"k\").{|#0:GetEmbeddingsAsync|}(\"m\", null);", "breaker or limiter", " once the SDK has repeated it 3 times")]
    public Task The_message_knows_the_retry_of_the_client(string usings, string statements, string missing, string repetition)
    {
        var test = new RuleTest<GatewayCallAnalyzer, ProtectCall> { TestCode = LibraryCode.InMethod(usings, statements), CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck };
        test.TestState.ExpectedDiagnostics.Add(new DiagnosticResult("OCG1001", DiagnosticSeverity.Warning).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations)
            .WithArguments(
                usings == "Anthropic" ? "IMessageService.Create" : "OpenAIClient.GetEmbeddingsAsync",
                missing,
                usings == "Anthropic" ? "a refused connection, a 429 or a 502 ends the run" : "a refused connection, a draining gateway or a 429 ends the run",
                repetition));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task The_fix_leaves_a_request_that_is_sent_once_alone() => Verifier.NotFixableAsync(LibraryCode.InMethod(
        "System.Net",
        "#pragma warning disable SYSLIB0014\nvar request = WebRequest.Create(\"http://127.0.0.1:18789/v1/responses\");\nusing var response = await request.{|OCG1001:GetResponseAsync|}();"));

    [Fact]
    public async Task The_retry_of_the_client_of_Azure_is_not_claimed_to_be_at_once()
    {
        var test = new RuleTest<GatewayCallAnalyzer, ProtectCall>
        {
            TestCode = LibraryCode.InMethod(
                "Azure.AI.OpenAI System.ClientModel",
                "var azure = new AzureOpenAIClient(new Uri(\"https://x.openai.azure.com\"), new ApiKeyCredential(\"k\"));\nawait azure.GetChatClient(\"m\").{|#0:CompleteChatAsync|}(\"hi\");"),
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck,
        };
        test.TestState.ExpectedDiagnostics.Add(new DiagnosticResult("OCG1001", DiagnosticSeverity.Warning).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations)
            .WithArguments("ChatClient.CompleteChatAsync", "retry, breaker or limiter", "a refused connection, a 429 or a 502 ends the run", ""));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task Types_of_the_same_names_are_somebody_elses() => Verifier.SilentAsync("""
        class Messages
        {
            public Task<string> Create(string text) => Task.FromResult(text);
        }

        class AnthropicClient
        {
            public Messages Messages { get; } = new();
        }

        class OpenClawHttpClient
        {
            public Task<string> ChatCompletionAsync(object request, CancellationToken cancellationToken) => Task.FromResult("");
        }

        interface IChatCompletionService
        {
            Task<string> GetChatMessageContentAsync(string prompt);
        }

        class AIAgent
        {
            public Task RunAsync(string text) => Task.CompletedTask;
        }

        class McpClient
        {
            public Task CallToolAsync(string name) => Task.CompletedTask;
        }

        class RestClient
        {
            public RestClient(string baseUrl) { }
            public Task ExecuteAsync(string path) => Task.CompletedTask;
        }

        class Agent
        {
            public async Task RunAsync(IChatCompletionService chat)
            {
                await new AnthropicClient().Messages.Create("hi");
                await new OpenClawHttpClient().ChatCompletionAsync(1, default);
                await chat.GetChatMessageContentAsync("hi");
                await new AIAgent().RunAsync("hi");
                await new McpClient().CallToolAsync("hi");
                await new RestClient("http://127.0.0.1:18789").ExecuteAsync("v1/responses");
            }

            static void Main() { }
        }
        """);

    [Fact]
    public Task A_library_leaves_the_composition_to_its_programs() => Verifier.SilentAsync(
        """
        using Flurl.Http;
        using Microsoft.Agents.AI;
        using Microsoft.SemanticKernel.ChatCompletion;

        public class Agent
        {
            private readonly IChatCompletionService _chat;
            private readonly AIAgent _agent;

            public Agent(IChatCompletionService chat, AIAgent agent) => (_chat, _agent) = (chat, agent);

            public async Task RunAsync(CancellationToken cancellationToken)
            {
                await _chat.GetChatMessageContentAsync("hi", cancellationToken: cancellationToken);
                await _agent.RunAsync("hi", cancellationToken: cancellationToken);
                await "http://127.0.0.1:18789/v1/responses".PostJsonAsync(1, cancellationToken: cancellationToken);
            }
        }
        """,
        isLibrary: true);

    [Theory]
    [InlineData(
        Anthropic,
        "var client = new AnthropicClient();\nawait client.Messages.{|OCG1001:Create|}(null!, cancellationToken);",
        "var client = new AnthropicClient() { MaxRetries = 0 };\nawait GatewayPipeline.Shared.ExecuteAsync(ct => client.Messages.Create(null!, ct), cancellationToken);")]
    [InlineData(
        "Microsoft.SemanticKernel",
        "await new Kernel().{|OCG1001:InvokePromptAsync|}(\"hi\", cancellationToken);",
        "await GatewayPipeline.Shared.ExecuteAsync(ct => new Kernel().InvokePromptAsync(\"hi\", ct), cancellationToken);")]
    public Task The_call_runs_in_a_pipeline(string usings, string statements, string expected) => Verifier.FixedAsync(
        "#pragma warning disable OCG1002 // judged by other tests\n" + LibraryCode.InMethod(usings, statements),
        "#pragma warning disable OCG1002 // judged by other tests\n" + LibraryCode.InMethod(usings + " OpenClaw.Resilience", expected));
}
