using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.HoistKey>;

namespace OpenClaw.Analyzers.Tests.Calls;

public sealed class UnstableKeyTests
{
    private const string Retry = "private readonly AsyncRetryPolicy _retry = Policy.Handle<Exception>().WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(attempt));";

    [Theory]
    [InlineData("await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, ct), cancellationToken);")]
    [InlineData("await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"agent\", new Dictionary<string, object> { [\"idempotencyKey\"] = {|OCG1009:$\"{message}-{DateTime.UtcNow.Ticks}\"|} }, ct), cancellationToken);")]
    [InlineData("await _retry.ExecuteAsync(async ct =>\n{\n    var key = Guid.NewGuid().ToString(\"N\");\n    var payload = new { message, idempotencyKey = {|OCG1009:key|} };\n    await _gateway.CallAsync(\"chat.send\", payload, ct);\n}, cancellationToken);")]
    [InlineData("await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:NewKey()|} }, ct), cancellationToken);\nstatic string NewKey() => Guid.NewGuid().ToString();")]
    [InlineData("await _retry.ExecuteAsync(async ct => await _gateway.{|OCG1009:CallBareAsync|}(\"chat.send\", new { message }, ct), cancellationToken);", "Missing")]
    [InlineData("for (int attempt = 0; attempt < 4; attempt++)\n{\n    try\n    {\n        await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:$\"run-{attempt}\"|} }, cancellationToken);\n        return;\n    }\n    catch (HttpRequestException)\n    {\n        await Task.Delay(1000 << attempt, cancellationToken);\n    }\n}")]
    [InlineData("await AgainAsync(() => _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, cancellationToken));")]
    [InlineData("await _retry.ExecuteAsync(() => SendAsync(message));", "ByCaller")]
    [InlineData("await _retry.ExecuteAsync(() => _http.PostAsJsonAsync(\"http://127.0.0.1:18789/hooks/agent\", new { message, idempotencyKey = {|OCG1009:Guid.NewGuid()|} }));")]
    [InlineData("await _retry.ExecuteAsync(() => _http.{|OCG1009:PostAsJsonAsync|}(\"http://127.0.0.1:18789/hooks/agent\", new { message }));", "Hook")]
    [InlineData("await _retry.ExecuteAsync(async () =>\n{\n    var request = new HttpRequestMessage(HttpMethod.Post, \"http://127.0.0.1:18789/hooks/agent\");\n    request.Headers.Add(\"Idempotency-Key\", {|OCG1009:Guid.NewGuid().ToString()|});\n    await _http.SendAsync(request);\n});")]
    [InlineData("await GatewayPipeline.Shared.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, ct), CallEffect.Keyed, cancellationToken);")]
    [InlineData("await _retry.ExecuteAsync(() => _node.{|OCG1009:SendChatMessageAsync|}(message));")]
    [InlineData("await _retry.ExecuteAsync(() => _node.SendChatMessageForRunAsync(message, idempotencyKey: {|OCG1009:Guid.NewGuid().ToString()|}));")]
    [InlineData("await _retry.ExecuteAsync(() => SendAsync(message));", "ByGroup")]
    [InlineData("await _retry.ExecuteAsync(SendOneAsync);", "ByGroup")]
    public Task A_repeated_send_without_a_stable_key_is_reported(string statements, string kind = "") => Verifier.ReportedAsync(InMethod(statements, kind));

    [Theory]
    [InlineData("var key = Guid.NewGuid().ToString();\nawait _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = key }, ct), cancellationToken);")]
    [InlineData("await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = message }, ct), cancellationToken);")]
    [InlineData("await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", Payload(message), ct), cancellationToken);\nstatic object Payload(string text) => text;")]
    [InlineData("await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.history\", new { message, idempotencyKey = Guid.NewGuid() }, ct), cancellationToken);")]
    [InlineData("await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = Guid.NewGuid() }, cancellationToken);")]
    [InlineData("await Policy.TimeoutAsync(5).ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = Guid.NewGuid() }, ct), cancellationToken);")]
    [InlineData("await GatewayPipeline.Shared.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = Guid.NewGuid() }, ct), cancellationToken);")]
    [InlineData("foreach (var text in new[] { message })\n{\n    await _gateway.CallAsync(\"chat.send\", new { text, idempotencyKey = Guid.NewGuid() }, cancellationToken);\n}")]
    [InlineData("while (!cancellationToken.IsCancellationRequested)\n{\n    try\n    {\n        await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = Guid.NewGuid() }, cancellationToken);\n    }\n    catch (HttpRequestException)\n    {\n    }\n\n    await Task.Delay(1000, cancellationToken);\n}")]
    [InlineData("await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message }, ct), cancellationToken);")]
    [InlineData("await _retry.ExecuteAsync(() => _node.SendChatMessageForRunAsync(message, idempotencyKey: message));")]
    [InlineData("await _retry.ExecuteAsync(() => _http.PostAsJsonAsync(\"https://shop.example/hooks\", new { message, idempotencyKey = Guid.NewGuid() }));")]
    public Task A_stable_key_or_no_retry_is_silent(string statements) => Verifier.SilentAsync(InMethod(statements));

    [Theory]
    [InlineData(
        "await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:Guid.NewGuid().ToString()|} }, ct), cancellationToken);",
        "var idempotencyKey = Guid.NewGuid().ToString();\nawait _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = idempotencyKey }, ct), cancellationToken);")]
    [InlineData(
        "// says hello\nawait _retry.ExecuteAsync(async ct =>\n{\n    var key = Guid.NewGuid().ToString();\n    await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:key|} }, ct);\n}, cancellationToken);",
        "var key = Guid.NewGuid().ToString();\n// says hello\nawait _retry.ExecuteAsync(async ct =>\n{\n    await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = key }, ct);\n}, cancellationToken);")]
    [InlineData(
        "for (int attempt = 0; attempt < 4; attempt++)\n{\n    try\n    {\n        await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, cancellationToken);\n        return;\n    }\n    catch (HttpRequestException)\n    {\n        await Task.Delay(TimeSpan.FromSeconds(1 << attempt), cancellationToken);\n    }\n}",
        "var idempotencyKey = Guid.NewGuid();\nfor (int attempt = 0; attempt < 4; attempt++)\n{\n    try\n    {\n        await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = idempotencyKey }, cancellationToken);\n        return;\n    }\n    catch (HttpRequestException)\n    {\n        await Task.Delay(TimeSpan.FromSeconds(1 << attempt), cancellationToken);\n    }\n}")]
    public Task The_key_is_made_before_the_first_attempt(string statements, string expected) => Verifier.FixedAsync(InMethod(statements), InMethod(expected));

    [Theory]
    [InlineData("    var key = Guid.NewGuid().ToString();\n", "key", "var key = Guid.NewGuid().ToString();\n", "key")]
    [InlineData("", "Guid.NewGuid().ToString()", "var idempotencyKey = Guid.NewGuid().ToString();\n", "idempotencyKey")]
    public Task The_key_of_a_top_level_program_is_made_before_the_first_attempt(string inside, string key, string before, string name)
    {
        return Verifier.FixedAsync(Program("", inside, "{|OCG1009:" + key + "|}"), Program(before, "", name));

        static string Program(string before, string inside, string key) => $$"""
            #pragma warning disable OCG1001, OCG1002 // judged by other tests
            using OpenClaw.Shared;
            using Polly;

            var gateway = new OpenClawGatewayClient("ws://box", "t");
            var retry = Policy.Handle<Exception>().WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(attempt));
            {{before}}await retry.ExecuteAsync(async () =>
            {
            {{inside}}    await gateway.SendChatMessageForRunAsync("hello", idempotencyKey: {{key}});
            });

            """;
    }

    [Fact]
    public Task All_are_fixed_at_once()
    {
        const string Reported = "await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, ct), cancellationToken);\n"
            + "await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"agent\", new { message, idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, ct), cancellationToken);";
        return Verifier.FixedInAllAsync([InMethod(Reported)], [InMethod(
            "var idempotencyKey = Guid.NewGuid();\n"
            + "await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = idempotencyKey }, ct), cancellationToken);\n"
            + "var idempotencyKey2 = Guid.NewGuid();\n"
            + "await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"agent\", new { message, idempotencyKey = idempotencyKey2 }, ct), cancellationToken);")]);
    }

    [Theory]
    [InlineData("await _retry.ExecuteAsync(async ct => await _gateway.{|OCG1009:CallBareAsync|}(\"chat.send\", new { message }, ct), cancellationToken);", "Missing")]
    [InlineData("await _retry.ExecuteAsync(() => SendAsync(message));", "ByCaller")]
    [InlineData("for (int attempt = 0; attempt < 4; attempt++)\n{\n    try\n    {\n        await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:$\"run-{attempt}\"|} }, cancellationToken);\n        return;\n    }\n    catch (HttpRequestException)\n    {\n        await Task.Delay(TimeSpan.FromSeconds(1 << attempt), cancellationToken);\n    }\n}")]
    [InlineData("if (message.Length > 0)\n    await _retry.ExecuteAsync(async ct => await _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, ct), cancellationToken);")]
    [InlineData("await _retry.ExecuteAsync(static async ct => await Known.CallAsync(\"chat.send\", new { idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, ct), cancellationToken);")]
    [InlineData("await _retry.ExecuteAsync(async () =>\n{\n    foreach (var text in new[] { message, \"again\" })\n    {\n        await _gateway.CallAsync(\"chat.send\", new { text, idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, cancellationToken);\n    }\n});")]
    [InlineData("await _retry.ExecuteAsync(async () =>\n{\n    foreach (var text in new[] { message, \"again\" })\n    {\n        var key = Guid.NewGuid();\n        await _gateway.CallAsync(\"chat.send\", new { text, idempotencyKey = {|OCG1009:key|} }, cancellationToken);\n    }\n});")]
    [InlineData("await _retry.ExecuteAsync(() => Task.WhenAll(new[] { message, \"again\" }.Select(text => _gateway.CallAsync(\"chat.send\", new { text, idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, cancellationToken))));")]
    public Task A_key_that_cannot_move_is_not_fixable(string statements, string kind = "") => Verifier.NotFixableAsync(InMethod(statements, kind));

    private static string InMethod(string statements, string kind = "") => $$"""
        #pragma warning disable OCG1001, OCG1002, OCG1007 // judged by other tests
        using OpenClaw.Resilience;
        using OpenClaw.Shared;
        using Polly;
        using Polly.Retry;

        class Agent
        {
            {{Retry}}
            private static readonly OpenClawLink Known = new();
            private readonly OpenClawLink _gateway = new();
            private readonly OpenClawGatewayClient _node = new("ws://box", "t");
            private readonly HttpClient _http = new();

            public async Task RunAsync(string message, CancellationToken cancellationToken)
            {
        {{TimeoutCode.Indented(statements, 8)}}
            }

            private async Task AgainAsync(Func<Task> call)
            {
                for (int attempt = 0; ; attempt++)
                {
                    try
                    {
                        await call();
                        return;
                    }
                    catch (HttpRequestException) when (attempt < 4)
                    {
                        await Task.Delay(TimeSpan.FromSeconds(1 << attempt));
                    }
                }
            }
        {{(kind == "ByGroup" ? "\n    private Task SendAsync(string text) => SendOneAsync();\n\n    private Task SendOneAsync() => _gateway.CallAsync(\"chat.send\", new { idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, default);\n" : "")}}
        {{(kind == "ByCaller" ? "\n    private Task SendAsync(string message) => _gateway.CallAsync(\"chat.send\", new { message, idempotencyKey = {|OCG1009:Guid.NewGuid()|} }, default);\n" : "")}}
            static void Main() { }
        }

        // The wrapper of the user's own, which speaks to an OpenClaw gateway.
        class OpenClawLink
        {
            public Task<string> CallAsync(string method, object payload, CancellationToken token) => Task.FromResult({{(kind is "Missing" or "Hook" ? "\"\"" : "\"idempotencyKey\"")}});

            public Task<string> CallBareAsync(string method, object payload, CancellationToken token) => Task.FromResult("");
        }
        """;
}
