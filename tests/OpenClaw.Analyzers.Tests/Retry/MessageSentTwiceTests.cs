using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.MessagePerAttempt>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Request messages that a retry sends again.</summary>
public sealed class MessageSentTwiceTests
{
    private const string Made = "using var request = new HttpRequestMessage(HttpMethod.Post, Url);\n";
    private const string Send = "await _http.{|OCG1108:SendAsync|}(request, token)";
    private const string SendOnce = "await _http.SendAsync(request, token)";
    private const string Silenced = "dotnet_diagnostic.OCG1001.severity = none\ndotnet_diagnostic.OCG1002.severity = none";

    [Theory]
    [InlineData(Made + "for (int i = 0; i < 3; i++) { try { return " + Send + "; } catch (HttpRequestException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();")]
    [InlineData(Made + "int i = 0;\nwhile (true) { try { return " + Send + "; } catch (HttpRequestException) when (i++ < 3) { await Task.Delay(1000 << i); } }")]
    [InlineData(Made + "foreach (int wait in new[] { 1, 2, 4 }) { try { return " + Send + "; } catch (HttpRequestException) { await Task.Delay(wait); } }\nthrow new InvalidOperationException();")]
    [InlineData(Made + "return await _retry.ExecuteAsync(async () => " + Send + ");")]
    [InlineData(Made + "return await _retry.ExecuteAsync(() => _http.{|OCG1108:SendAsync|}(request, token));")]
    [InlineData(Made + "return await _polly.ExecuteAsync(async ct => await _http.{|OCG1108:SendAsync|}(request, ct));")]
    [InlineData("return await _retry.ExecuteAsync(() => _http.{|OCG1108:SendAsync|}(given, token));")]
    public Task A_message_from_outside_of_the_retry_is_reported(string body) => Verifier.ReportedAsync(Method(body), config: Silenced);

    [Fact]
    public Task A_helper_that_is_given_the_message_is_reported() => Verifier.ReportedAsync(
        Method("return await AgainAsync(" + "new HttpRequestMessage(HttpMethod.Post, Url));\n\nasync Task<HttpResponseMessage> AgainAsync(HttpRequestMessage request)\n{\n    for (int i = 0; ; i++) { try { return " + Send + "; } catch (HttpRequestException) when (i < 3) { await Task.Delay(1000 << i); } }\n}"),
        config: Silenced);

    [Theory]
    [InlineData("for (int i = 0; i < 3; i++) { try { " + Made + "return " + SendOnce + "; } catch (HttpRequestException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();")]
    [InlineData("for (int i = 0; i < 3; i++) { " + Made + "try { return " + SendOnce + "; } catch (HttpRequestException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();")]
    [InlineData("HttpRequestMessage request;\nfor (int i = 0; i < 3; i++) { request = Clone(given); try { return " + SendOnce + "; } catch (HttpRequestException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();")]
    [InlineData(Made + "for (int i = 0; i < 3; i++) { try { return await _http.SendAsync(Clone(request), token); } catch (HttpRequestException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();")]
    [InlineData("return await _retry.ExecuteAsync(async () => { " + Made + "return " + SendOnce + "; });")]
    [InlineData(Made + "return " + SendOnce + ";")]
    [InlineData(Made + "try { return " + SendOnce + "; } catch (HttpRequestException) { throw; }")]
    [InlineData(Made + "return await Policy.TimeoutAsync(9).ExecuteAsync(() => _http.SendAsync(request, token));")]
    [InlineData(Made + "return await _given.ExecuteAsync(() => _http.SendAsync(request, token));")]
    [InlineData(Made + "return await _gateway.ExecuteAsync(ct => _http.SendAsync(request, ct), token);")]
    [InlineData(Made + "return await _gateway.SendAsync(_http, request, token);")]
    [InlineData("foreach (string item in new[] { \"a\", \"b\" }) { " + Made + SendOnce + "; }\nreturn null!;")]
    [InlineData(Made + "for (int i = 0; i < 3; i++) { try { return await new HttpMessageInvoker(new SocketsHttpHandler()).SendAsync(request, token); } catch (HttpRequestException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();")]
    public Task A_message_for_each_attempt_is_silent(string body) => Verifier.SilentAsync(Method(body), config: Silenced);

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task The_message_moves_into_the_lambda() => Verifier.FixedAsync(
        Method(
            """
            using var request = new HttpRequestMessage(HttpMethod.Post, Url);
            request.Headers.Add("x-openclaw-agent", text);
            request.Content = new StringContent(text);
            return await _retry.ExecuteAsync(() => _http.{|OCG1108:SendAsync|}(request, token));
            """),
        Method(
            """
            return await _retry.ExecuteAsync(async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, Url);
                request.Headers.Add("x-openclaw-agent", text);
                request.Content = new StringContent(text);
                return await _http.SendAsync(request, token);
            });
            """));

    [Fact]
    public Task The_message_moves_into_the_loop() => Verifier.FixedAsync(Method(Loop("", Create + "\n\n")), Method(Loop("\n    " + Create.Replace("\n", "\n    "), "").Replace("{|OCG1108:SendAsync|}", "SendAsync")));

    [Fact]
    public Task Messages_of_one_method_move_at_once() => Verifier.FixedAsync(
        Method(
            """
            var first = new HttpRequestMessage(HttpMethod.Post, Url);
            await _retry.ExecuteAsync(async () => await _http.{|OCG1108:SendAsync|}(first, token));
            var second = new HttpRequestMessage(HttpMethod.Post, Url);
            return await _retry.ExecuteAsync(async () => await _http.{|OCG1108:SendAsync|}(second, token));
            """),
        Method(
            """
            await _retry.ExecuteAsync(async () =>
            {
                var first = new HttpRequestMessage(HttpMethod.Post, Url);
                return await _http.SendAsync(first, token);
            });
            return await _retry.ExecuteAsync(async () =>
            {
                var second = new HttpRequestMessage(HttpMethod.Post, Url);
                return await _http.SendAsync(second, token);
            });
            """));

    [Theory]
    [InlineData(Made + "request.Headers.Add(\"Idempotency-Key\", Guid.NewGuid().ToString());\nreturn await _retry.ExecuteAsync(() => _http.{|OCG1108:SendAsync|}(request, token));")]
    [InlineData(Made + "request.Content = new StreamContent(File.OpenRead(text));\nreturn await _retry.ExecuteAsync(() => _http.{|OCG1108:SendAsync|}(request, token));")]
    [InlineData(Made + "request.Content = new StringContent(await File.ReadAllTextAsync(text));\nreturn await _retry.ExecuteAsync(() => _http.{|OCG1108:SendAsync|}(request, token));")]
    [InlineData(Made + "// The body.\nrequest.Content = new StringContent(text); // here\nreturn await _retry.ExecuteAsync(() => _http.{|OCG1108:SendAsync|}(request, token));")]
    [InlineData(Made + "var response = await _retry.ExecuteAsync(() => _http.{|OCG1108:SendAsync|}(request, token));\nConsole.WriteLine(request.RequestUri);\nreturn response;")]
    [InlineData(Made + "if (text.Length > 0) { request.Content = new StringContent(text); }\nreturn await _retry.ExecuteAsync(() => _http.{|OCG1108:SendAsync|}(request, token));")]
    [InlineData("using (var request = new HttpRequestMessage(HttpMethod.Post, Url)) { return await _retry.ExecuteAsync(() => _http.{|OCG1108:SendAsync|}(request, token)); }")]
    [InlineData("return await _retry.ExecuteAsync(() => _http.{|OCG1108:SendAsync|}(given, token));")]
    public Task A_message_that_cannot_be_made_again_is_not_fixable(string body) => Verifier.NotFixableAsync(Method(body));

    private const string Create = "var request = new HttpRequestMessage(HttpMethod.Post, Url);\nrequest.Headers.Add(\"x-openclaw-agent\", text);";

    private static string Loop(string inside, string before) => before + $$"""
        for (int i = 0; ; i++)
        {{{inside}}
            try
            {
                return await _http.{|OCG1108:SendAsync|}(request, token);
            }
            catch (HttpRequestException) when (i < 3)
            {
                await Task.Delay(1000 << i, token);
            }
        }
        """;

    private static string Method(string body) => $$"""
        using OpenClaw.Resilience;
        using Polly;
        using Polly.Retry;

        class Agent
        {
            private const string Url = "http://gateway:18789/v1/chat/completions";
            private readonly AsyncRetryPolicy _retry = Policy.Handle<HttpRequestException>().WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(attempt));
            private readonly ResiliencePipeline _polly = new ResiliencePipelineBuilder().AddRetry(new()).Build();
            private readonly IAsyncPolicy _given;
            private readonly GatewayPipeline _gateway;
            private readonly HttpClient _http;

            public Agent(HttpClient http, IAsyncPolicy given, GatewayPipeline gateway) 
            {
                (_http, _given, _gateway) = (http, given, gateway);
                _http.BaseAddress = new Uri("http://gateway:18789");
            }

            public async Task<HttpResponseMessage> AskAsync(string text, HttpRequestMessage given, CancellationToken token)
            {
        {{string.Join('\n', body.ReplaceLineEndings("\n").Split('\n').Select(line => line.Length == 0 ? line : "        " + line))}}
            }

            private static HttpRequestMessage Clone(HttpRequestMessage request) => new(request.Method, request.RequestUri);

            static void Main() { }
        }
        """;
}
