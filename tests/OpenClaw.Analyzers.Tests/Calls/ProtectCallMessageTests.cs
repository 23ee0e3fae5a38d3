using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001 mended: HTTP requests, whose message or content one attempt may use up.</summary>
public sealed class ProtectCallMessageTests
{
    private const string Request = "using var request = new HttpRequestMessage(HttpMethod.Post, \"http://box:18789/v1/responses\");\n";

    [Theory]
    [InlineData("using var answer = await _http.{|OCG1001:SendAsync|}(request, cancellationToken);", "using var answer = await GatewayPipeline.Shared.SendAsync(_http, request, cancellationToken);")]
    [InlineData("using var answer = await _http.{|OCG1001:SendAsync|}(request).ConfigureAwait(false);", "using var answer = await GatewayPipeline.Shared.SendAsync(_http, request, cancellationToken).ConfigureAwait(false);")]
    [InlineData("using var answer = await _http.{|OCG1001:SendAsync|}(request, CancellationToken.None);", "using var answer = await GatewayPipeline.Shared.SendAsync(_http, request);")]
    [InlineData("using var answer = await _http.{|OCG1001:SendAsync|}(request, HttpCompletionOption.ResponseContentRead, cancellationToken);", "using var answer = await GatewayPipeline.Shared.SendAsync(_http, request, HttpCompletionOption.ResponseContentRead, cancellationToken);")]
    [InlineData("using var answer = await Client().{|OCG1001:SendAsync|}(request, cancellationToken);", "using var answer = await GatewayPipeline.Shared.SendAsync(Client(), request, cancellationToken);")]
    public Task A_message_is_sent_by_the_pipeline_which_builds_it_anew(string call, string fixedCall)
    {
        const string Members = "private HttpClient Client() => _http;";
        return Verifier.FixedAsync(Code.InMethod(Request + call, Members), Code.InMethod(Request + fixedCall, Members, fixedCode: true));
    }

    [Fact]
    public Task The_pipeline_bounds_a_body_that_is_read_later() => Verifier.FixedAsync(
        Code.InMethod(Request + "using var answer = await _http.{|OCG1001:{|OCG1002:SendAsync|}|}(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);" + Read),
        Code.InMethod(Request + "using var answer = await GatewayPipeline.Shared.SendAsync(_http, request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);" + Read, fixedCode: true));

    private const string Read = "\nanswer.EnsureSuccessStatusCode();\nConsole.WriteLine(await answer.Content.ReadAsStringAsync());";

    [Fact]
    public Task A_message_made_in_place_stays_in_place() => Verifier.FixedAsync(
        Code.InMethod("await _http.{|OCG1001:SendAsync|}(new HttpRequestMessage(HttpMethod.Post, \"http://box:18789/v1/responses\") { Content = new StreamContent(Stream.Null) });"),
        Code.InMethod("await GatewayPipeline.Shared.SendAsync(_http, new HttpRequestMessage(HttpMethod.Post, \"http://box:18789/v1/responses\") { Content = new StreamContent(Stream.Null) }, cancellationToken);", fixedCode: true));

    [Theory]
    [InlineData("using var answer = _http.{|OCG1001:Send|}(request);")]
    [InlineData("using var answer = await _http.{|OCG1001:SendAsync|}(request: request, cancellationToken: cancellationToken);")]
    [InlineData("using var answer = await _http.{|OCG1001:SendAsync|}(request, default(HttpCompletionOption), cancellationToken);", true)]
    [InlineData("using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());\nusing var answer = await invoker.{|OCG1001:{|OCG1002:SendAsync|}|}(request, cancellationToken);")]
    public Task A_form_that_the_pipeline_has_no_method_for_is_not_fixable(string call, bool isFixable = false)
        => isFixable
            ? Verifier.FixedAsync(
                Code.InMethod(Request + call),
                Code.InMethod(Request + "using var answer = await GatewayPipeline.Shared.SendAsync(_http, request, default(HttpCompletionOption), cancellationToken);", fixedCode: true))
            : Verifier.NotFixableAsync(Code.InMethod(Request + call + "\nawait Task.Yield();"));

    [Theory]
    [InlineData("new StringContent(\"{}\")")]
    [InlineData("new ByteArrayContent(new byte[1])")]
    [InlineData("JsonContent.Create(1)")]
    [InlineData("new FormUrlEncodedContent(new Dictionary<string, string>())")]
    [InlineData("null")]
    public Task Content_in_memory_can_be_sent_again(string content) => Verifier.FixedAsync(
        Code.InMethod($"await _http.{{|OCG1001:PostAsync|}}(\"http://box:18789/v1/responses\", {content}, cancellationToken);"),
        Code.InMethod($"await GatewayPipeline.Shared.ExecuteAsync(ct => _http.PostAsync(\"http://box:18789/v1/responses\", {content}, ct), cancellationToken);", fixedCode: true));

    [Fact]
    public Task Content_behind_a_variable_is_known_by_what_it_was_made_of() => Verifier.FixedAsync(
        Code.InMethod("HttpContent content = new StringContent(\"{}\");\nawait _http.{|OCG1001:PostAsync|}(\"http://box:18789/v1/responses\", content, cancellationToken);"),
        Code.InMethod("HttpContent content = new StringContent(\"{}\");\nawait GatewayPipeline.Shared.ExecuteAsync(ct => _http.PostAsync(\"http://box:18789/v1/responses\", content, ct), cancellationToken);", fixedCode: true));

    [Theory]
    [InlineData("new StreamContent(Stream.Null)")]
    [InlineData("new MultipartFormDataContent()")]
    [InlineData("Unknown()")]
    [InlineData("(HttpContent)new StreamContent(Stream.Null)")]
    public Task Content_that_one_attempt_may_use_up_is_not_fixable(string content) => Verifier.NotFixableAsync(
        Code.InMethod($"await _http.{{|OCG1001:PostAsync|}}(\"http://box:18789/v1/responses\", {content}, cancellationToken);", "private static HttpContent Unknown() => new StreamContent(Stream.Null);"));

    [Fact]
    public Task The_body_of_an_SDKs_raw_call_is_not_fixable() => Verifier.NotFixableAsync(
        Code.InMethod("await _chat.{|OCG1001:CompleteChatAsync|}(System.ClientModel.BinaryContent.Create(Stream.Null));"));

    [Fact]
    public Task Json_extensions_are_wrapped_like_methods() => Verifier.FixedAsync(
        Code.InMethod(
            """
            await _http.{|OCG1001:PostAsJsonAsync|}("http://box:18789/v1/responses", new { model = "openclaw" });
            await _http.{|OCG1001:GetFromJsonAsync|}<string>("http://box:18789/v1/responses/1", cancellationToken);
            """),
        Code.InMethod(
            """
            await GatewayPipeline.Shared.ExecuteAsync(ct => _http.PostAsJsonAsync("http://box:18789/v1/responses", new { model = "openclaw" }, cancellationToken: ct), cancellationToken);
            await GatewayPipeline.Shared.ExecuteAsync(ct => _http.GetFromJsonAsync<string>("http://box:18789/v1/responses/1", ct), cancellationToken);
            """,
            fixedCode: true));
}
