using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.CodeFixes.Calls;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.BoundWait>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1002: the deadline is written beside the call, lives as long as the block, and takes the token in scope along.</summary>
public sealed class BoundWaitTests
{
    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_connect_gets_a_deadline_declared_before_it() => FixedAsync(
        """
        // The gateway may be restarting.
        await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken).ConfigureAwait(false); // waits
        """,
        """
        using var deadline = Deadline.After(TimeSpan.FromSeconds(15), cancellationToken);
        // The gateway may be restarting.
        await _socket.ConnectAsync(_uri, deadline.Token).ConfigureAwait(false); // waits
        """);

    [Theory]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, default);", "TimeSpan.FromSeconds(15)", "await _socket.ConnectAsync(_uri, deadline.Token);")]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, CancellationToken.None);", "TimeSpan.FromSeconds(15)", "await _socket.ConnectAsync(_uri, deadline.Token);")]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, _stop.Token);", "TimeSpan.FromSeconds(15), _stop.Token", "await _socket.ConnectAsync(_uri, deadline.Token);")]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken: cancellationToken);", "TimeSpan.FromSeconds(15), cancellationToken", "await _socket.ConnectAsync(_uri, cancellationToken: deadline.Token);")]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken).WaitAsync(TimeSpan.FromSeconds(5));", "TimeSpan.FromSeconds(15), cancellationToken", "await _socket.ConnectAsync(_uri, deadline.Token).WaitAsync(TimeSpan.FromSeconds(5));")]
    [InlineData("await Task.WhenAll(Task.Delay(1), _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken));", "TimeSpan.FromSeconds(15), cancellationToken", "await Task.WhenAll(Task.Delay(1), _socket.ConnectAsync(_uri, deadline.Token));")]
    public Task The_token_of_the_call_goes_into_the_deadline(string call, string deadline, string fixedCall) => FixedAsync(
        call, $"using var deadline = Deadline.After({deadline});\n{fixedCall}");

    [Theory]
    [InlineData("var text = await http.{|OCG1002:GetStringAsync|}(url);", "10", "var text = await http.GetStringAsync(url, deadline.Token);")]
    [InlineData("using var response = await http.{|OCG1002:PostAsync|}(url, null, cancellationToken);", "10", "using var response = await http.PostAsync(url, null, deadline.Token);")]
    [InlineData("using var response = await http.{|OCG1002:PostAsJsonAsync|}(url, 1);", "10", "using var response = await http.PostAsJsonAsync(url, 1, cancellationToken: deadline.Token);")]
    [InlineData("if ((await http.{|OCG1002:GetAsync|}(url)).IsSuccessStatusCode)\n{\n    return;\n}", "10", "if ((await http.GetAsync(url, deadline.Token)).IsSuccessStatusCode)\n{\n    return;\n}")]
    [InlineData("using (var response = await http.{|OCG1002:PostAsync|}(url, null))\n{\n    response.EnsureSuccessStatusCode();\n}", "10", "using (var response = await http.PostAsync(url, null, deadline.Token))\n{\n    response.EnsureSuccessStatusCode();\n}")]
    [InlineData("foreach (char letter in await http.{|OCG1002:GetStringAsync|}(url))\n{\n    Console.WriteLine(letter);\n}", "10", "foreach (char letter in await http.GetStringAsync(url, deadline.Token))\n{\n    Console.WriteLine(letter);\n}")]
    public Task An_infinite_client_keeps_its_setting_and_gets_a_deadline_for_the_call(string call, string minutes, string fixedCall) => FixedAsync(
        $$"""
        const string url = "http://127.0.0.1:18789/v1/chat/completions";
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };

        {{call}}
        """,
        $$"""
        const string url = "http://127.0.0.1:18789/v1/chat/completions";
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };

        using var deadline = Deadline.After(TimeSpan.FromMinutes({{minutes}}), cancellationToken);
        {{fixedCall}}
        """);

    [Fact]
    public Task A_synchronous_call_gets_one_as_well() => FixedAsync(
        """
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:18789/v1/chat/completions");
        using var response = http.{|OCG1002:Send|}(request);
        """,
        """
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:18789/v1/chat/completions");
        using var deadline = Deadline.After(TimeSpan.FromMinutes(10), cancellationToken);
        using var response = http.Send(request, deadline.Token);
        """);

    [Fact]
    public Task In_a_switch_section_it_becomes_a_using_block() => FixedAsync(
        """
        switch (_socket.State)
        {
            case WebSocketState.None:
                await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken);
                break;
        }
        """,
        """
        switch (_socket.State)
        {
            case WebSocketState.None:
                using (var deadline = Deadline.After(TimeSpan.FromSeconds(15), cancellationToken))
                {
                    await _socket.ConnectAsync(_uri, deadline.Token);
                }
                break;
        }
        """);

    [Fact]
    public Task An_embedded_statement_becomes_a_using_block() => FixedAsync(
        """
        if (_socket.State != WebSocketState.Open)
            await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken);
        """,
        """
        if (_socket.State != WebSocketState.Open)
            using (var deadline = Deadline.After(TimeSpan.FromSeconds(15), cancellationToken))
            {
                await _socket.ConnectAsync(_uri, deadline.Token);
            }
        """);

    [Fact]
    public Task A_loop_gets_a_new_deadline_for_each_pass() => FixedAsync(
        """
        while (!cancellationToken.IsCancellationRequested)
        {
            await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken);
        }
        """,
        """
        while (!cancellationToken.IsCancellationRequested)
        {
            using var deadline = Deadline.After(TimeSpan.FromSeconds(15), cancellationToken);
            await _socket.ConnectAsync(_uri, deadline.Token);
        }
        """);

    [Fact]
    public Task Several_calls_in_one_method_get_names_of_their_own() => FixedAsync(
        """
        var deadline = "tomorrow";
        await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken);

        // The first frame has to follow at once.
        await _socket.{|OCG1002:SendAsync|}(Encoding.UTF8.GetBytes(deadline), WebSocketMessageType.Text, true, cancellationToken);
        """,
        """
        var deadline = "tomorrow";
        using var deadline2 = Deadline.After(TimeSpan.FromSeconds(15), cancellationToken);
        await _socket.ConnectAsync(_uri, deadline2.Token);

        using var deadline3 = Deadline.After(TimeSpan.FromSeconds(30), cancellationToken);
        // The first frame has to follow at once.
        await _socket.SendAsync(Encoding.UTF8.GetBytes(deadline), WebSocketMessageType.Text, true, deadline3.Token);
        """);

    [Fact]
    public Task A_call_in_the_argument_of_another_is_fixed_with_it()
    {
        const string Deadlines = "using var deadline = Deadline.After(TimeSpan.FromMinutes(10), cancellationToken);\nusing var deadline2 = Deadline.After(TimeSpan.FromMinutes(10), cancellationToken);\n";
        return FixedApartAsync(
            Infinite + Nested("{|OCG1002:PostAsync|}", "{|OCG1002:GetStringAsync|}"),
            Infinite + Deadlines + Nested("PostAsync", "GetStringAsync", "deadline2", "deadline"),
            Infinite + Deadlines + Nested("PostAsync", "GetStringAsync", "deadline", "deadline2"));
    }

    [Fact]
    public Task Nested_calls_in_a_switch_section_get_a_block()
    {
        string block = "using (var deadline = Deadline.After(TimeSpan.FromMinutes(10), cancellationToken))\n{\n    using var deadline2 = Deadline.After(TimeSpan.FromMinutes(10), cancellationToken);\n    "
            + Nested("PostAsync", "GetStringAsync", "deadline2", "deadline") + "\n}";
        string blocks = "using (var deadline = Deadline.After(TimeSpan.FromMinutes(10), cancellationToken))\n{\n    using (var deadline2 = Deadline.After(TimeSpan.FromMinutes(10), cancellationToken))\n    {\n        "
            + Nested("PostAsync", "GetStringAsync", "deadline", "deadline2") + "\n    }\n}";
        return FixedApartAsync(InSwitch(Nested("{|OCG1002:PostAsync|}", "{|OCG1002:GetStringAsync|}")), InSwitch(block), InSwitch(blocks));

        static string InSwitch(string statement)
            => Infinite + "switch (url.Length)\n{\n    case 0:\n" + TimeoutCode.Indented(statement, 8) + "\n        break;\n}";
    }

    [Fact]
    public Task Two_documents_are_fixed_at_once() => Verifier.FixedInAllAsync(
        [TimeoutCode.InMethod(Connect("_uri, cancellationToken", "{|OCG1002:ConnectAsync|}")), Library(Connect("_uri, stop", "{|OCG1002:ConnectAsync|}"), "")],
        [
            TimeoutCode.InMethod("using var deadline = Deadline.After(TimeSpan.FromSeconds(15), cancellationToken);\n" + Connect("_uri, deadline.Token", "ConnectAsync"), usesRuntime: true),
            Library("using var deadline = Deadline.After(TimeSpan.FromSeconds(15), stop);\n        " + Connect("_uri, deadline.Token", "ConnectAsync"), "using OpenClaw.Resilience;\n\n"),
        ]);

    [Theory]
    [InlineData("public async Task<string> AskAsync(CancellationToken stop)", "return await")]
    [InlineData("public async IAsyncEnumerable<string> AskAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)", "yield return await")]
    public Task An_answer_that_is_returned_at_once_is_waited_for_under_the_deadline(string signature, string statement) => Verifier.FixedAsync(
        TimeoutCode.WithMembers(Ask(signature, $"{statement} _http.{"{|OCG1002:GetStringAsync|}"}(\"http://127.0.0.1:18789/tools/invoke\", stop);")),
        TimeoutCode.WithMembers(
            Ask(signature, $"using var deadline = Deadline.After(TimeSpan.FromMinutes(10), stop);\n    {statement} _http.GetStringAsync(\"http://127.0.0.1:18789/tools/invoke\", deadline.Token);"),
            usesRuntime: true));

    [Fact]
    public Task A_block_on_one_line_stays_one_statement_behind_the_other() => FixedAsync(
        "await Task.Run(async () => { await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken); });",
        "await Task.Run(async () => { using var deadline = Deadline.After(TimeSpan.FromSeconds(15), cancellationToken); await _socket.ConnectAsync(_uri, deadline.Token); });");

    [Theory]
    [InlineData("catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)", "return;")]
    [InlineData("catch (OperationCanceledException)", "throw;")]
    [InlineData("catch (OperationCanceledException)", "Console.WriteLine();\n    throw new TimeoutException();")]
    [InlineData("catch (WebSocketException)", "return;")]
    [InlineData("catch (Exception)", "return;")]
    public Task A_catch_that_tells_a_time_out_from_a_shutdown_is_no_obstacle(string clause, string handling) => FixedAsync(
        TryConnect("await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken);", clause, handling),
        TryConnect("using var deadline = Deadline.After(TimeSpan.FromSeconds(15), cancellationToken);\n    await _socket.ConnectAsync(_uri, deadline.Token);", clause, handling));

    [Fact]
    public Task Directives_around_the_call_stay_around_it() => FixedAsync(
        """
        #if !OFFLINE
        await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken);
        #endif
        """,
        """
        #if !OFFLINE
        using var deadline = Deadline.After(TimeSpan.FromSeconds(15), cancellationToken);
        await _socket.ConnectAsync(_uri, deadline.Token);
        #endif
        """);

    private static Task FixedAsync(string body, string fixedBody)
        => Verifier.FixedAsync(TimeoutCode.InMethod(body), TimeoutCode.InMethod(fixedBody, usesRuntime: true));

    /// <summary>All at once begins with the inner call, one after the other with the outer one.</summary>
    private static Task FixedApartAsync(string body, string oneByOne, string atOnce)
    {
        var test = new RuleTest<GatewayCallAnalyzer, BoundWait> { TestCode = TimeoutCode.InMethod(body) };
        test.Expect(TimeoutCode.InMethod(oneByOne, usesRuntime: true));
        test.BatchFixedState.Sources.AddRange(test.FixedState.Sources.Take(1));
        test.BatchFixedState.Sources.Add(TimeoutCode.InMethod(atOnce, usesRuntime: true));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    private const string Infinite = "const string url = \"http://127.0.0.1:18789/tools/invoke\";\nusing var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };\n";

    private static string Nested(string post, string get, string? inner = null, string? outer = null)
        => $"await http.{post}(url, new StringContent(await http.{get}(url{(inner is null ? "" : $", {inner}.Token")})){(outer is null ? "" : $", {outer}.Token")});";

    private static string Ask(string signature, string body) => $$"""
        private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

        {{signature}}
        {
            {{body}}
        }
        """;

    private static string Connect(string arguments, string name) => $"await _socket.{name}({arguments});";

    private static string TryConnect(string connect, string clause, string handling) => $$"""
        try
        {
            {{connect}}
        }
        {{clause}}
        {
            {{handling}}
        }
        """;

    private static string Library(string body, string usings) => $$"""
        #pragma warning disable OCG1001 // judged by other tests
        {{usings}}class Library
        {
            private readonly ClientWebSocket _socket = new();
            private readonly Uri _uri = new("ws://127.0.0.1:18789/");

            public async Task RunAsync(CancellationToken stop)
            {
                {{body}}
            }
        }
        """;
}
