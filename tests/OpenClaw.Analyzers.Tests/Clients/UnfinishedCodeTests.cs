using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.Clients;

namespace OpenClaw.Analyzers.Tests.Clients;

/// <summary>An editor analyses code that is half typed: whatever is missing, no analyzer may throw.</summary>
public sealed class UnfinishedCodeTests
{
    private const string Source = """
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

    [Fact]
    public async Task Half_a_file_and_a_file_without_one_token_are_analysed()
    {
        ImmutableArray<MetadataReference> references = await ReferenceAssemblies.Net.Net100.ResolveAsync(LanguageNames.CSharp, TestContext.Current.CancellationToken);
        SyntaxNode root = await CSharpSyntaxTree.ParseText(Source, cancellationToken: TestContext.Current.CancellationToken).GetRootAsync(TestContext.Current.CancellationToken);
        int analysed = 0;
        foreach (SyntaxToken token in root.DescendantTokens().Where((_, index) => index % 3 == 0))
        {
            await AnalyseAsync(Source[..token.Span.End]);
            await AnalyseAsync(Source.Remove(token.SpanStart, token.Span.Length));
            analysed += 2;
        }

        Assert.True(analysed > 200);

        async Task AnalyseAsync(string source)
        {
            var compilation = CSharpCompilation.Create(
                "Unfinished",
                [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)],
                [.. references, .. Libraries.All],
                new CSharpCompilationOptions(OutputKind.ConsoleApplication));
            var analysis = new CompilationWithAnalyzers(
                compilation,
                [new GatewayCallAnalyzer(), new ClientCreationAnalyzer()],
                new CompilationWithAnalyzersOptions(
                    new AnalyzerOptions([]),
                    onAnalyzerException: (exception, _, _) => Assert.Fail($"{exception}\n{source}"),
                    concurrentAnalysis: false,
                    logAnalyzerExecutionTime: false));
            ImmutableArray<Diagnostic> diagnostics = await analysis.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id == "AD0001");
        }
    }
}
