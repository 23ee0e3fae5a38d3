using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001 mended: the connect of a socket object, which connects only once.</summary>
public sealed class ProtectCallSocketTests
{
    private const string Connect = "{|OCG1001:{|OCG1002:ConnectAsync|}|}";

    [Theory]
    [InlineData(
        "using var socket = new ClientWebSocket();\nawait socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);",
        "using var socket = await GatewayPipeline.Shared.ConnectAsync(new Uri(\"ws://box:18789\"), cancellationToken: cancellationToken);")]
    [InlineData(
        "using ClientWebSocket socket = new();\nawait socket.CONNECT(new Uri(\"ws://box:18789\"), CancellationToken.None).ConfigureAwait(false);",
        "using ClientWebSocket socket = await GatewayPipeline.Shared.ConnectAsync(new Uri(\"ws://box:18789\")).ConfigureAwait(false);")]
    [InlineData(
        "using var socket = new ClientWebSocket();\nsocket.Options.SetRequestHeader(\"a\", Environment.GetEnvironmentVariable(\"KEY\"));\nawait socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);",
        "using var socket = await GatewayPipeline.Shared.ConnectAsync(new Uri(\"ws://box:18789\"), options => options.SetRequestHeader(\"a\", Environment.GetEnvironmentVariable(\"KEY\")), cancellationToken);")]
    [InlineData(
        "using var socket = new ClientWebSocket();\nstring key = messages[0].ToString();\nsocket.Options.SetRequestHeader(\"a\", key);\nConsole.WriteLine(\"connecting\");\nawait socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);",
        "string key = messages[0].ToString();\nConsole.WriteLine(\"connecting\");\nusing var socket = await GatewayPipeline.Shared.ConnectAsync(new Uri(\"ws://box:18789\"), options => options.SetRequestHeader(\"a\", key), cancellationToken);")]
    public Task Creation_options_and_connect_become_one_call(string statements, string fixedStatements)
        => Verifier.FixedAsync(Code.InMethod(statements.Replace("CONNECT", Connect, StringComparison.Ordinal)), Code.InMethod(fixedStatements, fixedCode: true));

    [Fact]
    public Task Several_options_and_comments_stay_in_a_block() => Verifier.FixedAsync(
        Code.InMethod(
            $$"""
            using var socket = new ClientWebSocket();
            // who we are
            socket.Options.SetRequestHeader("a", "b"); // a header
            if (messages.Count > 0)
            {
                socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(5);
            }

            // now
            await socket.{{Connect}}(new Uri("ws://box:18789"), cancellationToken);
            """),
        Code.InMethod(
            """
            // now
            using var socket = await GatewayPipeline.Shared.ConnectAsync(new Uri("ws://box:18789"), options =>
            {
                // who we are
                options.SetRequestHeader("a", "b"); // a header
                if (messages.Count > 0)
                {
                    options.KeepAliveInterval = TimeSpan.FromSeconds(5);
                }
            }, cancellationToken);
            """,
            fixedCode: true));

    [Fact]
    public Task A_socket_that_was_lost_is_disposed_from_now_on() => Verifier.FixedAsync(
        Code.InMethod($"var socket = new ClientWebSocket();\nawait socket.{Connect}(new Uri(\"ws://box:18789\"), cancellationToken);"),
        Code.InMethod("using var socket = await GatewayPipeline.Shared.ConnectAsync(new Uri(\"ws://box:18789\"), cancellationToken: cancellationToken);", fixedCode: true));

    [Fact]
    public Task The_socket_that_a_field_held_before_is_disposed() => Verifier.FixedAsync(
        Code.InMethod(
            $$"""
            foreach (ChatMessage message in messages)
            {
                _socket = new ClientWebSocket();
                await _socket.{{Connect}}(new Uri("ws://box:18789"), cancellationToken);
            }
            """,
            "private ClientWebSocket _socket;"),
        Code.InMethod(
            """
            foreach (ChatMessage message in messages)
            {
                _socket?.Dispose();
                _socket = await GatewayPipeline.Shared.ConnectAsync(new Uri("ws://box:18789"), cancellationToken: cancellationToken);
            }
            """,
            "private ClientWebSocket _socket;",
            fixedCode: true));

    [Fact]
    public Task A_field_that_is_disposed_already_is_not_disposed_again() => Verifier.FixedAsync(
        Code.InMethod(
            $$"""
            _socket?.Dispose();
            _socket = new ClientWebSocket();
            await _socket.{{Connect}}(new Uri("ws://box:18789"), cancellationToken);
            """,
            "private ClientWebSocket _socket;"),
        Code.InMethod(
            """
            _socket?.Dispose();
            _socket = await GatewayPipeline.Shared.ConnectAsync(new Uri("ws://box:18789"), cancellationToken: cancellationToken);
            """,
            "private ClientWebSocket _socket;",
            fixedCode: true));

    [Theory]
    [InlineData("using (var socket = new ClientWebSocket())\n{\n    await socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);\n}")]
    [InlineData("using var socket = new ClientWebSocket();\ntry { await socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken); } finally { }")]
    [InlineData("using var socket = new ClientWebSocket();\nTask task = socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);\nawait task;")]
    [InlineData("using var socket = new ClientWebSocket();\nusing var undo = cancellationToken.Register(() => socket.Abort());\nawait socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);")]
    [InlineData("using var socket = new ClientWebSocket();\nvar options = socket.Options;\nawait socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);")]
    [InlineData("using var socket = new ClientWebSocket();\nsocket.Options.KeepAliveInterval = TimeSpan.FromSeconds(int.TryParse(\"3\", out var n) ? n : 1);\nawait socket.CONNECT(new Uri(\"ws://box:18789/\" + n), cancellationToken);")]
    [InlineData("using var socket = new ClientWebSocket();\nsocket.Options.SetRequestHeader(\"a\", await Task.FromResult(\"b\"));\nawait socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);")]
    [InlineData("using var socket = new ClientWebSocket();\nsocket.Options.SetRequestHeader(\"a\", Keys.Dequeue());\nawait socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);")]
    [InlineData("int n = 0;\nusing var socket = new ClientWebSocket();\nsocket.Options.SetRequestHeader(\"a\", n.ToString());\nn = 1;\nawait socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);\nConsole.WriteLine(n);")]
    [InlineData("using var socket = new ClientWebSocket();\nif (messages.Count == 0) { socket.Options.KeepAliveInterval = default; return; }\nawait socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);")]
    [InlineData("using var socket = new ClientWebSocket();\nawait socket.{|OCG1001:ConnectAsync|}(new Uri(\"ws://box:18789\"), new HttpMessageInvoker(new SocketsHttpHandler()), cancellationToken);")]
    [InlineData("using var socket = new ClientWebSocket(); // the feed\nawait socket.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);")]
    [InlineData("await Shared.CONNECT(new Uri(\"ws://box:18789\"), cancellationToken);")]
    public Task A_socket_that_is_set_up_or_seen_otherwise_is_not_fixable(string statements) => Verifier.NotFixableAsync(
        Code.InMethod(
            statements.Replace("CONNECT", Connect, StringComparison.Ordinal),
            "private static readonly Queue<string> Keys = new();\nprivate static readonly ClientWebSocket Shared = new();"));

    [Fact]
    public Task A_send_on_the_pipelines_socket_is_bounded_by_the_keep_alive_that_the_pipeline_sets()
    {
        const string Send = "await socket.{0}(new byte[1], WebSocketMessageType.Text, true, cancellationToken);";
        return Verifier.FixedAsync(
            Code.InMethod($"using var socket = new ClientWebSocket();\nawait socket.{Connect}(new Uri(\"ws://box:18789\"), cancellationToken);\n{Send.Replace("{0}", "{|OCG1002:SendAsync|}", StringComparison.Ordinal)}"),
            Code.InMethod(
                "using var socket = await GatewayPipeline.Shared.ConnectAsync(new Uri(\"ws://box:18789\"), cancellationToken: cancellationToken);\n" + Send.Replace("{0}", "SendAsync", StringComparison.Ordinal),
                fixedCode: true));
    }
}
