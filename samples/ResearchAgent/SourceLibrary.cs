using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace ResearchAgent;

/// <summary>Asks a tool of the gateway, over plain HTTP, which earlier conversations there are to draw on.</summary>
public sealed class SourceLibrary
{
    private readonly HttpClient _http = new();
    private readonly AgentSettings _settings;

    public SourceLibrary(AgentSettings settings) => _settings = settings;

    public async Task<int> CountAsync(string topic, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_settings.Gateway, "/tools/invoke"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _settings.Token);
        request.Content = JsonContent.Create(new { tool = "sessions_list", args = new { search = topic } });

        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return body.RootElement.GetProperty("result").GetProperty("details").GetProperty("count").GetInt32();
    }
}
