using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.CodeFixes.Calls;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>What counts as protection of a call in the code around it, and what does not.</summary>
public sealed class ProtectionTests
{
    private const string Usings = "using OpenAI.Chat;\nusing OpenClaw.Resilience;\nusing Polly;";

    [Theory]
    [InlineData("await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken);")]
    [InlineData("await GatewayPipeline.For(\"a\").ExecuteAsync(async ct => { await _chat.CompleteChatAsync(messages, null, ct); }, cancellationToken);")]
    [InlineData("await foreach (var update in GatewayPipeline.Shared.ExecuteStreamingAsync(ct => _chat.CompleteChatStreamingAsync(messages, null, ct))) { }")]
    [InlineData("using var answer = await GatewayPipeline.Shared.SendAsync(_http, new HttpRequestMessage(HttpMethod.Post, \"http://box:18789/v1/responses\"));")]
    [InlineData("await new ResiliencePipelineBuilder().Build().ExecuteAsync(async ct => await _chat.CompleteChatAsync(messages, null, ct), cancellationToken);")]
    [InlineData("await new ResiliencePipelineBuilder<ChatCompletion>().Build().ExecuteAsync(async ct => (await _chat.CompleteChatAsync(messages, null, ct)).Value, cancellationToken);")]
    [InlineData("await ResiliencePipeline.Empty.ExecuteAsync(static async (chat, ct) => await chat.CompleteChatAsync(\"a\"), _chat, cancellationToken);")]
    [InlineData("await Policy.Handle<Exception>().CircuitBreakerAsync(3, TimeSpan.FromSeconds(1)).ExecuteAsync(() => _chat.CompleteChatAsync(messages));")]
    [InlineData("Policy.Handle<Exception>().CircuitBreaker(3, TimeSpan.FromSeconds(1)).Execute(() => _chat.CompleteChat(messages));\nawait Task.Yield();")]
    [InlineData("Func<Task> ask = () => _chat.CompleteChatAsync(messages);\nawait Policy.Handle<Exception>().CircuitBreakerAsync(3, TimeSpan.FromSeconds(1)).ExecuteAsync(ask);")]
    [InlineData("async ValueTask AskAsync(CancellationToken ct) { await _chat.CompleteChatAsync(messages, null, ct); }\nawait ResiliencePipeline.Empty.ExecuteAsync(AskAsync, cancellationToken);")]
    [InlineData("async Task AskAsync(CancellationToken ct) { await _chat.CompleteChatAsync(messages, null, ct); }\nawait ResiliencePipeline.Empty.ExecuteAsync(async ct => await AskAsync(ct), cancellationToken);")]
    [InlineData("await ResiliencePipeline.Empty.ExecuteAsync(async ct => await Task.WhenAll(messages.Select(m => _chat.CompleteChatAsync(new[] { m }, null, ct))), cancellationToken);")]
    [InlineData("await ResiliencePipeline.Empty.ExecuteAsync(async ct => { await foreach (var update in _chat.CompleteChatStreamingAsync(messages, null, ct)) { } }, cancellationToken);")]
    public Task A_call_that_a_resilience_library_executes_is_protected(string statements)
        => Verifier.SilentAsync(Code.InMethod(statements, fixedCode: true).Replace("using OpenAI.Chat;", "using OpenAI.Chat;\nusing Polly;", StringComparison.Ordinal));

    [Theory]
    [InlineData("public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken token) => await _pipeline.ExecuteAsync(async ct => await call(ct), token);")]
    [InlineData("public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken token) => GatewayPipeline.Shared.ExecuteAsync(call, token);")]
    [InlineData("public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken token) => InnerAsync(call, token);\n\nprivate async Task<T> InnerAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken token) => await _pipeline.ExecuteAsync(async ct => await call(ct), token);")]
    [InlineData("public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken token)\n{\n    for (int attempt = 0; ; attempt++)\n    {\n        try { return await call(token); }\n        catch (HttpRequestException) when (attempt < 3) { await Task.Delay(100 << attempt, token); }\n    }\n}")]
    [InlineData("[ProtectsGatewayCalls]\npublic Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken token) => call(token);")]
    public Task A_call_that_an_own_type_around_a_pipeline_executes_is_protected(string guard) => Verifier.SilentAsync(
        Code.InClass(
            $$"""
            private readonly ResiliencePipeline _pipeline = ResiliencePipeline.Empty;

            public Task AskAsync(ChatClient chat, List<ChatMessage> messages, CancellationToken token) => RunAsync(ct => chat.CompleteChatAsync(messages, null, ct), token);

            {{guard}}
            """,
            Usings));

    [Theory]
    [InlineData("interface IGuard { Task<T> RunAsync<T>(Func<Task<T>> call); }\n\nclass Guard : IGuard { public async Task<T> RunAsync<T>(Func<Task<T>> call) => await ResiliencePipeline.Empty.ExecuteAsync(async _ => await call()); }", true)]
    [InlineData("abstract class IGuard { public abstract Task<T> RunAsync<T>(Func<Task<T>> call); }\n\nclass Guard : IGuard { public override async Task<T> RunAsync<T>(Func<Task<T>> call) => await ResiliencePipeline.Empty.ExecuteAsync(async _ => await call()); }", true)]
    [InlineData("[ProtectsGatewayCalls] interface IGuard { Task<T> RunAsync<T>(Func<Task<T>> call); }", true)]
    [InlineData("interface IGuard { Task<T> RunAsync<T>(Func<Task<T>> call); }\n\nclass Guard : IGuard { public Task<T> RunAsync<T>(Func<Task<T>> call) => call(); }", false)]
    public Task An_abstraction_protects_if_what_implements_it_does(string guard, bool isProtected) => Verifier.ReportedAsync(
        Code.InClass(
            $"private Task AskAsync(IGuard guard, ChatClient chat) => guard.RunAsync(() => chat.{(isProtected ? "CompleteChatAsync" : "{|OCG1001:CompleteChatAsync|}")}(\"hello\"));\n\n{guard}",
            Usings));

    [Theory]
    [InlineData("for (int i = 0; i < 3; i++)\n{\n    try { await _chat.CompleteChatAsync(messages); break; }\n    catch (System.ClientModel.ClientResultException) { await Task.Delay(1000 << i); }\n}")]
    [InlineData("while (true)\n{\n    try { await _chat.CompleteChatAsync(messages); return; }\n    catch (System.ClientModel.ClientResultException) { await Task.Delay(1000); }\n}")]
    [InlineData("for (int i = 0; i < 3; i++)\n{\n    using var answer = await _http.PostAsync(\"http://box:18789/v1/responses\", null);\n    if (answer.IsSuccessStatusCode) { break; }\n    await Task.Delay(1000 << i);\n}")]
    [InlineData("for (int i = 0; i < 3; i++)\n{\n    using var answer = await _http.PostAsync(\"http://box:18789/v1/responses\", null);\n    if (!ShouldRetry(answer) || i == 2) { break; }\n    await Task.Delay(1000 << i);\n}\n\nstatic bool ShouldRetry(HttpResponseMessage answer) => (int)answer.StatusCode >= 500;")]
    [InlineData("for (int i = 0; i < 3; i++)\n{\n    using var answer = await _http.PostAsync(\"http://box:18789/v1/responses\", null);\n    if (IsTransient(answer)) { await Task.Delay(1000 << i); continue; }\n    break;\n}\n\nstatic bool IsTransient(HttpResponseMessage answer) => (int)answer.StatusCode >= 500;")]
    public Task A_retry_loop_is_the_retry_rules_business(string statements) => Verifier.SilentAsync(Code.InMethod(statements));

    [Theory]
    [InlineData("for (int i = 0; i < 3; i++)\n{\n    try { await _chat.CompleteChatAsync(messages); return; }\n    catch (System.ClientModel.ClientResultException) { await Task.Delay(1000 << i); }\n}\n\nawait _chat.CompleteChatAsync(messages);")]
    [InlineData("try { await _chat.CompleteChatAsync(messages); }\ncatch (System.ClientModel.ClientResultException)\n{\n    await ReconnectAsync();\n    await _chat.CompleteChatAsync(messages, null, cancellationToken);\n}\n\nstatic Task ReconnectAsync() => Task.CompletedTask;")]
    [InlineData("try { await _chat.CompleteChatAsync(messages); }\ncatch (System.ClientModel.ClientResultException)\n{\n    try { await _chat.CompleteChatAsync(messages); } catch (HttpRequestException e) { Console.WriteLine(e); }\n}")]
    public Task A_second_attempt_that_is_written_out_is_its_authors_decision(string statements) => Verifier.SilentAsync(Code.InMethod(statements));

    [Theory]
    [InlineData("foreach (var message in messages) { await _chat.{|OCG1001:CompleteChatAsync|}(messages); }\n\nawait _chat.{|OCG1001:CompleteChatAsync|}(messages);")]
    [InlineData("for (int i = 0; i < 3; i++)\n{\n    try { await _chat.CompleteChatAsync(messages); return; }\n    catch (System.ClientModel.ClientResultException) { await Task.Delay(1000 << i); }\n}\n\nawait _chat.{|OCG1001:CompleteChatAsync|}(\"another question\");")]
    [InlineData("try { await _chat.{|OCG1001:CompleteChatAsync|}(messages); }\ncatch (System.ClientModel.ClientResultException) { await _chat.{|OCG1001:CompleteChatAsync|}(\"another question\"); }")]
    [InlineData("try { await _chat.{|OCG1001:CompleteChatAsync|}(messages); }\ncatch (System.ClientModel.ClientResultException) { Console.WriteLine(); }\n\nawait _chat.{|OCG1001:CompleteChatAsync|}(messages);")]
    public Task Another_call_nearby_is_no_second_attempt(string statements) => Verifier.ReportedAsync(Code.InMethod(statements));

    [Theory]
    [InlineData("private Task CallAsync(ChatClient chat) => chat.CompleteChatAsync(\"a\");\n\npublic async Task AskAsync(ChatClient chat) => await ResiliencePipeline.Empty.ExecuteAsync(async _ => await CallAsync(chat));")]
    [InlineData("private Task CallAsync(ChatClient chat) => chat.CompleteChatAsync(\"a\");\n\nprivate Task MiddleAsync(ChatClient chat) => CallAsync(chat);\n\npublic async Task AskAsync(ChatClient chat) => await ResiliencePipeline.Empty.ExecuteAsync(async _ => await MiddleAsync(chat));")]
    [InlineData("private async Task CallAsync(ChatClient chat, int n)\n{\n    await chat.CompleteChatAsync(\"a\");\n    if (n > 0) { await CallAsync(chat, n - 1); }\n}\n\npublic async Task AskAsync(ChatClient chat) => await ResiliencePipeline.Empty.ExecuteAsync(async _ => await CallAsync(chat, 3));")]
    [InlineData("private async ValueTask CallAsync(CancellationToken token) => await Chat.CompleteChatAsync(\"a\");\n\npublic async Task AskAsync() => await ResiliencePipeline.Empty.ExecuteAsync(CallAsync);\n\nprivate static ChatClient Chat => null;")]
    [InlineData("private async ValueTask CallAsync(CancellationToken token) => await Chat.CompleteChatAsync(\"a\");\n\npublic async Task AskAsync() => await ResiliencePipeline.Empty.ExecuteAsync(this.CallAsync);\n\nprivate static ChatClient Chat => null;")]
    [InlineData("private Task CallAsync(ChatClient chat) => chat.CompleteChatAsync(\"a\");\n\npublic async Task AskAsync(ChatClient chat)\n{\n    for (int i = 0; i < 3; i++)\n    {\n        try { await CallAsync(chat); return; }\n        catch (HttpRequestException) { await Task.Delay(100 << i); }\n    }\n}")]
    public Task A_call_whose_callers_are_all_protected_is_protected(string members) => Verifier.SilentAsync(Code.InClass(members, Usings));

    [Theory]
    [InlineData("private Task CallAsync(ChatClient chat) => chat.{|OCG1001:CompleteChatAsync|}(\"a\");\n\npublic async Task AskAsync(ChatClient chat) => await ResiliencePipeline.Empty.ExecuteAsync(async _ => await CallAsync(chat));\n\npublic Task AskNowAsync(ChatClient chat) => CallAsync(chat);")]
    [InlineData("private Task CallAsync(ChatClient chat) => chat.{|OCG1001:CompleteChatAsync|}(\"a\");\n\npublic Task AskAsync(ChatClient chat) => CallAsync(chat);")]
    [InlineData("public Task AskAsync(ChatClient chat) => chat.{|OCG1001:CompleteChatAsync|}(\"a\");")]
    public Task One_unprotected_way_to_the_call_is_enough_and_one_diagnostic_stands_at_the_call(string members) => Verifier.ReportedAsync(Code.InClass(members, Usings));

    [Theory]
    [InlineData("try { await _chat.{|OCG1001:CompleteChatAsync|}(messages); } catch (Exception e) { Console.WriteLine(e); throw; }")]
    [InlineData("await _chat.{|OCG1001:CompleteChatAsync|}(messages).WaitAsync(TimeSpan.FromSeconds(5));")]
    [InlineData("Task call = _chat.{|OCG1001:CompleteChatAsync|}(messages);\nawait Task.WhenAny(call, Task.Delay(1000));")]
    [InlineData("await Task.Run(() => _chat.{|OCG1001:CompleteChatAsync|}(messages));")]
    [InlineData("await Task.Factory.StartNew(() => _chat.{|OCG1001:CompleteChatAsync|}(messages)).Unwrap();")]
    [InlineData("int maxRetries = 3;\nawait _chat.{|OCG1001:CompleteChatAsync|}(messages);\nConsole.WriteLine(maxRetries);")]
    [InlineData("foreach (var message in messages)\n{\n    try { await _chat.{|OCG1001:CompleteChatAsync|}(new[] { message }); }\n    catch (System.ClientModel.ClientResultException e) { Console.WriteLine(e); }\n}")]
    [InlineData("using var limit = new CancellationTokenSource(1000);\nawait _chat.{|OCG1001:CompleteChatAsync|}(messages, null, limit.Token);")]
    [InlineData("await Logged(() => _chat.{|OCG1001:CompleteChatAsync|}(messages));")]
    [InlineData("var pipeline = ResiliencePipeline.Empty;\nawait pipeline.ExecuteAsync(async _ => await Task.Yield());\nawait _chat.{|OCG1001:CompleteChatAsync|}(messages);")]
    [InlineData("var stream = Policy.Handle<Exception>().CircuitBreaker(3, TimeSpan.FromSeconds(1)).Execute(() => _chat.{|OCG1113:CompleteChatStreamingAsync|}(messages));\nawait foreach (var update in stream) { }")]
    public Task What_only_looks_like_protection_is_none(string statements) => Verifier.ReportedAsync(
        Code.InMethod(
            statements,
            """
            private static async Task<T> Logged<T>(Func<Task<T>> call)
            {
                Console.WriteLine("calling");
                return await call();
            }
            """).Replace("using OpenAI.Chat;", "using OpenAI.Chat;\nusing Polly;", StringComparison.Ordinal));

    [Fact]
    public Task A_setting_says_what_no_compilation_can_see() => Verifier.SilentAsync(
        Code.InMethod("await _chat.CompleteChatAsync(messages);"),
        config: "openclaw_clients_are_protected = true");

    [Theory]
    [InlineData("class Handler : DelegatingHandler\n{\n    private static readonly HttpClient Http = new();\n\n    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken token)\n    {\n        await Http.GetStringAsync(\"http://box:18789/v1/responses/1\");\n        return await base.SendAsync(request, token);\n    }\n}")]
    [InlineData("class Decorator : Microsoft.Extensions.AI.DelegatingChatClient\n{\n    public Decorator(Microsoft.Extensions.AI.IChatClient inner) : base(inner) { }\n\n    public Task AskAsync() => InnerClient.GetResponseAsync(new Microsoft.Extensions.AI.ChatMessage[0]);\n}")]
    [InlineData("class OwnClient : ChatClient\n{\n    public override Task<System.ClientModel.ClientResult<ChatCompletion>> CompleteChatAsync(IEnumerable<ChatMessage> messages, ChatCompletionOptions options = null, CancellationToken cancellationToken = default)\n        => base.CompleteChatAsync(messages, options, cancellationToken);\n}")]
    [InlineData("class AgentTests\n{\n    [Fact] public Task Answers() => new ChatClient(\"m\", \"k\").CompleteChatAsync(\"a\");\n\n    class FactAttribute : Attribute { }\n}")]
    public Task Handlers_decorators_and_tests_are_transparent(string type) => Verifier.SilentAsync(Code.InClass(type, Usings));

    [Fact]
    public Task A_project_with_a_test_framework_is_left_alone()
    {
        var test = new RuleTest<GatewayCallAnalyzer, ProtectCall> { TestCode = Code.InMethod("await _chat.CompleteChatAsync(messages);") };
        test.TestState.AdditionalReferences.Add(MetadataReference.CreateFromFile(typeof(FactAttribute).Assembly.Location));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task A_call_is_reported_where_the_consumer_of_a_decorator_makes_it() => Verifier.ReportedAsync(
        Code.InClass(
            """
            public Task AskAsync(OwnClient chat) => chat.{|OCG1001:CompleteChatAsync|}("hello");

            public class OwnClient : ChatClient
            {
                public override Task<System.ClientModel.ClientResult<ChatCompletion>> CompleteChatAsync(IEnumerable<ChatMessage> messages, ChatCompletionOptions options = null, CancellationToken cancellationToken = default)
                    => base.CompleteChatAsync(messages, options, cancellationToken);
            }
            """));
}
