using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.CodeFixes.Retry;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.SwitchInnerRetryOff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Two retries around one call: which layers are seen, and which of them multiply.</summary>
public sealed class MultiplyingRetriesTests
{
    private const string Polly = "Policy.Handle<ClientResultException>().WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(attempt))";
    private const string Marked = "{|OCG1105:CompleteChatAsync|}";

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_policy_around_the_sdk_s_own_retry_is_reported() => Verifier.ReportedAsync(Executed(Polly));

    [Theory]
    [InlineData("Policy.Handle<Exception>().RetryAsync(2)")]
    [InlineData("Policy.Handle<ClientResultException>(e => e.Status == 429).RetryAsync(2)")]
    [InlineData("Policy.Handle<ClientResultException>(e => e.Status >= 500).RetryAsync(2)")]
    [InlineData("Policy.Handle<ClientResultException>().RetryAsync()")]
    [InlineData("Policy.Handle<FormatException>().Or<ClientResultException>().WaitAndRetryAsync(new[] { TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2) })")]
    [InlineData("Policy.TimeoutAsync(60).WrapAsync(Policy.Handle<ClientResultException>().RetryAsync(2))")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions()).Build()")]
    [InlineData("new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMinutes(5)).AddRetry(new() { MaxRetryAttempts = Count }).Build()")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new() { ShouldHandle = new PredicateBuilder().Handle<ClientResultException>() }).Build()")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new() { ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is ClientResultException { Status: 503 }) }).Build()")]
    public Task Every_form_of_it_is_reported(string policy) => Verifier.ReportedAsync(Executed(policy));

    [Theory]
    [InlineData("Policy.Handle<FormatException>().RetryAsync(2)")]
    [InlineData("Policy.Handle<HttpRequestException>().RetryAsync(2)")]
    [InlineData("Policy.Handle<ClientResultException>(e => e.Status == 409).RetryAsync(2)")]
    [InlineData("Policy.Handle<ClientResultException>().RetryForeverAsync()")]
    [InlineData("Policy.Handle<ClientResultException>().RetryAsync(Setting)")]
    [InlineData("Policy.HandleResult<ClientResult<ChatCompletion>>(result => result is null).RetryAsync(2)")]
    [InlineData("Policy.TimeoutAsync(60)")]
    [InlineData("Policy.NoOpAsync()")]
    [InlineData("new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMinutes(5)).Build()")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new() { MaxRetryAttempts = Setting }).Build()")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new() { ShouldHandle = new PredicateBuilder().Handle<FormatException>() }).Build()")]
    public Task Other_failures_and_unknown_numbers_are_silent(string policy) => Verifier.SilentAsync(Executed(policy, "CompleteChatAsync"));

    [Theory]
    [InlineData("new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(5) })", true)]
    [InlineData("new OpenAIClient(Key, Options).GetChatClient(\"m\")", true)]
    [InlineData("new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })", false)]
    [InlineData("new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(Setting) })", false)]
    [InlineData("new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new NoRetry() })", false)]
    [InlineData("Made()", false)]
    public Task The_sdk_s_own_retry_counts_as_its_creation_sets_it(string creation, bool multiplies)
        => Verifier.ReportedAsync(Executed(Polly, multiplies ? Marked : "CompleteChatAsync", creation));

    [Theory]
    [InlineData("for (int i = 0; i < 3; i++) { try { return await Ask(text); } catch (ClientResultException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();", true)]
    [InlineData("for (int i = 1; i <= Count; i++) { try { return await Ask(text); } catch (Exception) when (i < Count) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();", true)]
    [InlineData("int i = 0;\nwhile (true) { try { return await Ask(text); } catch (ClientResultException) when (i < 3) { i++; await Task.Delay(1000 << i); } }", true)]
    [InlineData("int i = 0;\nwhile (true) { try { return await Ask(text); } catch (ClientResultException) { if (++i >= 3) throw; await Task.Delay(1000 << i); } }", true)]
    [InlineData("foreach (int i in Enumerable.Range(0, 3)) { try { return await Ask(text); } catch (ClientResultException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();", true)]
    [InlineData("int i = 0;\nwhile (true) { try { return await Ask(text); } catch (ClientResultException) when (i < Setting) { i++; await Task.Delay(1000 << i); } }", false)]
    [InlineData("for (int i = 0; i < 1; i++) { try { return await Ask(text); } catch (ClientResultException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();", false)]
    [InlineData("for (int i = 0; i < 3; i++) { try { return await Ask(text); } catch (FormatException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();", false)]
    [InlineData("for (int i = 0; i < 3; i++) { try { return await Ask(text); } catch (ClientResultException e) when (e.Status == 409) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();", false)]
    [InlineData("for (int i = 0; i < 3; i++) { try { return await Ask(text); } catch (Exception e) when (e is FormatException or IOException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();", false)]
    [InlineData("for (int i = 0; i < 3; i++) { try { return await Ask(text); } catch (ClientResultException) { text = text[1..]; await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();", false)]
    public Task A_loop_counts_where_its_bound_is_in_sight(string body, bool multiplies) => Verifier.ReportedAsync(Class(
        $"public async Task<string> AskAsync(string text)\n{{\n{body.Replace("Ask(text)", $"_chat.{(multiplies ? Marked : "CompleteChatAsync")}(text)").Replace("return await", "return (await").Replace("(text); }", "(text)).Value.Content[0].Text; }")}\n}}"));

    [Fact]
    public Task The_message_states_the_product_and_the_layers()
    {
        var test = new RuleTest<GatewayCallAnalyzer, SwitchInnerRetryOff>
        {
            TestCode = Class($$"""
                private readonly AsyncRetryPolicy _retry = {{Polly}};

                public async Task<string> AskAsync(string text)
                {
                    for (int i = 0; i < 3; i++)
                    {
                        try
                        {
                            return (await _retry.ExecuteAsync(() => _chat.{|#0:CompleteChatAsync|}(text))).Value.Content[0].Text;
                        }
                        catch (ClientResultException)
                        {
                            await Task.Delay(1000 << i);
                        }
                    }

                    throw new InvalidOperationException();
                }
                """),
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck,
        };
        test.TestState.ExpectedDiagnostics.Add(new DiagnosticResult("OCG1105", Microsoft.CodeAnalysis.DiagnosticSeverity.Warning)
            .WithLocation(0)
            .WithOptions(DiagnosticOptions.IgnoreAdditionalLocations)
            .WithArguments("ChatClient.CompleteChatAsync", "the loop (3) × the Polly retry (4) × the SDK's own retry (4)", 48L));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("public Task<string> AskAsync(string text) => AgainAsync(() => OnceAsync(text));", "for (int i = 0; i < times; i++) { try { return await call(); } catch (ClientResultException) { await Task.Delay(1000 << i); } }", true)]
    [InlineData("public Task<string> AskAsync(string text) => AgainAsync(() => OnceAsync(text), 5);", "for (int i = 0; i < times; i++) { try { return await call(); } catch (ClientResultException) { await Task.Delay(1000 << i); } }", true)]
    [InlineData("public Task<string> AskAsync(string text) => AgainAsync(() => OnceAsync(text), Setting);", "for (int i = 0; i < times; i++) { try { return await call(); } catch (ClientResultException) { await Task.Delay(1000 << i); } }", false)]
    [InlineData("public Task<string> AskAsync(string text) => AgainAsync(() => OnceAsync(text));", "return await call();", false)]
    [InlineData("public Task<string> AskAsync(string text) => OnceAsync(text);", "for (int i = 0; i < times; i++) { try { return await call(); } catch (ClientResultException) { await Task.Delay(1000 << i); } }", false)]
    public Task A_helper_and_the_callers_are_followed(string caller, string helper, bool multiplies) => Verifier.ReportedAsync(Class($$"""
        {{caller}}

        private async Task<string> OnceAsync(string text) => (await _chat.{{(multiplies ? Marked : "CompleteChatAsync")}}(text)).Value.Content[0].Text;

        private static async Task<string> AgainAsync(Func<Task<string>> call, int times = 3)
        {
            {{helper}}
            throw new InvalidOperationException();
        }
        """), config: "dotnet_diagnostic.OCG1001.severity = none");

    [Theory]
    [InlineData(".AddStandardResilienceHandler()", true)]
    [InlineData(".AddPolicyHandler(Policy<HttpResponseMessage>.Handle<HttpRequestException>().RetryAsync(2))", true)]
    [InlineData(".AddTransientHttpErrorPolicy(p => p.WaitAndRetryAsync(3, i => TimeSpan.FromSeconds(i)))", true)]
    [InlineData(".AddResilienceHandler(\"x\", b => b.AddTimeout(TimeSpan.FromSeconds(9)).AddRetry(new RetryStrategyOptions<HttpResponseMessage>()))", true)]
    [InlineData(".AddStandardResilienceHandler(o => o.ToString())", false)]
    [InlineData(".AddStandardResilienceHandler().Configure(o => { })", false)]
    [InlineData(".AddResilienceHandler(\"x\", b => b.AddTimeout(TimeSpan.FromSeconds(9)))", false)]
    [InlineData(".AddPolicyHandler(Policy<HttpResponseMessage>.HandleResult(r => (int)r.StatusCode >= 500).RetryAsync(2))", false)]
    [InlineData(".AddStandardResilienceHandler().RemoveAllResilienceHandlers()", false)]
    public Task A_handler_of_the_registration_counts(string handlers, bool multiplies)
        => Verifier.ReportedAsync(Http(handlers, multiplies ? "{|OCG1105:PostAsync|}" : "PostAsync"), config: "dotnet_diagnostic.OCG1001.severity = none");

    [Fact]
    public Task A_handler_for_all_clients_counts() => Verifier.ReportedAsync(
        Http("", "{|OCG1105:PostAsync|}").Replace(
            "new ServiceCollection().AddHttpClient<Agent>();",
            "new ServiceCollection().ConfigureHttpClientDefaults(b => b.AddStandardResilienceHandler()).AddHttpClient<Agent>();"),
        config: "dotnet_diagnostic.OCG1001.severity = none");

    [Theory]
    [InlineData("new OpenAIClient(Key).GetChatClient(\"m\").AsIChatClient()", true)]
    [InlineData("Activator.CreateInstance<IChatClient>()", false)]
    public Task An_adapter_of_the_sdk_has_its_retry(string creation, bool multiplies) => Verifier.ReportedAsync($$"""
        using System.ClientModel;
        using Microsoft.Extensions.AI;
        using OpenAI;
        using Polly;

        class Agent
        {
            private static readonly ApiKeyCredential Key = new("key");
            private readonly IChatClient _chat = {{creation}};

            public Task AskAsync(string text)
                => {{Polly}}.ExecuteAsync(ct => _chat.{{(multiplies ? "{|OCG1105:GetResponseAsync|}" : "GetResponseAsync")}}(text, cancellationToken: ct), CancellationToken.None);

            static void Main() { }
        }

        static class Adapters
        {
            public static IChatClient AsIChatClient(this OpenAI.Chat.ChatClient client) => null!;
        }
        """);

    [Fact]
    public Task Of_two_handlers_the_inner_one_goes_where_it_is_only_a_retry() => Verifier.FixedAsync(
        HandlersOnly(".AddStandardResilienceHandler().AddTransientHttpErrorPolicy(p => p.WaitAndRetryAsync(3, i => TimeSpan.FromSeconds(i)))", "{|OCG1105:PostAsync|}"),
        HandlersOnly(".AddStandardResilienceHandler()", "PostAsync"));

    [Theory]
    [InlineData(".AddTransientHttpErrorPolicy(p => p.WaitAndRetryAsync(3, i => TimeSpan.FromSeconds(i))).AddStandardResilienceHandler()")]
    [InlineData(".AddStandardResilienceHandler().AddResilienceHandler(\"x\", b => b.AddRetry(new RetryStrategyOptions<HttpResponseMessage> { ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>() }))")]
    public Task A_handler_that_does_more_is_not_fixable(string handlers) => Verifier.NotFixableAsync(HandlersOnly(handlers, "{|OCG1105:PostAsync|}"));

    [Fact]
    public Task The_sdk_s_retry_is_switched_off() => Verifier.FixedAsync(
        Executed(Polly),
        Executed(Polly, "CompleteChatAsync", "new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })"));

    [Fact]
    public Task A_policy_of_the_sdk_that_is_set_gets_no_retries() => Verifier.FixedAsync(
        Executed(Polly, Marked, "new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(maxRetries: 5) })"),
        Executed(Polly, "CompleteChatAsync", "new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })"));

    [Fact]
    public Task Calls_of_one_client_switch_it_off_once() => Verifier.FixedAsync(
        TwoCalls(Marked, "new ChatClient(\"m\", Key)"),
        TwoCalls("CompleteChatAsync", "new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })"));

    [Fact]
    public Task A_retry_in_a_pipeline_that_does_more_is_taken_away() => Verifier.FixedAsync(
        InnerPipeline("        .AddTimeout(TimeSpan.FromMinutes(5))\n        .AddRetry(new RetryStrategyOptions())\n        .Build();", Marked),
        InnerPipeline("        .AddTimeout(TimeSpan.FromMinutes(5))\n        .Build();", "CompleteChatAsync"));

    [Theory]
    [InlineData("        .AddRetry(new RetryStrategyOptions())\n        .Build();", "")]
    [InlineData("        .AddTimeout(TimeSpan.FromMinutes(5))\n        // Three times.\n        .AddRetry(new RetryStrategyOptions())\n        .Build();", "")]
    [InlineData("        .AddTimeout(TimeSpan.FromMinutes(5))\n        .AddRetry(new RetryStrategyOptions())\n        .Build();", "public ValueTask<string> ReadAsync(string path) => _pipeline.ExecuteAsync(async ct => await File.ReadAllTextAsync(path, ct));")]
    public Task A_pipeline_on_which_something_else_relies_is_not_fixable(string pipeline, string member) => Verifier.NotFixableAsync(InnerPipeline(pipeline, Marked, member));

    [Fact]
    public Task A_loop_inside_of_a_policy_is_not_fixable() => Verifier.NotFixableAsync(Class($$"""
        public Task<string> AskAsync(string text) => {{Polly}}.ExecuteAsync(async () =>
        {
            for (int i = 0; ; i++)
            {
                try
                {
                    return (await _chat.{|OCG1105:CompleteChatAsync|}(text)).Value.Content[0].Text;
                }
                catch (ClientResultException) when (i < 2)
                {
                    await Task.Delay(1000 << i);
                }
            }
        });
        """, "new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })"));

    [Fact]
    public Task Several_documents_are_fixed_at_once() => Verifier.FixedInAllAsync(
        [Executed(Polly), Executed(Polly).Replace("class Agent", "class Other").Replace("Agent(", "Other(").Replace("static void Main() { }", "")],
        [
            Executed(Polly, "CompleteChatAsync", "new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })"),
            Executed(Polly, "CompleteChatAsync", "new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })")
                .Replace("class Agent", "class Other").Replace("Agent(", "Other(").Replace("static void Main() { }", ""),
        ]);

    private static string TwoCalls(string call, string creation) => Class(
        $$"""
        private readonly AsyncRetryPolicy _retry = {{Polly}};

        public async Task<string> AskAsync(string text)
            => (await _retry.ExecuteAsync(() => _chat.{{call}}(text))).Value.Content[0].Text;

        public async Task<string> AskAgainAsync(string text)
            => (await _retry.ExecuteAsync(() => _chat.{{call}}(text, text))).Value.Content[0].Text;
        """,
        creation);

    private static string Executed(string policy, string call = Marked, string creation = "new ChatClient(\"m\", Key)") => Class(
        $$"""
        public async Task<string> AskAsync(string text)
        {
            var policy = {{policy}};
            return (await policy.ExecuteAsync(async ct => await _chat.{{call}}(new ChatMessage[] { text }, cancellationToken: ct), CancellationToken.None)).Value.Content[0].Text;
        }
        """,
        creation);

    private static string InnerPipeline(string pipeline, string call, string member = "") => Class(
        $$"""
        private readonly ResiliencePipeline _pipeline = new ResiliencePipelineBuilder()
        {{pipeline.Replace("        .", "    .")}}

        public async Task<string> AskAsync(string text)
        {
            for (int i = 0; i < 3; i++)
            {
                try
                {
                    return (await _pipeline.ExecuteAsync(async ct => await _chat.{{call}}([text], cancellationToken: ct))).Value.Content[0].Text;
                }
                catch (ClientResultException) when (i < 2)
                {
                    await Task.Delay(1000 << i);
                }
            }

            throw new InvalidOperationException();
        }
        {{member}}
        """.Replace("[text]", "new ChatMessage[] { text }"),
        "new ChatClient(\"m\", Key, new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })");

    private static string HandlersOnly(string handlers, string call)
    {
        string source = Http(handlers, call);
        int loop = source.IndexOf("        for (int i", StringComparison.Ordinal);
        int end = source.IndexOf("    static void Main", StringComparison.Ordinal);
        return source[..loop] + $"        return await (await _http.{call}(\"http://gateway:18789/v1/chat/completions\", new StringContent(text))).Content.ReadAsStringAsync();\n    }}\n\n" + source[end..];
    }

    private static string Http(string handlers, string call) => $$"""
        using Microsoft.Extensions.DependencyInjection;
        using Polly;
        using Polly.Retry;

        class Agent
        {
            private readonly HttpClient _http;

            public Agent(HttpClient http) => _http = http;

            public async Task<string> AskAsync(string text)
            {
                for (int i = 0; i < 3; i++)
                {
                    try
                    {
                        HttpResponseMessage response = await _http.{{call}}("http://gateway:18789/v1/chat/completions", new StringContent(text));
                        return await response.Content.ReadAsStringAsync();
                    }
                    catch (HttpRequestException)
                    {
                        await Task.Delay(1000 << i);
                    }
                }

                throw new InvalidOperationException();
            }

            static void Main() => new ServiceCollection().AddHttpClient<Agent>(){{handlers}};
        }

        static class Handlers
        {
            public static IHttpClientBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder) => builder;
            public static IHttpClientBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder, Action<object> configure) => builder;
            public static IHttpClientBuilder Configure(this IHttpClientBuilder builder, Action<object> configure) => builder;
            public static IHttpClientBuilder RemoveAllResilienceHandlers(this IHttpClientBuilder builder) => builder;
            public static IHttpClientBuilder AddPolicyHandler(this IHttpClientBuilder builder, IAsyncPolicy<HttpResponseMessage> policy) => builder;
            public static IHttpClientBuilder AddTransientHttpErrorPolicy(this IHttpClientBuilder builder, Func<PolicyBuilder<HttpResponseMessage>, IAsyncPolicy<HttpResponseMessage>> configure) => builder;
            public static IHttpClientBuilder AddResilienceHandler(this IHttpClientBuilder builder, string name, Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure) => builder;
        }
        """;

    private static string Class(string members, string creation = "new ChatClient(\"m\", Key)") => $$"""
        using System.ClientModel;
        using System.ClientModel.Primitives;
        using OpenAI;
        using OpenAI.Chat;
        using Polly;
        using Polly.Retry;

        class Agent
        {
            private const int Count = 3;
            private static readonly ApiKeyCredential Key = new("key");
            private static readonly OpenAIClientOptions Options = new() { Endpoint = new Uri("http://gateway:18789/v1") };
            private readonly ChatClient _chat = {{creation}};

            public static int Setting { get; set; } = 3;

            private static ChatClient Made() => Environment.TickCount > 0 ? null! : throw new NotSupportedException();

            private sealed class NoRetry : ClientRetryPolicy
            {
            }

        {{string.Join('\n', members.ReplaceLineEndings("\n").Split('\n').Select(line => line.Length == 0 ? line : "    " + line))}}

            static void Main() { }
        }
        """;
}
