using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>What a retry is, and which waits grow.</summary>
public sealed class RetryLoopTests
{
    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_for_loop_without_a_wait_is_reported() => Verifier.ReportedAsync(RetryCode.InMethod(
        """
        {|OCG1101:for|} (int attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;
            }
            catch (ClientResultException) when (attempt < 2)
            {
                _log.LogWarning("again");
            }
        }

        throw new InvalidOperationException();
        """));

    [Theory]
    [InlineData("{|OCG1103:while|} (true) { try { return await SendAsync(); } catch (HttpRequestException) { _log.LogWarning(\"again\"); } }")]
    [InlineData("int tries = 0; {|OCG1101:while|} (tries < 5) { try { return await SendAsync(); } catch (HttpRequestException) { tries++; } } return \"\";")]
    [InlineData("int left = 5; {|OCG1101:while|} (left-- > 0) { try { return await SendAsync(); } catch (HttpRequestException) { } } return \"\";")]
    [InlineData("int tries = 0; {|OCG1101:do|} { try { return await SendAsync(); } catch (HttpRequestException) { } } while (++tries < 5); return \"\";")]
    [InlineData("{|OCG1103:for|} (;;) { try { return await SendAsync(); } catch { } }")]
    [InlineData("{|OCG1101:foreach|} (int i in Enumerable.Range(0, 5)) { try { return await SendAsync(); } catch (HttpRequestException) { } } return \"\";")]
    [InlineData("{|OCG1103:while|} (true) { try { return await SendAsync(); } catch (Exception e) when (e is HttpRequestException or IOException) { } }")]
    [InlineData("{|OCG1103:while|} (true) { string reply; try { reply = await SendAsync(); } catch (TimeoutException) { continue; } return reply; }")]
    [InlineData("string reply = \"\"; {|OCG1101:while|} (reply == \"\") { try { reply = await SendAsync(); break; } catch (System.Net.Http.HttpRequestException) { } } return reply;")]
    [InlineData("bool done = false; string reply = \"\"; {|OCG1103:while|} (!done) { try { reply = await SendAsync(); done = true; } catch (HttpRequestException) { } } return reply;")]
    [InlineData("{|OCG1103:while|} (true) { try { await foreach (var part in _chat.CompleteChatStreamingAsync(messages)) { Console.Write(part); } return \"\"; } catch (ClientResultException) { } }")]
    [InlineData("{|OCG1103:while|} (true) { try { return await Task.Run(() => _chat.CompleteChat(messages).Value.Content[0].Text); } catch (ClientResultException) { } }")]
    [InlineData("{|OCG1101:while|} (true) { using var socket = new ClientWebSocket(); try { await socket.ConnectAsync(new Uri(\"ws://gateway:18789/\"), token); return \"\"; } catch (WebSocketException) { } }")]
    [InlineData("Func<Task<string>> ask = async () => { {|OCG1103:while|} (true) { try { return await SendAsync(); } catch (HttpRequestException) { } } }; return await ask();")]
    public Task Every_loop_that_comes_back_after_a_failure_and_leaves_after_success_is_a_retry(string body)
        => Verifier.ReportedAsync(RetryCode.InMethod(body, members: SendMember));

    [Theory]
    [InlineData("await {|OCG1101:Task.Delay(1000)|};")]
    [InlineData("await {|OCG1101:Task.Delay(TimeSpan.FromSeconds(2), token)|};")]
    [InlineData("await {|OCG1101:Task.Delay(Pause, token)|}.ConfigureAwait(false);")]
    [InlineData("{|OCG1101:Thread.Sleep(500)|};")]
    [InlineData("var pause = TimeSpan.FromSeconds(1); await {|OCG1101:Task.Delay(pause, token)|};")]
    [InlineData("await {|OCG1101:Task.Delay(0)|};")]
    [InlineData("await {|OCG1101:Task.Delay(TimeSpan.Zero)|};")]
    [InlineData("{|OCG1101:token.WaitHandle.WaitOne(1000)|};")]
    [InlineData("{|OCG1101:new ManualResetEventSlim().Wait(1000)|};")]
    [InlineData("await Console.Out.WriteLineAsync(text); await {|OCG1101:Task.Delay(1000)|};")]
    [InlineData("await {|OCG1101:Task.Delay(Math.Max(Pause, 100))|};")]
    [InlineData("await {|OCG1101:Task.Delay(Interval)|};")]
    public Task A_constant_wait_is_reported_where_it_stands(string wait) => Verifier.ReportedAsync(RetryCode.InMethod(
        $$"""
        for (int attempt = 0; attempt < 5; attempt++)
        {
            try { return await SendAsync(); }
            catch (HttpRequestException) { {{wait}} }
        }

        return "";
        """,
        members: SendMember + "private const int Pause = 1000; private static TimeSpan Interval => TimeSpan.FromSeconds(3);"));

    [Theory]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, attempt)), token);")]
    [InlineData("await Task.Delay(1000 << attempt);")]
    [InlineData("await Task.Delay(1000 * (attempt + 1));")]
    [InlineData("await Task.Delay(Table[attempt]);")]
    [InlineData("await Task.Delay(Table[Math.Min(attempt, Table.Length - 1)]);")]
    [InlineData("await Task.Delay(delay); delay *= 2;")]
    [InlineData("await Task.Delay(delay); delay = Math.Min(delay * 2, 30000);")]
    [InlineData("var wait = TimeSpan.FromSeconds(Math.Pow(2, attempt)); await Task.Delay(wait, token);")]
    [InlineData("await Task.Delay(For(attempt));")]
    [InlineData("await PauseAsync(attempt);")]
    [InlineData("await RecoverAsync(attempt);")]
    [InlineData("await Task.Delay(Random.Shared.Next(1000));")]
    [InlineData("await Task.Delay(1000 + Random.Shared.Next(500));")]
    [InlineData("await Task.Delay(_current); Grow();")]
    [InlineData("await Task.Delay(Jittered);")]
    [InlineData("await Task.Delay(steps.Current); steps.MoveNext();")]
    [InlineData("await pause(attempt);")]
    [InlineData("await OpenClaw.Resilience.Backoff.DelayAsync(attempt, token);")]
    [InlineData("Thread.Sleep(OpenClaw.Resilience.Backoff.GetDelay(attempt));")]
    [InlineData("token.WaitHandle.WaitOne(1000 << attempt);")]
    [InlineData("await Task.Delay(Setting); Setting *= 2;")]
    [InlineData("await Task.Delay(other.Setting); other.Setting *= 2;")]
    [InlineData("await Task.Delay(delay); (delay, _) = (delay * 2, 0);")]
    [InlineData("await Task.Delay(attempt switch { 0 => 100, 1 => 500, _ => 2000 });")]
    [InlineData("int wait = 45_000; if (Named(text, out double named)) { wait = (int)(named * 1000); } await Task.Delay(Math.Min(wait, 60_000), token);")]
    [InlineData("int wait = 1000; Fill(ref wait); await Task.Delay(wait, token);")]
    [InlineData("(int wait, _) = Pair(); await Task.Delay(wait, token);")]
    [InlineData("await _signal.WaitAsync(token);")]
    [InlineData("await _online.Task;")]
    [InlineData("await _online.Task.ConfigureAwait(false);")]
    [InlineData("await Task.WhenAny(_online.Task, Task.Delay(1000));")]
    [InlineData("new ManualResetEventSlim().Wait(1000 << attempt);")]
    public Task A_wait_that_changes_or_cannot_be_told_is_silent(string wait) => Verifier.SilentAsync(RetryCode.InMethod(
        $$"""
        int delay = 100;
        Func<int, Task> pause = n => Task.Delay(n);
        var other = new Agent(_chat, _embeddings, _http, _log);
        IEnumerator<int> steps = Table.AsEnumerable().GetEnumerator();
        for (int attempt = 0; attempt < 5; attempt++)
        {
            try { return await SendAsync(); }
            catch (HttpRequestException) { {{wait}} }
        }

        return delay + pause.ToString() + steps + other;
        """,
        members: SendMember + """
            private static readonly int[] Table = { 100, 200, 400, 800, 1600 };
            private readonly SemaphoreSlim _signal = new(0);
            private readonly TaskCompletionSource _online = new();
            private int Setting { get; set; } = 100;
            private int _current = 100;
            private static TimeSpan Jittered => TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(Random.Shared.Next(100));
            private void Grow() => _current *= 2;
            private static bool Named(string text, out double seconds) => double.TryParse(text, out seconds);
            private static void Fill(ref int wait) => wait *= Random.Shared.Next(5);
            private static (int, int) Pair() => (Random.Shared.Next(5), 0);
            private static TimeSpan For(int attempt) => TimeSpan.FromSeconds(1 << attempt);
            private static Task PauseAsync(int attempt) => Task.Delay(100 * attempt);
            private static async Task RecoverAsync(int attempt) { if (attempt > 1) { await Task.Delay(100 * attempt); } }
            """));

    [Fact]
    public Task A_retry_helper_for_other_calls_is_silent() => Verifier.SilentAsync(RetryCode.InMethod(
        "return await RetryAsync(() => File.ReadAllTextAsync(text, token));",
        members: """
            private static async Task<T> RetryAsync<T>(Func<Task<T>> call)
            {
                while (true)
                {
                    try { return await call(); }
                    catch (Exception) { Console.WriteLine("again"); }
                }
            }

            """));

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_list_of_waits_is_followed() => Verifier.SilentAsync(RetryCode.InMethod(
        """
        foreach (int pause in new[] { 100, 500, 2000 })
        {
            try { return await SendAsync(); }
            catch (HttpRequestException) { await Task.Delay(pause, token); }
        }

        return "";
        """,
        members: SendMember));

    [Fact]
    public Task A_call_behind_a_method_of_the_same_sources_is_seen() => Verifier.ReportedAsync(RetryCode.InMethod(
        """
        {|OCG1103:while|} (true)
        {
            try { return await SendAsync(); }
            catch (HttpRequestException exception) { _log.LogWarning(exception, "again"); }
        }
        """,
        members: SendMember));

    [Fact]
    public Task Waits_of_the_call_itself_are_no_pause_between_attempts() => Verifier.ReportedAsync(RetryCode.InMethod(
        """
        {|OCG1101:while|} (true)
        {
            try { return (await _chat.CompleteChatAsync(messages).WaitAsync(TimeSpan.FromMinutes(1), token)).Value.Content[0].Text; }
            catch (ClientResultException) { _log.LogWarning("again"); }
        }
        """));

    [Theory]
    [InlineData("for", "(int attempt = 0; attempt < 3; attempt++)", "if (answer.Length > 0) { return answer; }")]
    [InlineData("for", "(int i = 1; i <= maxRetries; i++)", "if (answer.Length > 0) { return answer; } _log.LogWarning(\"empty\");")]
    [InlineData("while", "(retries-- > 0)", "if (answer.Length == 0) { continue; } return answer;")]
    [InlineData("while", "(tries > 0)", "if (answer.Length == 0) { tries--; continue; } foreach (char c in answer) { if (c == '{') { return answer; } }")]
    [InlineData("for", "(int attempt = 0; attempt < 3; attempt++)", "if (answer.Length > 0) { text = answer; break; }")]
    public Task A_loop_that_counts_attempts_and_also_asks_again_for_a_better_answer_is_a_retry(string keyword, string head, string judge) => Verifier.ReportedAsync(RetryCode.InMethod(
        $$"""
        int maxRetries = 3, retries = 3, tries = 3;
        {|OCG1101:{{keyword}}|} {{head}}
        {
            try
            {
                string answer = (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;
                {{judge}}
            }
            catch (Exception exception)
            {
                _log.LogWarning(exception, "again");
                tries--;
            }
        }

        return text + maxRetries + retries;
        """));

    [Theory]
    [InlineData("if (reply.IsSuccessStatusCode) { return await reply.Content.ReadAsStringAsync(); }")]
    [InlineData("if (reply.IsSuccessStatusCode) { try { return await reply.Content.ReadAsStringAsync(); } catch (IOException) { throw new InvalidOperationException(); } }")]
    [InlineData("if (reply.IsSuccessStatusCode) { if (text.Length > 0) { return text; } else { return await reply.Content.ReadAsStringAsync(); } }")]
    [InlineData("if (!reply.IsSuccessStatusCode) { continue; } return await reply.Content.ReadAsStringAsync();")]
    [InlineData("if (reply.StatusCode != System.Net.HttpStatusCode.TooManyRequests) { return await reply.Content.ReadAsStringAsync(); } else { _log.LogWarning(\"again\"); }")]
    [InlineData("if (reply.StatusCode == System.Net.HttpStatusCode.TooManyRequests) { if (text.Length > 9) { throw new InvalidOperationException(); } continue; } return await reply.Content.ReadAsStringAsync();")]
    [InlineData("if ((int)reply.StatusCode < 500 || text.Length > 9) { return await reply.Content.ReadAsStringAsync(); }")]
    [InlineData("if (!reply.IsSuccessStatusCode && text.Length < 9) { _log.LogWarning(\"again\"); } else { return await reply.Content.ReadAsStringAsync(); }")]
    [InlineData("if (reply.StatusCode == System.Net.HttpStatusCode.OK) { return await reply.Content.ReadAsStringAsync(); }")]
    public Task A_loop_over_the_status_is_a_retry(string judge) => Verifier.ReportedAsync(RetryCode.InMethod(
        $$"""
        {|OCG1101:while|} (true)
        {
            HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text), token);
            {{judge}}
        }
        """));

    private const string SendMember = """
        private async Task<string> SendAsync()
        {
            using HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent("{}"));
            return await reply.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        }

        """;
}
