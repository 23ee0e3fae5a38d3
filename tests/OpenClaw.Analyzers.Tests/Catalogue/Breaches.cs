namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>A program that breaks every rule, for what is asked of all of them. A new rule adds a few lines of its own.</summary>
internal static class Breaches
{
    public const string Source = """
        using System;
        using System.ClientModel;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Net.Http;
        using System.Net.Http.Json;
        using System.Net.WebSockets;
        using System.Text;
        using System.Text.Json;
        using System.Threading;
        using System.Threading.Tasks;
        using OpenAI;
        using OpenAI.Chat;
        using OpenClaw.Resilience;
        using OpenClaw.Shared;
        using Polly;
        using Polly.CircuitBreaker;
        using Polly.Retry;

        class Calls
        {
            private const string Url = "http://127.0.0.1:18789/v1/chat/completions";
            private readonly ChatClient _given;
            private readonly ChatClient _own = new("m", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = new Uri("http://127.0.0.1:18789/v1") });
            private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
            private readonly ClientWebSocket _socket = new();
            private readonly OpenClawGatewayClient _node = new("ws://box", "t");
            private readonly AsyncRetryPolicy _retry = Policy.Handle<Exception>().WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(attempt));

            public Calls(ChatClient given) => _given = given;

            public Task OCG1001(List<ChatMessage> messages, CancellationToken token) => _given.CompleteChatAsync(messages, cancellationToken: token);

            public Task OCG1002(CancellationToken token) => _socket.ConnectAsync(new Uri("ws://127.0.0.1:18789/"), token);

            public Task OCG1003(CancellationToken token) => GatewayPipeline.Shared.ExecuteAsync(ct => _http.PostAsync(Url, null, ct), token);

            public Task OCG1004(List<ChatMessage> messages) => GatewayPipeline.Shared.ExecuteAsync(ct => _own.CompleteChatAsync(messages, cancellationToken: ct));

            public Task OCG1005(List<ChatMessage> messages, CancellationToken token) => GatewayPipeline.Shared.ExecuteAsync(ct => _given.CompleteChatAsync(messages), token);

            public string OCG1006(List<ChatMessage> messages) => _given.CompleteChatAsync(messages).Result.Value.Content[0].Text;

            public async Task<string> OCG1007() => await (await _http.PostAsJsonAsync(Url, 1)).Content.ReadAsStringAsync();

            public async Task<string> OCG1008(CancellationToken token)
            {
                var answer = new StringBuilder();
                var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:18789/v1/responses");
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                response.EnsureSuccessStatusCode();
                using var stream = await response.Content.ReadAsStreamAsync(token);
                using var reader = new StreamReader(stream);
                while (await reader.ReadLineAsync(token) is { } line)
                {
                    if (!line.StartsWith("data: ", StringComparison.Ordinal))
                    {
                        continue;
                    }

                    var data = line.Substring(6);
                    answer.Append(JsonDocument.Parse(data).RootElement.GetProperty("delta").GetString());
                }

                return answer.ToString();
            }

            public Task OCG1009(string message) => _retry.ExecuteAsync(() => _node.SendChatMessageForRunAsync(message, idempotencyKey: Guid.NewGuid().ToString()));

            public async Task<WebSocketState> OCG1201(CancellationToken token)
            {
                var socket = new ClientWebSocket();
                await socket.ConnectAsync(new Uri("ws://127.0.0.1:18789/"), token);
                return socket.State;
            }
        }

        class Retries
        {
            private readonly ChatClient _chat;
            private readonly ChatClient _own = new("m", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = new Uri("http://127.0.0.1:18789/v1") });
            private readonly HttpClient _http;
            private readonly AsyncRetryPolicy _retry = Policy.Handle<ClientResultException>().WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(Math.Pow(2, attempt)));
            private readonly GatewayPipeline _gateway = GatewayPipeline.Shared;

            public Retries(ChatClient chat, HttpClient http) => (_chat, _http) = (chat, http);

            public async Task<string> OCG1101(List<ChatMessage> messages, CancellationToken token)
            {
                for (int attempt = 0; attempt < 5; attempt++)
                {
                    try { return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; }
                    catch (ClientResultException) when (attempt < 4) { await Task.Delay(1000, token); }
                }

                throw new InvalidOperationException();
            }

            public async Task<string> OCG1102_OCG1104(List<ChatMessage> messages, CancellationToken token)
            {
                for (int attempt = 0; ; attempt++)
                {
                    try { return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; }
                    catch (Exception) when (attempt < 4) { await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, attempt)), token); }
                }
            }

            public async Task<string> OCG1107(List<ChatMessage> messages, CancellationToken token)
            {
                for (int attempt = 0; ; attempt++)
                {
                    try { return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; }
                    catch (ClientResultException exception) when (exception.Status == 429 && attempt < 4) { await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, attempt)), token); }
                }
            }

            public async Task<string> OCG1103(List<ChatMessage> messages)
            {
                while (true)
                {
                    try { return (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text; }
                    catch (ClientResultException) { }
                }
            }

            public Task<ClientResult<ChatCompletion>> OCG1105(string text) => _retry.ExecuteAsync(() => _own.CompleteChatAsync(text));

            public async Task OCG1108(CancellationToken token)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway:18789/v1/chat/completions");
                await _retry.ExecuteAsync(() => _http.SendAsync(request, token));
            }

            public async Task OCG1109(List<ChatMessage> messages)
            {
                var breaker = Policy.Handle<ClientResultException>().CircuitBreakerAsync(3, TimeSpan.FromSeconds(30));
                await breaker.ExecuteAsync(() => _chat.CompleteChatAsync(messages));
            }

            public async Task OCG1113(List<ChatMessage> messages)
            {
                await foreach (var update in await _gateway.ExecuteAsync(ct => Task.FromResult(_chat.CompleteChatStreamingAsync(messages, cancellationToken: ct)))) { }
            }
        }

        class Pipelines
        {
            private static readonly ResiliencePipeline OCG1106 = new ResiliencePipelineBuilder()
                .AddRetry(new RetryStrategyOptions { BackoffType = DelayBackoffType.Exponential })
                .AddCircuitBreaker(new CircuitBreakerStrategyOptions { MinimumThroughput = 5 })
                .Build();

            private static readonly ResiliencePipeline OCG1111 = new ResiliencePipelineBuilder()
                .AddTimeout(TimeSpan.FromMinutes(2))
                .AddRetry(new RetryStrategyOptions { BackoffType = DelayBackoffType.Exponential })
                .Build();

            private static readonly ResiliencePipeline<HttpResponseMessage> OCG1112 = new ResiliencePipelineBuilder<HttpResponseMessage>()
                .AddHedging(new())
                .Build();

            private readonly ChatClient _chat;
            private readonly HttpClient _http;

            public Pipelines(ChatClient chat, HttpClient http) => (_chat, _http) = (chat, http);

            public async Task AskAsync(List<ChatMessage> messages)
            {
                await OCG1106.ExecuteAsync(async ct => await _chat.CompleteChatAsync(messages, cancellationToken: ct));
                await OCG1111.ExecuteAsync(async ct => await _chat.CompleteChatAsync(messages, cancellationToken: ct));
                await OCG1112.ExecuteAsync(async ct => await _http.PostAsync("http://gateway:18789/v1/chat/completions", new StringContent("x"), ct));
            }
        }

        class Researcher
        {
            private readonly ChatClient _chat;

            public Researcher(ChatClient chat) => _chat = chat;

            public async Task<string> OCG1301(string topic, CancellationToken token)
            {
                var notes = new List<string>();
                for (int step = 1; step <= 10; step++)
                {
                    string note = await AskAsync($"{topic} {step} {notes.LastOrDefault()}", token);
                    notes.Add(note);
                }

                return string.Join("\n", notes);
            }

            public async Task<string> OCG1110(List<ChatMessage> messages, CancellationToken token)
            {
                for (int attempt = 0; ; attempt++)
                {
                    try { return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; }
                    catch (ClientResultException) when (attempt < 4) { await Backoff.DelayAsync(attempt, token); }
                }
            }

            private Task<string> AskAsync(string question, CancellationToken token)
                => GatewayPipeline.Shared.ExecuteAsync(
                    async ct => (await _chat.CompleteChatAsync(new ChatMessage[] { new UserChatMessage(question) }, cancellationToken: ct)).Value.Content[0].Text,
                    token);
        }

        class AgentState
        {
            public List<string> Notes { get; set; } = new();
        }

        class AgentStateStore
        {
            private const string Checkpoint = "agent-state.json";
            private readonly ChatClient _chat;

            public AgentStateStore(ChatClient chat) => _chat = chat;

            public async Task OCG1302(List<ChatMessage> messages, CancellationToken token)
            {
                var state = JsonSerializer.Deserialize<AgentState>(File.ReadAllText(Checkpoint))!; // OCG1303
                state.Notes.Add((await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), token)).Value.Content[0].Text);
                File.WriteAllText(Checkpoint, JsonSerializer.Serialize(state));
            }

            public async Task<string> OCG1304(Researcher researcher, string topic, CancellationToken token)
            {
                for (int attempt = 0; attempt < 3; attempt++)
                {
                    try { return await researcher.OCG1301(topic, token); }
                    catch (HttpRequestException) when (attempt < 2) { await Backoff.DelayAsync(attempt, token); }
                }

                return "";
            }

            public async Task OCG1306(string text)
            {
                try { await SaveConversationAsync(text); }
                catch { }
            }

            public async Task<string> OCG1308(AgentRun run, CancellationToken token)
            {
                (string Text, int Tokens) plan = await run.StepAsync("plan", (_, _) => Task.FromResult(("a", 1)), token);
                return plan.Text;
            }

            private static Task SaveConversationAsync(string text) => File.AppendAllTextAsync("conversation.txt", text);
        }

        class ChatController : Microsoft.AspNetCore.Mvc.ControllerBase
        {
            private static readonly List<ChatMessage> History = new();
            private readonly ChatClient _chat;

            public ChatController(ChatClient chat) => _chat = chat;

            public async Task<string> OCG1305(string question)
            {
                History.Add(new UserChatMessage(question));
                return (await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(History, cancellationToken: ct))).Value.Content[0].Text;
            }
        }

        class Worker : Microsoft.Extensions.Hosting.BackgroundService
        {
            private readonly ChatClient _chat;
            private readonly Queue<string> _questions = new();

            public Worker(ChatClient chat) => _chat = chat;

            protected override async Task ExecuteAsync(CancellationToken stoppingToken) // OCG1307
            {
                while (true)
                {
                    string question = _questions.Dequeue();
                    Console.WriteLine((await GatewayPipeline.Shared.ExecuteAsync(
                        ct => _chat.CompleteChatAsync(new ChatMessage[] { new UserChatMessage(question) }, cancellationToken: ct))).Value.Content[0].Text);
                }
            }
        }

        namespace Microsoft.AspNetCore.Mvc
        {
            abstract class ControllerBase { }
        }

        static class Program
        {
            static void Main() { }
        }
        """;
}
