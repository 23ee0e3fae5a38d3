using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>Requests that tell no host, in a client that is named after the product: they go where the same client asks for turns.</summary>
public sealed class OwnersRequestTests
{
    private static string Client(string request, string type = "OpenClawClient", string turn = "_http.{|OCG1001:PostAsync|}(new Uri(_base, \"/v1/chat/completions\"), null)") => $$"""
        class {{type}}
        {
            private readonly HttpClient _http = new();
            private readonly HttpClient _other = new();
            private readonly Uri _base;

            public {{type}}(Uri address) => _base = address;

            public Task AskAsync() => {{turn}};

            public Task RequestAsync(string id, HttpClient passed) => {{request}};

            static void Main() { }
        }
        """;

    [Theory]
    [InlineData("_http.{|OCG1001:GetAsync|}(new Uri(_base, \"/api/sessions/\" + id))")]
    [InlineData("_http.{|OCG1001:GetStringAsync|}($\"{_base}/api/sessions/{id}\")")]
    [InlineData("_http.{|OCG1001:DeleteAsync|}(\"api/sessions\")")]
    [InlineData("_http.{|OCG1001:SendAsync|}(new HttpRequestMessage(HttpMethod.Get, new Uri(_base, id)))")]
    public Task They_go_to_the_gateway(string request) => Verifier.ReportedAsync(Client(request));

    [Theory]
    [InlineData("_http.GetAsync(\"https://clawhub.example.com/skills\")")]
    [InlineData("_http.GetAsync(new Uri(new Uri(\"https://clawhub.example.com\"), id))")]
    [InlineData("_other.GetAsync(new Uri(_base, \"/api/sessions\"))")]
    [InlineData("passed.GetAsync(new Uri(_base, \"/api/sessions\"))")]
    [InlineData("_http.GetAsync(new Uri(_base, \"/health\"))")]
    [InlineData("_http.GetAsync($\"{_base}/api/status\")")]
    public Task Another_host_another_client_or_a_probe_is_silent(string request) => Verifier.ReportedAsync(Client(request));

    [Fact]
    public Task A_type_of_another_name_says_nothing()
        => Verifier.ReportedAsync(Client("_http.GetAsync(new Uri(_base, \"/api/sessions\"))", "ApiClient"));

    [Theory]
    [InlineData("_http.GetAsync(new Uri(_base, \"/v1/models\"))")]
    [InlineData("_http.PostAsync(new Uri(_base, \"/orders\"), null)")]
    public Task A_client_that_asks_for_no_turn_says_nothing(string turn)
        => Verifier.SilentAsync(Client("_http.GetAsync(new Uri(_base, \"/api/sessions\"))", turn: turn));
}
