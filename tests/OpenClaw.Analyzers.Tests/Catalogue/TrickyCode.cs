using System.Text;

namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>Valid programs in the shapes that analyzers stumble over. None of them calls a gateway without care, so that no rule has anything to say.</summary>
internal static class TrickyCode
{
    /// <summary>What the language allows to be everywhere: statements without a method, streams, iterators, functions in functions, shadowed names.</summary>
    public const string TopLevel = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Net.Http;
        using System.Runtime.CompilerServices;
        using System.Threading;
        using System.Threading.Tasks;
        using Chat = OpenAI.Chat.ChatClient;

        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) });
        int attempt = 0;
        again:
        try
        {
            await foreach (var (index, text) in NumbersAsync(5).WithCancellation(default).ConfigureAwait(false))
            {
                Console.WriteLine($"{index}: {text.ToUpperInvariant(),-10:G}");
            }
        }
        catch (HttpRequestException failure) when (failure is { StatusCode: null or >= (System.Net.HttpStatusCode)500 } && attempt++ < 3)
        {
            await Task.Delay(100 << attempt);
            goto again;
        }

        Func<int, Func<int, Task<int>>> nested = a => async b => await Task.Run(() => { int Inner(int c) => c > 0 ? Inner(c - 1) : a; return Inner(b); });
        var status = await nested(1)(2) switch { > 3 and < 9 => "some", 0 or 1 => "few", var other when other < 0 => throw new InvalidOperationException(), _ => "many" };
        Console.WriteLine(status + typeof(Chat).Name + nameof(Chat.CompleteChatAsync));
        return status.Length;

        async IAsyncEnumerable<(int Index, string Text)> NumbersAsync(int count, [EnumeratorCancellation] CancellationToken token = default)
        {
            for (int i = 0; i < count; i++)
            {
                yield return (i, await http.GetStringAsync(new Uri($"https://numbers.example/{i}"), token));
            }
        }
        """;

    /// <summary>Types that are never in one piece: parts, generics, constraints, static members of interfaces, operators, records.</summary>
    public const string Types = """
        using System;
        using System.Collections.Generic;
        using System.Net.Http;
        using System.Threading;
        using System.Threading.Tasks;

        namespace Parts
        {
            public interface ISender<in TRequest, TAnswer> where TRequest : notnull
            {
                static abstract ISender<TRequest, TAnswer> Create(HttpClient http);

                Task<TAnswer> SendAsync(TRequest request, CancellationToken token = default);

                Task<TAnswer> SendAsync(IEnumerable<TRequest> requests) => throw new NotSupportedException();
            }

            public abstract partial class Sender<TRequest, TAnswer> : ISender<TRequest, TAnswer> where TRequest : notnull
            {
                public static ISender<TRequest, TAnswer> Create(HttpClient http) => throw new NotSupportedException();

                public abstract Task<TAnswer> SendAsync(TRequest request, CancellationToken token = default);

                partial void OnSent(TRequest request);

                private partial Task<TAnswer> PingAsync(int depth);
            }

            public abstract partial class Sender<TRequest, TAnswer>
            {
                private partial Task<TAnswer> PingAsync(int depth) => PongAsync(depth - 1);

                private Task<TAnswer> PongAsync(int depth) => depth > 0 ? PingAsync(depth - 1) : ((ISender<TRequest, TAnswer>)this).SendAsync(Array.Empty<TRequest>());

                public static Sender<TRequest, TAnswer> operator +(Sender<TRequest, TAnswer> left, Func<TRequest, Task<TAnswer>> right) => left ?? new Own<TAnswer>(right);

                private sealed class Own<T> : Sender<TRequest, T>
                {
                    private readonly Func<TRequest, Task<T>> _send;

                    public Own(object send) => _send = (Func<TRequest, Task<T>>)send;

                    public override Task<T> SendAsync(TRequest request, CancellationToken token = default) => _send(request);
                }
            }

            public record struct Point<T>(T X, T Y) where T : struct, IComparable<T>;

            public class Loop<T> : List<Loop<Loop<T>>> where T : new()
            {
                public T Make() { while (true) { try { return new T(); } catch (MissingMethodException) { } } }

                public T this[string name] { get => Make(); init => _ = value; }

                public event EventHandler<T> Made { add => value(this, new()); remove { } }

                ~Loop() => Console.WriteLine(Count);
            }

            static class Program { static void Main() { } }
        }
        """;

    /// <summary>The same words in other trades: clients, retries, breakers, streams and gateways that have nothing to do with an agent.</summary>
    public const string OtherTrades = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Net.Http;
        using System.Net.Http.Json;
        using System.Net.WebSockets;
        using System.Threading;
        using System.Threading.Tasks;
        using Polly;
        using Polly.CircuitBreaker;
        using Polly.Retry;

        class PaymentGateway
        {
            private static readonly ResiliencePipeline Pipeline = new ResiliencePipelineBuilder()
                .AddTimeout(TimeSpan.FromSeconds(30)).AddRetry(new RetryStrategyOptions()).AddCircuitBreaker(new CircuitBreakerStrategyOptions()).Build();

            private readonly HttpClient _http = new() { BaseAddress = new Uri("https://payments.example/v1/"), Timeout = TimeSpan.FromSeconds(5) };
            private ClientWebSocket _socket;

            public async Task<string> CallAsync(string method, object payload, CancellationToken token)
                => await Pipeline.ExecuteAsync(async _ => await (await _http.PostAsJsonAsync(method, payload, token)).Content.ReadAsStringAsync());

            public string Pay(int amount) => CallAsync("payments", new { amount, idempotencyKey = Guid.NewGuid() }, default).Result;

            public async Task SendAsync(string text)
            {
                while (true)
                {
                    try
                    {
                        _socket = new ClientWebSocket();
                        await _socket.ConnectAsync(new Uri("wss://stocks.example:443/stream"), CancellationToken.None);
                        return;
                    }
                    catch (WebSocketException)
                    {
                        await Task.Delay(1000);
                    }
                }
            }

            public async Task<List<string>> CollectAsync(Stream stream)
            {
                var lines = new List<string>();
                using var reader = new StreamReader(stream);
                while (await reader.ReadLineAsync() is { } line)
                {
                    if (line.StartsWith("data: ", StringComparison.Ordinal))
                    {
                        lines.Add(await CallAsync(line.Substring(6), lines, default));
                    }
                }

                return lines;
            }

            public void Retry(Action action)
            {
                try { action(); }
                catch (Exception) { Retry(action); }
            }

            static void Main() { }
        }

        class ChatClient
        {
            public Task<string> CompleteChatAsync(string text) => Task.FromResult(text);

            public Task<string> AskAsync() => CompleteChatAsync("a chat room of the user's own");
        }
        """;

    /// <summary>Constructors in the head of a class, for compilers that know them.</summary>
    public const string PrimaryConstructors = """
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        abstract class Asker(ChatClient chat, GatewayPipeline pipeline) { protected ChatClient Chat => chat; protected GatewayPipeline Pipeline { get; } = pipeline; }

        sealed class Researcher(ChatClient chat, GatewayPipeline pipeline, Func<int, int> limit) : Asker(chat, pipeline), IDisposable
        {
            private readonly int _limit = limit(1);

            public async Task<string> AskAsync(List<ChatMessage> messages, CancellationToken token)
                => (await Pipeline.ExecuteAsync(ct => Chat.CompleteChatAsync(messages, cancellationToken: ct), token)).Value.Content[_limit].Text;

            public void Dispose() { }
        }

        static class Program { static void Main() { } }
        """;

    public static TheoryData<string> Names => new(nameof(TopLevel), nameof(Types), nameof(OtherTrades), nameof(PrimaryConstructors));

    public static string Find(string name) => (string)typeof(TrickyCode).GetField(name)!.GetRawConstantValue()!;

    /// <summary>A method of many statements, each of which some analyzer looks at: loops, catches, creations, calls.</summary>
    public static string Long(int statements)
    {
        var body = new StringBuilder();
        for (int i = 0; i < statements; i++)
        {
            body.AppendLine((i % 5) switch
            {
                0 => $"var client{i} = new System.Net.Http.HttpClient();",
                1 => $"await client{i - 1}.GetStringAsync(\"https://shop.example/{i}\");",
                2 => $"try {{ await RunAsync({i}); }} catch (System.Exception) {{ }}",
                3 => $"for (int i{i} = 0; i{i} < 3; i{i}++) {{ try {{ await RunAsync(i{i}); }} catch (System.TimeoutException) {{ }} }}",
                _ => $"client{i - 4}.Dispose();",
            });
        }

        return $"using System.Threading.Tasks; class Long {{ static async Task RunAsync(int depth) {{\n{body}}} static void Main() {{ }} }}";
    }

    /// <summary>Loops, lambdas and blocks in one another, and a chain of calls as long.</summary>
    public static string Deep(int levels)
    {
        var source = new StringBuilder("using System; using System.Threading.Tasks; class Deep { static async Task<string> RunAsync(string text) {\n");
        for (int i = 0; i < levels; i++)
        {
            source.AppendLine((i % 3) switch
            {
                0 => $"while (text.Length > {i}) {{",
                1 => $"try {{",
                _ => $"{{ Func<Task> run{i} = async () => await RunAsync(text); await run{i}();",
            });
        }

        source.Append("return text").Insert(source.Length, ".Trim()", levels).AppendLine(";");
        for (int i = levels - 1; i >= 0; i--)
        {
            source.AppendLine(i % 3 == 1 ? "} catch (TimeoutException) { }" : "}");
        }

        return source.Append("return text; } static void Main() { } }").ToString();
    }
}
