using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.BoundWait>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>Bodies that are read behind the headers, where the response is not simply declared with the call.</summary>
public sealed class BodyReadTests
{
    private const string Report = "{|OCG1002:SendAsync|}";

    private static string Around(string statements) => TimeoutCode.WithMembers(
        $$"""
        private readonly HttpClient _http = new();
        private HttpResponseMessage? _last;

        public async Task<object?> AskAsync(CancellationToken stop)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:18789/v1/chat/completions");
        {{TimeoutCode.Indented(statements, 4)}}
            return null;
        }
        """);

    [Theory]
    [InlineData("HttpResponseMessage response;\ntry { response = await _http.{Call}(request, HttpCompletionOption.ResponseHeadersRead, stop); }\ncatch (HttpRequestException) { return null; }\nConsole.WriteLine(await response.Content.ReadAsStringAsync(stop));")]
    [InlineData("HttpResponseMessage? response = null;\ntry { response = await _http.{Call}(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false); }\nfinally { }\nusing var reader = new StreamReader(await response!.Content.ReadAsStreamAsync(stop));\nawait reader.ReadLineAsync(stop);")]
    [InlineData("HttpResponseMessage? response = null;\nresponse = await _http.{Call}(request, HttpCompletionOption.ResponseHeadersRead, stop);\nawait (response?.Content.ReadAsStringAsync() ?? Task.FromResult(\"\"));")]
    [InlineData("var text = await (await _http.{Call}(request, HttpCompletionOption.ResponseHeadersRead, stop)).Content.ReadAsStringAsync();\nConsole.WriteLine(text);")]
    public Task A_response_that_is_assigned_or_read_in_place_is_followed(string statements)
        => Verifier.ReportedAsync(Around(statements.Replace("{Call}", Report)));

    [Theory]
    [InlineData("HttpResponseMessage response;\ntry { response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop); }\ncatch (HttpRequestException) { return null; }\nreturn response;")]
    [InlineData("HttpResponseMessage response;\nresponse = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);\nusing var idle = new CancellationTokenSource(5000);\nawait response.Content.ReadAsStringAsync(idle.Token);")]
    [InlineData("HttpResponseMessage response;\nresponse = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);\nresponse.EnsureSuccessStatusCode();")]
    [InlineData("_last = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);\nawait _last.Content.ReadAsStringAsync(stop);")]
    [InlineData("HttpResponseMessage? response = null;\nFunc<Task> send = async () => { response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop); };\nawait send();\nusing var idle = new CancellationTokenSource(5000);\nawait response!.Content.ReadAsStringAsync(idle.Token);")]
    [InlineData("var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);\nreturn await response.Content.ReadAsStreamAsync(stop);")]
    [InlineData("var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);\nvar stream = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);\nreturn new StreamReader(stream);")]
    [InlineData("var stream = await _http.GetStreamAsync(\"http://127.0.0.1:18789/v1/responses\", stop);\nreturn new StreamReader(stream);")]
    public Task A_response_that_is_handed_out_or_read_with_a_limit_is_accepted(string statements) => Verifier.SilentAsync(Around(statements));
}
