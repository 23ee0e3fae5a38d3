using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.BoundWait>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>What cancels a source decides whether its token ends a call after a time: a watchdog does, a person or a shutdown does not.</summary>
public sealed class WatchdogTests
{
    [Theory]
    [InlineData("public async Task StopAsync() { _stop.Cancel(); await Task.Delay(80); }")]
    [InlineData("public void Stop() { if (_stop.IsCancellationRequested) return; _stop.Cancel(); Thread.Sleep(80); }")]
    [InlineData("public object Command => new StopCommand(() => _stop.Cancel());\n\nclass StopCommand { public StopCommand(Action run) => run(); }")]
    [InlineData("public void Listen() => Console.CancelKeyPress += (_, _) => _stop.Cancel();")]
    [InlineData("public void Listen() => Console.CancelKeyPress += OnCancel;\n\nprivate void OnCancel(object? sender, ConsoleCancelEventArgs e) => _stop.Cancel();")]
    [InlineData("public void Follow(CancellationToken never = default) => CancellationToken.None.Register(() => _stop.Cancel());")]
    public Task A_source_that_is_cancelled_at_no_certain_time_is_no_limit(string member) => Verifier.ReportedAsync(TimeoutCode.WithMembers(
        "public Task ConnectAsync() => _socket.{|OCG1002:ConnectAsync|}(_uri, _stop.Token);\n\n" + member));

    [Theory]
    [InlineData("public async Task WatchAsync() { await Task.Delay(5000); _stop.Cancel(); }")]
    [InlineData("public async Task WatchAsync() { while (true) { if (_stop.IsCancellationRequested) _stop.Cancel(); await Task.Delay(500); } }")]
    [InlineData("public void Watch() { do { _stop.Cancel(); Thread.Sleep(500); } while (true); }")]
    [InlineData("public Timer Watch() => new(_ => _stop.Cancel(), null, 5000, Timeout.Infinite);")]
    [InlineData("public Timer Watch() => new(End, null, 5000, Timeout.Infinite);\n\nprivate void End(object? state) => _stop.Cancel();")]
    [InlineData("public void Watch(System.Timers.Timer timer) => timer.Elapsed += (_, _) => _stop.Cancel();")]
    [InlineData("public void Watch(System.Timers.Timer timer) => timer.Elapsed += End;\n\nprivate void End(object? sender, System.Timers.ElapsedEventArgs e) => _stop.Cancel();")]
    [InlineData("public void Watch() => After(TimeSpan.FromSeconds(5), () => _stop.Cancel());\n\nprivate static void After(TimeSpan time, Action run) { }")]
    [InlineData("public void Watch() => new CancellationTokenSource(5000).Token.Register(() => _stop.Cancel());")]
    [InlineData("public void Watch() => Task.Delay(5000).ContinueWith(_ => _stop.Cancel());")]
    public Task A_source_that_a_watchdog_cancels_is_accepted(string member) => Verifier.SilentAsync(TimeoutCode.WithMembers(
        "public Task ConnectAsync() => _socket.ConnectAsync(_uri, _stop.Token);\n\n" + member));

    [Theory]
    [InlineData("new()", "await _socket.{|OCG1002:ConnectAsync|}(_uri, _source.Token);")]
    [InlineData("new(5000)", "await _socket.ConnectAsync(_uri, _source.Token);")]
    public Task A_source_that_is_linked_to_itself_limits_as_much_as_what_it_was(string first, string call)
    {
        string source = TimeoutCode.WithMembers(
            $$"""
            private CancellationTokenSource _source = {{first}};

            public async Task RunAsync()
            {
                _source = CancellationTokenSource.CreateLinkedTokenSource(_source.Token, _stop.Token);
                {{call}}
            }
            """);
        return call.Contains("OCG1002") ? Verifier.ReportedAsync(source) : Verifier.SilentAsync(source);
    }

    [Fact]
    public Task Sources_that_are_linked_in_a_circle_end_the_question() => Verifier.ReportedAsync(TimeoutCode.WithMembers(
        """
        private CancellationTokenSource _left = new();
        private CancellationTokenSource _right = new();

        public async Task RunAsync()
        {
            _left = CancellationTokenSource.CreateLinkedTokenSource(_right.Token);
            _right = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
            await _socket.{|OCG1002:ConnectAsync|}(_uri, _left.Token);
        }
        """));

    [Fact]
    public Task Sources_that_cancel_each_other_are_left_alone() => Verifier.SilentAsync(TimeoutCode.WithMembers(
        """
        private readonly CancellationTokenSource _other = new();

        public void Join()
        {
            _other.Token.Register(() => _stop.Cancel());
            _stop.Token.Register(() => _other.Cancel());
        }

        public Task ConnectAsync() => _socket.ConnectAsync(_uri, _stop.Token);
        """));
}
