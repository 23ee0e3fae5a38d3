using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.EnsureSuccess>;

namespace OpenClaw.Analyzers.Tests.Calls;

public sealed class IgnoredStatusTests
{
    [Theory]
    [InlineData("using var response = await _http.{|OCG1007:PostAsJsonAsync|}(Url, 1, cancellationToken);\nreturn await response.Content.ReadAsStringAsync(cancellationToken);")]
    [InlineData("HttpResponseMessage response;\nresponse = await _http.{|OCG1007:PostAsJsonAsync|}(Url, 1).ConfigureAwait(false);\nreturn await response.Content.ReadFromJsonAsync<string>();")]
    [InlineData("return await (await _http.{|OCG1007:PostAsync|}(Url, null)).Content.ReadAsStringAsync();")]
    [InlineData("var response = _http.{|OCG1007:PostAsync|}(Url, null).Result;\nreturn response.Content.ReadAsStringAsync().Result;")]
    [InlineData("var response = await _http.{|OCG1007:PostAsync|}(Url, null);\nConsole.WriteLine(response.Headers.Age);\nusing (response)\n{\n    return await ReadAsync(response.Content);\n}\nstatic Task<string> ReadAsync(HttpContent content) => content.ReadAsStringAsync();")]
    [InlineData("var response = await _http.{|OCG1007:PostAsync|}(Url, null);\nLog(response);\nreturn await response.Content.ReadAsStringAsync();\nstatic void Log(HttpResponseMessage answer) => Console.WriteLine(answer.Version);")]
    [InlineData("var request = new HttpRequestMessage(HttpMethod.Post, Url);\nvar response = await OpenClaw.Resilience.GatewayPipeline.Shared.{|OCG1007:SendAsync|}(_http, request);\nreturn await response.Content.ReadAsStringAsync();")]
    public Task A_body_that_is_read_without_a_look_at_the_status_is_reported(string statements) => Verifier.ReportedAsync(InMethod(statements));

    [Theory]
    [InlineData("response.EnsureSuccessStatusCode();")]
    [InlineData("if (!response.IsSuccessStatusCode) throw new InvalidOperationException();")]
    [InlineData("if (response.StatusCode == System.Net.HttpStatusCode.TooManyRequests) return \"\";")]
    [InlineData("switch (response.StatusCode) { case System.Net.HttpStatusCode.OK: break; default: return \"\"; }")]
    [InlineData("var good = response is { IsSuccessStatusCode: true };")]
    [InlineData("Check(response);\nstatic void Check(HttpResponseMessage answer) => answer.EnsureSuccessStatusCode();")]
    [InlineData("Pass(response);\nstatic void Pass(HttpResponseMessage answer) => GC.KeepAlive(answer);")]
    [InlineData("response.ThrowIfFailed();")]
    [InlineData("GC.KeepAlive(response);")]
    [InlineData("_last = response;")]
    [InlineData("Func<bool> good = () => response.IsSuccessStatusCode;")]
    [InlineData("using var json = System.Text.Json.JsonDocument.Parse(\"{}\");\nif (json.RootElement.TryGetProperty(\"error\", out _)) return \"\";")]
    public Task A_look_at_the_status_is_enough(string look) => Verifier.SilentAsync(InMethod(
        $"var response = await _http.PostAsync(Url, null);\n{look}\nreturn await response.Content.ReadAsStringAsync();"));

    [Theory]
    [InlineData("return await _http.GetStringAsync(Url);")]
    [InlineData("var response = await _http.PostAsync(Url, null);\nreturn response.Version.ToString();")]
    [InlineData("var response = await _http.PostAsync(Url, null);\nreturn response.Content.Headers.ContentLength?.ToString();")]
    [InlineData("var response = await _http.PostAsync(\"https://shop.example/orders\", null);\nreturn await response.Content.ReadAsStringAsync();")]
    [InlineData("var response = await _http.GetAsync(\"http://127.0.0.1:18789/health\");\nreturn await response.Content.ReadAsStringAsync();")]
    [InlineData("var response = await new HttpClient(new Throwing()).PostAsync(Url, null);\nreturn await response.Content.ReadAsStringAsync();")]
    [InlineData("return await (await _http.PostAsync(Url, null)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();")]
    [InlineData("var task = _http.PostAsync(Url, null);\nvar response = await task;\nreturn await response.Content.ReadAsStringAsync();")]
    public Task What_is_no_unchecked_body_is_silent(string statements) => Verifier.SilentAsync(InMethod(statements));

    [Theory]
    [InlineData(
        "using var response = await _http.{|OCG1007:PostAsync|}(Url, null);\n\n// the answer\nreturn await response.Content.ReadAsStringAsync();",
        "using var response = await _http.PostAsync(Url, null);\nresponse.EnsureSuccessStatusCode();\n\n// the answer\nreturn await response.Content.ReadAsStringAsync();")]
    [InlineData(
        "using (var response = await _http.{|OCG1007:PostAsync|}(Url, null))\n{\n    return await response.Content.ReadAsStringAsync();\n}",
        "using (var response = await _http.PostAsync(Url, null))\n{\n    response.EnsureSuccessStatusCode();\n    return await response.Content.ReadAsStringAsync();\n}")]
    [InlineData(
        "return await (await _http.{|OCG1007:PostAsync|}(Url, null)).Content.ReadAsStringAsync();",
        "return await (await _http.PostAsync(Url, null)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();")]
    public Task The_check_stands_before_the_read(string statements, string expected) => Verifier.FixedAsync(InMethod(statements), InMethod(expected));

    [Fact]
    public Task All_are_fixed_at_once()
    {
        const string Reported = "var response = await _http.{|OCG1007:PostAsync|}(Url, null);\nreturn await response.Content.ReadAsStringAsync();";
        const string Fixed = "var response = await _http.PostAsync(Url, null);\nresponse.EnsureSuccessStatusCode();\nreturn await response.Content.ReadAsStringAsync();";
        return Verifier.FixedInAllAsync(
            [InMethod(Reported), InMethod(Reported, "Other", main: false)],
            [InMethod(Fixed), InMethod(Fixed, "Other", main: false)]);
    }

    [Fact]
    public Task A_response_in_a_using_without_a_block_is_not_fixable() => Verifier.NotFixableAsync(InMethod(
        "using (var response = await _http.{|OCG1007:PostAsync|}(Url, null))\n    return await response.Content.ReadAsStringAsync();"));

    private static string InMethod(string statements, string type = "Agent", bool main = true) => $$"""
        #pragma warning disable OCG1001 // judged by other tests
        class {{type}}
        {
            private const string Url = "http://127.0.0.1:18789/v1/responses";
            private readonly HttpClient _http = new();
            private HttpResponseMessage _last;

            public async Task<string> RunAsync(CancellationToken cancellationToken)
            {
        {{TimeoutCode.Indented(statements, 8)}}
            }
        {{(main ? "\n    static void Main() { }" : "")}}
        }
        {{(main ? "sealed class Throwing : DelegatingHandler { }\nstatic class Answers { public static void ThrowIfFailed(this HttpResponseMessage answer) => answer.EnsureSuccessStatusCode(); }" : "")}}
        """;
}
