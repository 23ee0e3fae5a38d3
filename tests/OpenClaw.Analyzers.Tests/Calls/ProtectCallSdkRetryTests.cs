using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001 mended: the SDK's own retry is switched off where the client is made in sight, for the pipeline owns the retries.</summary>
public sealed class ProtectCallSdkRetryTests
{
    private const string Usings = "using System.ClientModel;\nusing System.ClientModel.Primitives;\nusing OpenAI;\nusing OpenAI.Chat;";
    private const string Ask = "\n\npublic Task AskAsync(List<ChatMessage> messages) => _chat.{|OCG1001:CompleteChatAsync|}(messages);";
    private const string Asked = "\n\npublic Task AskAsync(List<ChatMessage> messages) => GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct));";

    [Theory]
    [InlineData(
        "private readonly ChatClient _chat = new(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { Endpoint = new Uri(\"http://box:18789/v1\") });",
        "private readonly ChatClient _chat = new(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0), Endpoint = new Uri(\"http://box:18789/v1\") });")]
    [InlineData(
        "private readonly ChatClient _chat = new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new() { Endpoint = new Uri(\"http://box:18789/v1\") });",
        "private readonly ChatClient _chat = new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new() { RetryPolicy = new ClientRetryPolicy(0), Endpoint = new Uri(\"http://box:18789/v1\") });")]
    [InlineData(
        "private readonly ChatClient _chat = new OpenAIClient(new ApiKeyCredential(\"k\"), new OpenAIClientOptions { Endpoint = new Uri(\"http://box:18789/v1\") }).GetChatClient(\"m\");",
        "private readonly ChatClient _chat = new OpenAIClient(new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0), Endpoint = new Uri(\"http://box:18789/v1\") }).GetChatClient(\"m\");")]
    [InlineData(
        "private static readonly OpenAIClientOptions Options = new OpenAIClientOptions\n{\n    Endpoint = new Uri(\"http://box:18789/v1\"),\n};\nprivate readonly ChatClient _chat = new(\"m\", new ApiKeyCredential(\"k\"), Options);",
        "private static readonly OpenAIClientOptions Options = new OpenAIClientOptions\n{\n    RetryPolicy = new ClientRetryPolicy(0),\n    Endpoint = new Uri(\"http://box:18789/v1\"),\n};\nprivate readonly ChatClient _chat = new(\"m\", new ApiKeyCredential(\"k\"), Options);")]
    public Task The_options_of_the_clients_creation_say_so(string client, string fixedClient) => Verifier.FixedAsync(
        Code.InClass(client + Ask, Usings),
        Code.InClass(fixedClient + Asked, Usings + "\nusing OpenClaw.Resilience;"));

    [Theory]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"))", "new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })")]
    [InlineData("new ChatClient(\"m\", \"k\")", "new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })")]
    [InlineData("new ChatClient(credential: new ApiKeyCredential(\"k\"), model: \"m\")", "new ChatClient(credential: new ApiKeyCredential(\"k\"), model: \"m\", options: new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })")]
    [InlineData("new OpenAIClient(\"k\").GetChatClient(\"m\")", "new OpenAIClient(new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) }).GetChatClient(\"m\")")]
    [InlineData("new ChatClient(apiKey: \"k\", model: \"m\")", "new ChatClient(credential: new ApiKeyCredential(\"k\"), model: \"m\", options: new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })")]
    public Task A_creation_without_options_gets_some(string client, string fixedClient)
    {
        const string Provider = "\n\npublic Task AskAsync(List<ChatMessage> messages) => GatewayPipeline.For(\"api.openai.com\", GatewayOptions.ForModelProvider).ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct));";
        return Verifier.FixedAsync(
            Code.InClass($"private readonly ChatClient _chat = {client};{Ask}", Usings),
            Code.InClass($"private readonly ChatClient _chat = {fixedClient};{Provider}", Usings + "\nusing OpenClaw.Resilience;"));
    }

    [Fact]
    public Task Two_calls_of_one_client_switch_it_off_once() => Verifier.FixedAsync(
        Code.InMethod(
            """
            var chat = new ChatClient("m", new System.ClientModel.ApiKeyCredential("k"), new OpenAI.OpenAIClientOptions { Endpoint = new Uri("http://box:18789/v1") });
            await chat.{|OCG1001:CompleteChatAsync|}(messages, null, cancellationToken);
            await chat.{|OCG1001:CompleteChatAsync|}(messages, null, cancellationToken);
            """),
        Code.InMethod(
            """
            var chat = new ChatClient("m", new System.ClientModel.ApiKeyCredential("k"), new OpenAI.OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0), Endpoint = new Uri("http://box:18789/v1") });
            await GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(messages, null, ct), cancellationToken);
            await GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(messages, null, ct), cancellationToken);
            """,
            fixedCode: true).Replace("using OpenAI.Chat;", "using System.ClientModel.Primitives;\nusing OpenAI.Chat;", StringComparison.Ordinal));

    [Theory]
    [InlineData("RetryPolicy = new ClientRetryPolicy(0), Endpoint = new Uri(\"http://box:18789/v1\")")]
    public Task A_retry_that_is_off_stays_off(string options) => Verifier.FixedAsync(
        Code.InClass($"private readonly ChatClient _chat = new(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions {{ {options} }});{Ask}", Usings),
        Code.InClass($"private readonly ChatClient _chat = new(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions {{ {options} }});{Asked}", Usings + "\nusing OpenClaw.Resilience;"));

    [Fact]
    public Task A_client_made_out_of_sight_is_only_wrapped() => Verifier.FixedAsync(
        Code.InClass($"private readonly ChatClient _chat = Elsewhere.Chat;{Ask}\n\nabstract class Elsewhere {{ public static extern ChatClient Chat {{ get; }} }}", Usings),
        Code.InClass($"private readonly ChatClient _chat = Elsewhere.Chat;{Asked}\n\nabstract class Elsewhere {{ public static extern ChatClient Chat {{ get; }} }}", Usings + "\nusing OpenClaw.Resilience;"));

    [Fact]
    public Task The_one_client_that_a_program_makes_is_the_one_that_it_injects()
    {
        const string Agent = """
            using OpenAI.Chat;

            class Agent
            {
                private readonly ChatClient _chat;

                public Agent(ChatClient chat) => _chat = chat;

                public Task AskAsync(List<ChatMessage> messages) => _chat.{|OCG1001:CompleteChatAsync|}(messages);
            }
            """;
        const string Composition = """
            using System.ClientModel;
            using Microsoft.Extensions.DependencyInjection;
            using OpenAI;

            var services = new ServiceCollection();
            services.AddSingleton(new OpenAIClient(new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = new Uri("http://box:18789/v1") }).GetChatClient("openclaw"));
            services.AddSingleton<Agent>();
            """;
        return Verifier.FixedInAllAsync(
            [Agent, Composition],
            [
                Agent.Replace("using OpenAI.Chat;", "using OpenAI.Chat;\nusing OpenClaw.Resilience;", StringComparison.Ordinal)
                    .Replace("_chat.{|OCG1001:CompleteChatAsync|}(messages)", "GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct))", StringComparison.Ordinal),
                Composition.Replace("using System.ClientModel;", "using System.ClientModel;\nusing System.ClientModel.Primitives;", StringComparison.Ordinal)
                    .Replace("{ Endpoint", "{ RetryPolicy = new ClientRetryPolicy(0), Endpoint", StringComparison.Ordinal),
            ]);
    }
}
