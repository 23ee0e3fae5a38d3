using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Loops around gateway calls that come back for another reason than a failure of the gateway.</summary>
public sealed class NotARetryTests
{
    [Theory]
    [InlineData("A reconnect daemon", """
        while (!token.IsCancellationRequested)
        {
            try
            {
                using var socket = new ClientWebSocket();
                await socket.ConnectAsync(new Uri("ws://gateway:18789/"), token);
                byte[] buffer = new byte[1024];
                while (socket.State == WebSocketState.Open) { await socket.ReceiveAsync(buffer, token); }
            }
            catch (WebSocketException) { await Task.Delay(1000, token); }
        }

        return "";
        """)]
    [InlineData("A receive loop", """
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri("ws://gateway:18789/"), token);
        byte[] buffer = new byte[1024];
        while (true)
        {
            try { WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, token); if (result.EndOfMessage) { return ""; } }
            catch (WebSocketException) { _log.LogWarning("again"); }
        }
        """)]
    [InlineData("A poller of a job", """
        while (true)
        {
            string state = await _http.GetStringAsync("http://gateway:18789/v1/jobs/1", token);
            if (state.Contains("done")) { return state; }
            await Task.Delay(1000, token);
        }
        """)]
    [InlineData("A poller that survives failures", """
        while (true)
        {
            try
            {
                string state = await _http.GetStringAsync("http://gateway:18789/v1/jobs/1", token);
                if (state.Contains("done")) { return state; }
            }
            catch (HttpRequestException) { _log.LogWarning("not yet"); }

            await Task.Delay(1000, token);
        }
        """)]
    [InlineData("A poller of a status that is not yet there", """
        while (true)
        {
            HttpResponseMessage reply = await _http.GetAsync("http://gateway:18789/v1/jobs/1", token);
            if (reply.StatusCode == System.Net.HttpStatusCode.Accepted) { continue; }
            return "";
        }
        """)]
    [InlineData("A poller of a good status", """
        while (true)
        {
            HttpResponseMessage reply = await _http.GetAsync("http://gateway:18789/v1/jobs/1", token);
            if (reply.IsSuccessStatusCode) { return ""; }
            await Task.Delay(1000, token);
        }
        """)]
    [InlineData("A wait for readiness", """
        while (true)
        {
            try { return await _http.GetStringAsync("http://gateway:18789/readyz", token); }
            catch (HttpRequestException) { await Task.Delay(500, token); }
        }
        """)]
    [InlineData("A schedule", """
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1));
        while (await timer.WaitForNextTickAsync(token))
        {
            try { await _chat.CompleteChatAsync(messages, cancellationToken: token); }
            catch (ClientResultException) { _log.LogWarning("next hour"); }
        }

        return "";
        """)]
    [InlineData("A conversation", """
        while (true)
        {
            messages.Add(new UserChatMessage(Console.ReadLine()));
            try { await _chat.CompleteChatAsync(messages, cancellationToken: token); }
            catch (ClientResultException e) { Console.WriteLine(e.Message); }
        }
        """)]
    [InlineData("Items one after the other", """
        foreach (ChatMessage message in messages)
        {
            try { await _chat.CompleteChatAsync(new[] { message }); }
            catch (ClientResultException) { _log.LogWarning("skipped"); }
        }

        return "";
        """)]
    [InlineData("Numbered items", """
        for (int i = 0; i < messages.Count; i++)
        {
            try { await _chat.CompleteChatAsync(new[] { messages[i] }); }
            catch (ClientResultException) { _log.LogWarning("skipped"); }
        }

        return "";
        """)]
    [InlineData("Failover to the next host", """
        foreach (string host in new[] { "a", "b" })
        {
            try { return await _http.GetStringAsync($"http://{host}:18789/v1/models/x"); }
            catch (HttpRequestException) { _log.LogWarning("next"); }
        }

        return "";
        """)]
    [InlineData("Failover by number", """
        ChatClient[] clients = { _chat, _chat, _chat };
        for (int i = 0; i < clients.Length; i++)
        {
            try { return (await clients[i].CompleteChatAsync(messages)).Value.Content[0].Text; }
            catch (ClientResultException) { _log.LogWarning("next"); }
        }

        return "";
        """)]
    [InlineData("Failover through a local", """
        string[] hosts = { "a", "b", "c" };
        int next = 0;
        while (true)
        {
            string url = $"http://{hosts[next]}:18789/v1/chat/completions";
            try { return await (await _http.PostAsync(url, new StringContent("{}"))).Content.ReadAsStringAsync(); }
            catch (HttpRequestException) { next = (next + 1) % 3; }
        }
        """)]
    [InlineData("A shorter history", """
        while (true)
        {
            try { return (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text; }
            catch (ClientResultException) { messages.RemoveAt(0); }
        }
        """)]
    [InlineData("Another model", """
        string model = "large";
        while (true)
        {
            var content = new StringContent(model);
            try { return await (await _http.PostAsync(Url, content)).Content.ReadAsStringAsync(); }
            catch (HttpRequestException) { model = "small"; }
        }
        """)]
    [InlineData("Another key in each attempt, told which were had", """
        var tried = new HashSet<string>();
        Func<HashSet<string>, Task<string>> pickAsync = _ => Task.FromResult("");
        while (true)
        {
            string key = await pickAsync(tried);
            tried.Add(key);
            try { return await (await _http.PostAsync(Url + "?key=" + key, new StringContent(text))).EnsureSuccessStatusCode().Content.ReadAsStringAsync(); }
            catch (Exception) when (tried.Count < 5) { _log.LogWarning("the next key"); }
        }
        """)]
    [InlineData("Another key in each attempt, by its name", """
        Func<string> nextKey = () => "", NextKey = nextKey;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            string url = Url + "?key=" + NextKey();
            try { return await (await _http.PostAsync(url, new StringContent(text))).EnsureSuccessStatusCode().Content.ReadAsStringAsync(); }
            catch (HttpRequestException) { _log.LogWarning("the next key"); }
        }

        return "";
        """)]
    [InlineData("What went wrong is told to the model", """
        for (int attempt = 0; attempt < 5; attempt++)
        {
            string hint = "";
            try
            {
                string answer = (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text;
                if (answer.Contains("{")) { return answer; }
            }
            catch (Exception exception) { hint = exception.Message; }

            messages.Add(new UserChatMessage("Answer in JSON. " + hint));
        }

        return "";
        """)]
    [InlineData("An agent's steps: a failed one is skipped", """
        for (int step = 0; step < 5; step++)
        {
            try
            {
                string answer = (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text;
                if (answer.Contains("done")) { return answer; }
            }
            catch (ClientResultException) { _log.LogWarning("skipped"); }
        }

        return "";
        """)]
    [InlineData("Attempts to get what can be read", """
        for (int attempt = 0; attempt < 5; attempt++)
        {
            try
            {
                string answer = (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text;
                if (System.Text.Json.JsonDocument.Parse(answer).RootElement.GetArrayLength() > 0) { return answer; }
            }
            catch (System.Text.Json.JsonException) { _log.LogWarning("no JSON"); }
        }

        return "";
        """)]
    [InlineData("A poller that counts its attempts", """
        for (int attempt = 0; attempt < 60; attempt++)
        {
            try
            {
                string state = await _http.GetStringAsync("http://gateway:18789/v1/embeddings", token);
                if (state.Contains("done")) { return state; }
            }
            catch (HttpRequestException) { _log.LogWarning("not yet"); }

            await Task.Delay(1000, token);
        }

        return "";
        """)]
    [InlineData("Attempts that go on after success", """
        for (int attempt = 0; attempt < 5; attempt++)
        {
            try { await _chat.CompleteChatAsync(messages); }
            catch (ClientResultException) { _log.LogWarning("one less"); }
        }

        return "";
        """)]
    [InlineData("A bad status that ends the loop", """
        for (int i = 0; i < 5; i++)
        {
            HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text), token);
            if (!reply.IsSuccessStatusCode) { throw new InvalidOperationException(); }
        }

        return "";
        """)]
    [InlineData("Rounds of an agent: a bad status ends them, an answer without a tool as well", """
        for (int round = 0; round < 20; round++)
        {
            HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text), token);
            string answer = await reply.Content.ReadAsStringAsync();
            if (!reply.IsSuccessStatusCode) { _log.LogWarning(answer); return ""; }
            if (!answer.Contains("tool")) { break; }
            text += answer;
        }

        return text;
        """)]
    [InlineData("A status that ends the rounds", """
        while (true)
        {
            HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text), token);
            if (reply.StatusCode == System.Net.HttpStatusCode.Unauthorized || (int)reply.StatusCode >= 500) { return ""; }
            text += await reply.Content.ReadAsStringAsync();
            if (text.Length > 1000) { throw new InvalidOperationException(); }
        }
        """)]
    [InlineData("Another host, by a helper", """
        bool Switch() { text += "/b"; return true; }
        for (int attempt = 0; attempt < 5; attempt++)
        {
            try { return await _http.GetStringAsync(_root + "/v1/chat/completions", token); }
            catch (HttpRequestException) { if (!Switch() || !SwitchHost(attempt)) { throw; } await Task.Delay(1000, token); }
        }

        return "";
        """)]
    [InlineData("A fresh token", """
        while (true)
        {
            try { return await (await _http.PostAsync(Url, new StringContent(text))).EnsureSuccessStatusCode().Content.ReadAsStringAsync(); }
            catch (HttpRequestException e) when (e.StatusCode == System.Net.HttpStatusCode.Unauthorized) { _log.LogWarning("refresh"); }
        }
        """)]
    [InlineData("A content failure", """
        for (int attempt = 0; attempt < 5; attempt++)
        {
            try { return System.Text.Json.JsonDocument.Parse((await _chat.CompleteChatAsync(messages)).Value.Content[0].Text).ToString()!; }
            catch (System.Text.Json.JsonException) { _log.LogWarning("no JSON"); }
        }

        return "";
        """)]
    [InlineData("A failure that ends the loop", """
        while (true)
        {
            try { await _chat.CompleteChatAsync(messages); }
            catch (ClientResultException) { break; }
        }

        return "";
        """)]
    [InlineData("One repetition at once", """
        for (int attempt = 0; attempt < 2; attempt++)
        {
            try { return (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text; }
            catch (ClientResultException) when (attempt == 0) { }
        }

        return "";
        """)]
    [InlineData("A block to break out of", """
        do
        {
            try { return (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text; }
            catch (ClientResultException) { _log.LogWarning("no reply"); }
        }
        while (false);
        return "";
        """)]
    [InlineData("Recursion, which is not followed", """
        try { return (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text; }
        catch (ClientResultException) when (text.Length > 0) { return await AskAsync(messages, text[1..], token); }
        """)]
    [InlineData("A paced loop", """
        Func<Task> acquireAsync = () => Task.CompletedTask;
        while (true)
        {
            await acquireAsync();
            try { return (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text; }
            catch (ClientResultException) { _log.LogWarning("again"); }
        }
        """)]
    [InlineData("Another server", """
        while (true)
        {
            try { return await _http.GetStringAsync("https://example.org/weather", token); }
            catch (HttpRequestException) { _log.LogWarning("again"); }
        }
        """)]
    [InlineData("A call that runs later", """
        while (true)
        {
            try { token.Register(() => _chat.CompleteChatAsync(messages)); return ""; }
            catch (ObjectDisposedException) { }
            catch (Exception) { }
        }
        """)]
    public Task What_comes_back_for_another_reason_is_silent(string what, string body) => Verifier.SilentAsync(RetryCode.InMethod(
        $"// {what}.\n{body}",
        members: """
            private string _root = "http://gateway:18789";
            private bool SwitchHost(int attempt) { _root = $"http://gateway{attempt}:18789"; return true; }
            """));

    [Fact]
    public Task Half_written_code_is_survived() => Verifier.SilentAsync(
        """
        class Agent
        {
            async Task AskAsync(OpenAI.Chat.ChatClient chat)
            {
                while ({|CS1525:)|}
                {
                    try { return await chat.{|CS1001:{|CS1002:}|}|}
                    catch (Exception {|CS1026:{|} }
                }
            }

            static void Main() { }
        }
        """);
}
