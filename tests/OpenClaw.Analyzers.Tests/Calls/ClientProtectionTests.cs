using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>What a client brings along: its options, its handler, its registration; and what is concluded when none is in sight.</summary>
public sealed class ClientProtectionTests
{
    private const string Sdk = "using System.ClientModel;\nusing System.ClientModel.Primitives;\nusing Microsoft.Extensions.DependencyInjection;\nusing OpenAI;\nusing OpenAI.Chat;";

    private const string Builders = """
        static class Builders
        {
            public static IHttpClientBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder) => builder;

            public static IHttpClientBuilder AddResilienceHandler(this IHttpClientBuilder builder, string name) => builder;

            public static IHttpClientBuilder AddPolicyHandler(this IHttpClientBuilder builder, object policy) => builder;

            public static IHttpClientBuilder AddOpenClawResilience(this IHttpClientBuilder builder) => builder;

            public static IHttpClientBuilder AddOurPolicies(this IHttpClientBuilder builder) => builder;

            public static void AddServiceDefaults(this IServiceCollection services) { }
        }
        """;

    [Theory]
    [InlineData("new ChatClient(\"m\", \"k\")", false)]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions())", false)]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { NetworkTimeout = TimeSpan.FromMinutes(10) })", false)]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })", false)]
    [InlineData("new OpenAIClient(new ApiKeyCredential(\"k\"), new OpenAIClientOptions()).GetChatClient(\"m\")", false)]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(5) })", true)]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = Policy })", true)]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { Transport = new HttpClientPipelineTransport(new HttpClient()) })", true)]
    [InlineData("new OpenAIClient(new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(5) }).GetChatClient(\"m\")", true)]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), Unknown)", true)]
    public Task The_options_of_an_SDK_client_may_hold_an_owned_retry(string client, bool isProtected) => Verifier.ReportedAsync(
        Code.InClass(
            $$"""
            private readonly ChatClient _chat = {{client}};

            public Task AskAsync() => _chat.{{(isProtected ? "CompleteChatAsync" : "{|OCG1001:CompleteChatAsync|}")}}("hello");

            private static ClientRetryPolicy Policy => null;

            private static OpenAIClientOptions Unknown => Elsewhere.Options;

            abstract class Elsewhere { public static extern OpenAIClientOptions Options { get; } }
            """,
            Sdk));

    [Theory]
    [InlineData("options.RetryPolicy = new ClientRetryPolicy(5);")]
    [InlineData("options.AddPolicy(policy, PipelinePosition.PerTry);")]
    public Task Options_may_get_it_later(string statement) => Verifier.SilentAsync(
        Code.InClass(
            $$"""
            public Task AskAsync(PipelinePolicy policy)
            {
                var options = new OpenAIClientOptions();
                {{statement}}
                return new ChatClient("m", new ApiKeyCredential("k"), options).CompleteChatAsync("hello");
            }
            """,
            Sdk));

    [Theory]
    [InlineData("new HttpClient()", false)]
    [InlineData("new HttpClient(new SocketsHttpHandler())", false)]
    [InlineData("new HttpClient(new HttpClientHandler(), disposeHandler: true)", false)]
    [InlineData("new HttpClient(new Own())", true)]
    [InlineData("new HttpClient(handler)", true)]
    [InlineData("handler is null ? new HttpClient() : new HttpClient(handler)", false)]
    public Task A_handler_of_ones_own_may_retry(string client, bool isProtected) => Verifier.ReportedAsync(
        Code.InClass(
            $$"""
            public async Task AskAsync(HttpMessageHandler handler)
            {
                using HttpClient http = {{client}};
                await http.{{(isProtected ? "GetStringAsync" : "{|OCG1001:GetStringAsync|}")}}("http://box:18789/v1/responses/1");
            }

            class Own : DelegatingHandler { }
            """,
            ""));

    [Theory]
    [InlineData("services.AddHttpClient<Gateway>().AddStandardResilienceHandler();", true)]
    [InlineData("services.AddHttpClient<Gateway>().ConfigureHttpClient(http => { }).AddResilienceHandler(\"a\");", true)]
    [InlineData("services.AddHttpClient<Gateway>().AddPolicyHandler(null);", true)]
    [InlineData("services.AddHttpClient<Gateway>().AddOpenClawResilience();", true)]
    [InlineData("services.AddHttpClient<Gateway>().AddHttpMessageHandler(() => null);", true)]
    [InlineData("services.AddHttpClient<IGateway, Gateway>().AddStandardResilienceHandler();", true)]
    [InlineData("services.AddHttpClient<Derived>().AddStandardResilienceHandler();", true)]
    [InlineData("var builder = services.AddHttpClient<Gateway>();\nbuilder.AddStandardResilienceHandler();", true)]
    [InlineData("services.ConfigureHttpClientDefaults(builder => builder.AddStandardResilienceHandler());\nservices.AddHttpClient<Gateway>();", true)]
    [InlineData("services.AddServiceDefaults();\nservices.AddHttpClient<Gateway>();", true)]
    [InlineData("services.AddHttpClient<Gateway>().AddOurPolicies();", true)]
    [InlineData("services.AddHttpClient(\"a\").AddTypedClient<Gateway>().AddStandardResilienceHandler();", true)]
    [InlineData("services.AddHttpClient(\"a\").AddTypedClient<Gateway>();", false)]
    [InlineData("services.ConfigureHttpClientDefaults(builder => builder.AddOurPolicies());\nservices.AddHttpClient<Gateway>();", true)]
    [InlineData("services.AddHttpClient<Gateway>().SetHandlerLifetime(TimeSpan.FromMinutes(5)).RedactLoggedHeaders(new[] { \"a\" });", false)]
    [InlineData("services.AddHttpClient<Gateway>();", false)]
    [InlineData("services.AddHttpClient<Gateway>(http => http.Timeout = TimeSpan.FromMinutes(5));", false)]
    [InlineData("services.AddHttpClient<Other>().AddStandardResilienceHandler();", false)]
    [InlineData("services.ConfigureHttpClientDefaults(builder => builder.ConfigureHttpClient(http => { }));\nservices.AddHttpClient<Gateway>();", false)]
    [InlineData("services.AddSingleton<Gateway>();", false)]
    public Task The_registration_of_a_typed_client_may_hold_a_handler(string registration, bool isProtected) => Verifier.ReportedAsync(
        Code.InClass(
            $$"""
            public static void Register(IServiceCollection services)
            {
                {{registration}}
            }

            public interface IGateway { }

            public class Gateway : IGateway
            {
                private readonly HttpClient _http;

                public Gateway(HttpClient http) => _http = http;

                public Task AskAsync() => _http.{{(isProtected ? "GetStringAsync" : "{|OCG1001:GetStringAsync|}")}}("http://box:18789/v1/responses/1");
            }

            public class Derived : Gateway { public Derived(HttpClient http) : base(http) { } }

            public class Other { }
            """,
            "using Microsoft.Extensions.DependencyInjection;") + "\n\n" + Builders);

    [Fact]
    public Task The_registration_of_a_named_client_holds_its_address_and_its_handler() => Verifier.ReportedAsync(
        Code.InClass(
            """
            public static void Register(IServiceCollection services)
            {
                services.AddHttpClient("bare", http => http.BaseAddress = new Uri("http://box:18789"));
                services.AddHttpClient("late").ConfigureHttpClient(http => http.BaseAddress = new Uri("http://box:18789"));
                services.AddHttpClient("safe", http => http.BaseAddress = new Uri("http://box:18789")).AddStandardResilienceHandler();
                services.AddHttpClient("shop", http => http.BaseAddress = new Uri("http://shop"));
                services.AddHttpClient("header", http => http.DefaultRequestHeaders.Add("x-openclaw-agent-id", "main"));
            }

            public async Task AskAsync(IHttpClientFactory factory, string path)
            {
                await factory.CreateClient("bare").{|OCG1001:GetStringAsync|}("x");
                await factory.CreateClient("late").{|OCG1001:GetStringAsync|}("x");
                await factory.CreateClient("safe").GetStringAsync("x");
                await factory.CreateClient("shop").GetStringAsync("x");
                await factory.CreateClient("header").{|OCG1001:GetStringAsync|}(path);
                await factory.CreateClient(path).GetStringAsync("x");
                await factory.CreateClient(path).GetStringAsync("http://box:18789/x");
                await factory.CreateClient("shop").{|OCG1001:GetStringAsync|}("http://box:18789/x");
                await factory.CreateClient().{|OCG1001:GetStringAsync|}("http://box:18789/x");
            }
            """,
            "using Microsoft.Extensions.DependencyInjection;") + "\n\n" + Builders);

    [Theory]
    [InlineData("new Caller(new HttpClient())", false)]
    [InlineData("new Caller(new HttpClient(new Own()))", true)]
    public Task A_client_handed_to_a_constructor_is_judged_by_what_it_is(string caller, bool isProtected) => Verifier.ReportedAsync(
        Code.InClass(
            $$"""
            public static object Compose()
            {
                Caller caller = {{caller}};
                return caller;
            }

            class Caller
            {
                private readonly HttpClient _http;

                public Caller(HttpClient http) => _http = http;

                public Task AskAsync() => _http.{{(isProtected ? "GetStringAsync" : "{|OCG1001:GetStringAsync|}")}}("http://box:18789/v1/responses/1");
            }

            class Own : DelegatingHandler { }
            """,
            ""));

    [Theory]
    [InlineData("services.AddSingleton(new ChatClient(\"m\", \"k\"));", false)]
    [InlineData("services.AddSingleton(new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(5) }));", true)]
    [InlineData("services.AddSingleton(_ => new OpenAIClient(new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(5) }).GetChatClient(\"m\"));", true)]
    [InlineData("ChatClient one = new(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(5) });\nservices.AddSingleton(one);\nservices.AddKeyedSingleton(\"two\", new ChatClient(\"m\", \"k\"));", true)]
    [InlineData("services.AddSingleton(new ChatClient(\"m\", \"k\"));\nservices.AddKeyedSingleton(\"two\", new ChatClient(\"m\", \"k\"));", false)]
    [InlineData("services.AddSingleton(new OpenAI.Audio.AudioClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(5) }));", false)]
    public Task An_injected_SDK_client_is_one_of_those_that_the_program_makes(string registration, bool isProtected) => Verifier.ReportedAsync(
        Code.InClass(
            $$"""
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public Task AskAsync() => _chat.{{(isProtected ? "CompleteChatAsync" : "{|OCG1001:CompleteChatAsync|}")}}("hello");

            public static void Register(IServiceCollection services)
            {
                {{registration}}
            }
            """,
            Sdk));

    [Theory]
    [InlineData("", false)]
    [InlineData("class Retrying : DelegatingChatClient { public Retrying(IChatClient inner) : base(inner) { } }", false)]
    [InlineData("class Retrying : DelegatingChatClient\n{\n    public Retrying(IChatClient inner) : base(inner) { }\n\n    public static IChatClient Around(IChatClient inner) => new Retrying(inner);\n}", true)]
    [InlineData("class Composition { public static object Compose(IChatClient inner) => inner.AsBuilder().UseLogging().UseFunctionInvocation().Build(); }", false)]
    [InlineData("class Composition { public static object Compose(IChatClient inner) => inner.AsBuilder().UseLogging().Use(Around).Build();\n\n    private static IChatClient Around(IChatClient inner) => inner; }", true)]
    [InlineData("class Composition { public static object Compose(IChatClient inner) { var builder = inner.AsBuilder(); return builder; } }", true)]
    public Task An_injected_chat_client_may_be_decorated_where_the_sources_do_so(string composition, bool isProtected) => Verifier.ReportedAsync(
        $$"""
        using Microsoft.Extensions.AI;

        class Agent
        {
            private readonly IChatClient _chat;

            public Agent(IChatClient chat) => _chat = chat;

            public Task AskAsync() => _chat.{{(isProtected ? "GetResponseAsync" : "{|OCG1001:GetResponseAsync|}")}}("hello");

            static void Main() { }
        }

        {{composition}}

        namespace Microsoft.Extensions.AI
        {
            // The builder has a package of its own.
            class ChatClientBuilder
            {
                public ChatClientBuilder Use(Func<IChatClient, IChatClient> around) => this;

                public ChatClientBuilder UseLogging() => this;

                public ChatClientBuilder UseFunctionInvocation() => this;

                public IChatClient Build() => null;
            }

            static class BuilderExtensions
            {
                public static ChatClientBuilder AsBuilder(this IChatClient client) => new();
            }
        }
        """);

    [Theory]
    [InlineData("private readonly ChatClient _chat;\n\npublic Agent(ChatClient chat) => _chat = chat;\n\npublic Task AskAsync() => _chat.CompleteChatAsync(\"a\");")]
    [InlineData("public Task AskAsync(ChatClient chat) => chat.CompleteChatAsync(\"a\");")]
    [InlineData("public ChatClient Chat { get; set; }\n\npublic Task AskAsync() => Chat.CompleteChatAsync(\"a\");")]
    [InlineData("public Task AskAsync(IServiceProvider services) => services.GetRequiredService<ChatClient>().CompleteChatAsync(\"a\");")]
    public Task A_library_does_not_know_what_its_users_inject(string members)
        => Verifier.SilentAsync($"{Sdk}\n\npublic class Agent\n{{\n{members}\n}}", isLibrary: true);

    [Theory]
    [InlineData("private readonly ChatClient _chat = new(\"m\", \"k\");\n\npublic Task AskAsync() => _chat.{|OCG1001:CompleteChatAsync|}(\"a\");")]
    [InlineData("public Task AskAsync() => new ChatClient(\"m\", \"k\").{|OCG1001:CompleteChatAsync|}(\"a\");")]
    public Task A_library_knows_the_clients_that_it_makes(string members)
        => Verifier.ReportedAsync($"{Sdk}\n\npublic class Agent\n{{\n{members}\n}}", isLibrary: true);
}
