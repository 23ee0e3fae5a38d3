using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.BoundWait>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1002: the fix fits the file around the call: its names, its directives, its language version.</summary>
public sealed class BoundWaitInFileTests
{
    [Fact]
    public Task What_remains_beside_the_deadline_is_that_nothing_protects_the_call() => Verifier.FixedAsync(
        """
        class Agent
        {
            public async Task RunAsync(CancellationToken stop)
            {
                using var socket = new ClientWebSocket();
                await socket.{|OCG1001:{|OCG1002:ConnectAsync|}|}(new Uri("ws://127.0.0.1:18789/"), stop);
            }

            static void Main() { }
        }
        """,
        """
        using OpenClaw.Resilience;

        class Agent
        {
            public async Task RunAsync(CancellationToken stop)
            {
                using var socket = new ClientWebSocket();
                using var deadline = Deadline.After(TimeSpan.FromSeconds(15), stop);
                await socket.{|OCG1001:ConnectAsync|}(new Uri("ws://127.0.0.1:18789/"), deadline.Token);
            }

            static void Main() { }
        }
        """,
        remaining:
        """
        using OpenClaw.Resilience;

        class Agent
        {
            public async Task RunAsync(CancellationToken stop)
            {
                using var socket = new ClientWebSocket();
                using var deadline = Deadline.After(TimeSpan.FromSeconds(15), stop);
                await socket.{|OCG1001:ConnectAsync|}(new Uri("ws://127.0.0.1:18789/"), deadline.Token);
            }

            static void Main() { }
        }
        """);

    [Fact]
    public Task Before_CSharp_8_it_is_a_using_block() => Verifier.FixedAsync(
        """
        #pragma warning disable OCG1001 // judged by other tests
        using System;
        using System.Net.WebSockets;
        using System.Threading;
        using System.Threading.Tasks;

        class Agent
        {
            private readonly ClientWebSocket _socket = new ClientWebSocket();

            public async Task RunAsync(CancellationToken stop)
            {
                await _socket.{|OCG1002:ConnectAsync|}(new Uri("ws://127.0.0.1:18789/"), stop);
            }

            static void Main() { }
        }
        """,
        """
        #pragma warning disable OCG1001 // judged by other tests
        using System;
        using System.Net.WebSockets;
        using System.Threading;
        using System.Threading.Tasks;
        using OpenClaw.Resilience;

        class Agent
        {
            private readonly ClientWebSocket _socket = new ClientWebSocket();

            public async Task RunAsync(CancellationToken stop)
            {
                using (var deadline = Deadline.After(TimeSpan.FromSeconds(15), stop))
                {
                    await _socket.ConnectAsync(new Uri("ws://127.0.0.1:18789/"), deadline.Token);
                }
            }

            static void Main() { }
        }
        """,
        LanguageVersion.CSharp7_3);

    [Fact]
    public Task A_file_without_System_gets_it() => Verifier.FixedAsync(
        """
        #pragma warning disable OCG1001 // judged by other tests
        using System.Net.WebSockets;
        using System.Threading;
        using System.Threading.Tasks;

        class Agent
        {
            private readonly ClientWebSocket _socket = new ClientWebSocket();

            public async Task RunAsync(CancellationToken stop)
            {
                await _socket.{|OCG1002:ConnectAsync|}(new System.Uri("ws://127.0.0.1:18789/"), stop);
            }

            static void Main() { }
        }
        """,
        """
        #pragma warning disable OCG1001 // judged by other tests
        using System;
        using System.Net.WebSockets;
        using System.Threading;
        using System.Threading.Tasks;
        using OpenClaw.Resilience;

        class Agent
        {
            private readonly ClientWebSocket _socket = new ClientWebSocket();

            public async Task RunAsync(CancellationToken stop)
            {
                using var deadline = Deadline.After(TimeSpan.FromSeconds(15), stop);
                await _socket.ConnectAsync(new System.Uri("ws://127.0.0.1:18789/"), deadline.Token);
            }

            static void Main() { }
        }
        """,
        LanguageVersion.CSharp9);

    [Theory]
    [InlineData("class Deadline { }")]
    [InlineData("public DateTime Deadline { get; set; }")]
    public Task A_Deadline_of_the_users_own_keeps_its_name(string own) => Verifier.FixedAsync(
        TimeoutCode.WithMembers(
            $$"""
            public async Task RunAsync(CancellationToken stop)
            {
                await _socket.{{"{|OCG1002:ConnectAsync|}"}}(_uri, stop);
            }

            {{own}}
            """),
        TimeoutCode.WithMembers(
            $$"""
            public async Task RunAsync(CancellationToken stop)
            {
                using var deadline = global::OpenClaw.Resilience.Deadline.After(TimeSpan.FromSeconds(15), stop);
                await _socket.ConnectAsync(_uri, deadline.Token);
            }

            {{own}}
            """));

    [Fact]
    public Task A_name_that_the_directive_would_make_ambiguous_is_left_alone() => Verifier.FixedAsync(
        """
        #pragma warning disable OCG1001 // judged by other tests
        using Mine;

        class Agent
        {
            public async Task RunAsync(CancellationToken stop)
            {
                using var socket = new ClientWebSocket();
                await socket.{|OCG1002:ConnectAsync|}(new Uri("ws://127.0.0.1:18789/"), stop);
                Console.WriteLine(new Backoff());
            }

            static void Main() { }
        }

        namespace Mine
        {
            class Backoff { }
        }
        """,
        """
        #pragma warning disable OCG1001 // judged by other tests
        using Mine;

        class Agent
        {
            public async Task RunAsync(CancellationToken stop)
            {
                using var socket = new ClientWebSocket();
                using var deadline = global::OpenClaw.Resilience.Deadline.After(TimeSpan.FromSeconds(15), stop);
                await socket.ConnectAsync(new Uri("ws://127.0.0.1:18789/"), deadline.Token);
                Console.WriteLine(new Backoff());
            }

            static void Main() { }
        }

        namespace Mine
        {
            class Backoff { }
        }
        """);

    [Fact]
    public Task A_program_of_statements_gets_its_deadline_there() => Verifier.FixedAsync(
        """
        #pragma warning disable OCG1001 // judged by other tests
        using OpenClaw.Resilience;

        using var socket = new ClientWebSocket();

        // Once.
        await socket.{|OCG1002:ConnectAsync|}(new Uri("ws://127.0.0.1:18789/"), default);
        """,
        """
        #pragma warning disable OCG1001 // judged by other tests
        using OpenClaw.Resilience;

        using var socket = new ClientWebSocket();

        using var deadline = Deadline.After(TimeSpan.FromSeconds(15));

        // Once.
        await socket.ConnectAsync(new Uri("ws://127.0.0.1:18789/"), deadline.Token);
        """);
}
