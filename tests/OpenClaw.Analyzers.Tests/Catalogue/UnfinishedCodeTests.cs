using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>An editor analyses code that is half typed: whatever is missing, no analyzer may throw.</summary>
public sealed class UnfinishedCodeTests
{
    /// <summary>Set to cut after each token and to leave each one out, which takes minutes; without it a sample of them is enough.</summary>
    private static readonly bool EveryToken = Environment.GetEnvironmentVariable("OPENCLAW_TEST_EVERY_TOKEN") == "1";

    private const int Sample = 20;

    private const string Clients = """
        using System; using System.Collections.Generic; using System.IO; using System.Net.Http; using System.Net.WebSockets; using System.Threading; using System.Threading.Tasks;
        class Agent : IDisposable
        {
            private ClientWebSocket _socket = new();
            private readonly HttpClient _http = new(new SocketsHttpHandler()) { Timeout = Timeout.InfiniteTimeSpan };
            private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(default, new CancellationToken());
            public void Dispose() => _socket?.Dispose();
            public async Task<object> RunAsync(CancellationToken stop)
            {
                while (true)
                {
                    if (_socket is { State: WebSocketState.Open } open) continue;
                    _socket = new ClientWebSocket();
                    _stop.CancelAfter(Timeout.InfiniteTimeSpan);
                    var connect = _socket.ConnectAsync(new Uri("ws://127.0.0.1:18789/"), stop.CanBeCanceled ? stop : _stop.Token);
                    if (await Task.WhenAny(connect, Task.Delay(TimeSpan.FromSeconds(5))) != connect) break;
                    await Task.Run(async () => await _socket.SendAsync(new byte[1], WebSocketMessageType.Text, true, _stop?.Token ?? default).WaitAsync(TimeSpan.FromMilliseconds(-1)));
                }
                var http = new HttpClient(new HttpClientHandler(), disposeHandler: true) { BaseAddress = new Uri("http://127.0.0.1:18789/") };
                using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = null };
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
                using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
                try { await foreach (var item in ItemsAsync().WithCancellation(stop)) Console.WriteLine(item + reader.ReadLine()); }
                catch (OperationCanceledException) when (stop.IsCancellationRequested) { http.Dispose(); throw; }
                return http;
            }
            private async IAsyncEnumerable<string> ItemsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token = default)
            {
                yield return await _http.GetStringAsync("http://127.0.0.1:18789/tools/invoke", token).ConfigureAwait(false);
            }
            static void Main() { }
        }
        """;

    [Theory]
    [InlineData("Clients")]
    [InlineData("Breaches")]
    [InlineData("samples/ResearchAgent/Researcher.cs")]
    [InlineData("samples/ResearchAgent/ProgressFeed.cs")]
    [InlineData("samples/Worker/Program.cs")]
    [InlineData(nameof(TrickyCode.TopLevel))]
    [InlineData(nameof(TrickyCode.OtherTrades))]
    public async Task Half_a_file_and_a_file_without_one_token_are_analysed(string name)
    {
        string source = name switch
        {
            "Clients" => Clients,
            "Breaches" => Breaches.Source,
            _ when name.EndsWith(".cs", StringComparison.Ordinal) => Repository.Read(name),
            _ => TrickyCode.Find(name),
        };
        SyntaxTree whole = Analysis.Parse(source);
        CSharpCompilation compilation = await Analysis.CompilationAsync([whole], Libraries.All);
        SyntaxToken[] tokens = [.. (await whole.GetRootAsync(TestContext.Current.CancellationToken)).DescendantTokens()];
        int step = EveryToken ? 1 : Math.Max(1, tokens.Length / Sample);
        for (int i = 0; i < tokens.Length; i += step)
        {
            SyntaxToken token = tokens[i];
            await AnalyseAsync(source[..token.Span.End]);
            await AnalyseAsync(source.Remove(token.SpanStart, token.Span.Length));
        }

        Assert.True(tokens.Length > 2 * Sample);

        // The exceptions of analyzers fail the run.
        async Task AnalyseAsync(string text) => await Analysis.RunAsync(compilation.ReplaceSyntaxTree(whole, Analysis.Parse(text)));
    }
}
