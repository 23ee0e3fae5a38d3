using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Chaos;

/// <summary>All that happens for one seed: options, callers, faults, cancellations and reloads.</summary>
internal sealed class Schedule
{
    private static readonly Shape[] Shapes =
        [Shape.Plain, Shape.Keyed, Shape.Nested, Shape.Stream, Shape.Buffered, Shape.Unread, Shape.Handler, Shape.BatchItem, Shape.Socket];

    // One in six schedules has them, and no queue: nobody sees from outside that a thread which waits for a permit got it.
    private static readonly Shape[] ShapesWithBlocking = [.. Shapes, Shape.Blocking, Shape.Blocking, Shape.Blocking, Shape.Blocking, Shape.Blocking];

    // Longer than the longest latency and the longest limit.
    private static readonly TimeSpan Aftermath = TimeSpan.FromHours(3);

    private readonly VirtualTime _time = new();
    private readonly Random _random;
    private readonly Plant _plant;
    private readonly Model _model;
    private readonly HostileGateway _gateway;
    private readonly bool _abandons;
    private readonly bool _reloads;
    private readonly bool _blocks;
    private readonly Baton _baton = new();
    private readonly BudgetBook? _shared;
    private bool _probes;
    private GatewayPipeline _pipeline = null!;
    private HttpClient _probe = null!;
    private Totals _totals = null!;

    public Schedule(int seed, Plant plant)
    {
        _random = new Random(seed);
        _plant = plant;
        _model = new Model(_time);
        _abandons = _random.Next(4) == 0;
        _reloads = _random.Next(3) == 0;
        _blocks = _random.Next(6) == 0;
        _shared = _random.Next(3) == 0 ? NewBudget() : null;
        _gateway = new HostileGateway(_time, _random, plant, _model, Reload);
    }

    public async Task<IReadOnlyList<string>> PlayAsync(Totals totals)
    {
        _totals = totals;
        using var handler = new HostileHandler(_gateway, Callers.Begin(_time));
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        using var probe = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        _probe = probe;
        GatewayOptions options = NextOptions(out CircuitWatch watch);
        _pipeline = new GatewayPipeline(options);
        _model.Watch(_pipeline.State, watch);
        using var guarded = new HttpClient(new GatewayHandler(_pipeline) { InnerHandler = handler }, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        var sockets = new HostileSockets(_gateway, _time, _random, _plant, _model);
        await using var socket = new GatewaySocket(_pipeline, new() { Address = new Uri("ws://gateway/"), Token = "t", Open = sockets.OpenAsync });
        using var callers = new Callers(_pipeline, _gateway, _model, _time, _random, _plant)
        {
            Client = client, Guarded = guarded, Abandons = _abandons, Socket = socket, Baton = _baton,
        };
        Task work = ActAllAsync(callers, socket);
        try
        {
            await VirtualRun.ToEndAsync(_time, work, _baton.PassAsync);
            // A stream that nobody disposes has its limits for as long as it may live; so has a circuit that is asked after.
            bool isQuiet = !_abandons && !_probes;
            int left = isQuiet ? _time.ActiveTimers : 0;
            _gateway.IsCalm = true;
            await VirtualRun.DrainAsync(_time, Aftermath);
            _model.Finish(left, sockets.Open);
        }
        catch (InvalidOperationException exception)
        {
            _model.Dead(exception.Message);
        }

        foreach (CallRecord call in _model.Calls)
        {
            totals.Add(call);
        }

        totals.Count("schedules");
        return _model.Violations;
    }

    private async Task ActAllAsync(Callers callers, GatewaySocket socket)
    {
        await Task.WhenAll(Enumerable.Range(0, _random.Next(2, 9)).Select(_ => ActAsync(callers)));
        await socket.DisposeAsync();
    }

    private async Task ActAsync(Callers callers)
    {
        // A task's own budget within the one that it shares with others; either may be missing.
        BudgetBook? own = _random.Next(3) == 0 ? NewBudget() : null;
        BudgetBook[] budgets = [.. new[] { _shared, own }.OfType<BudgetBook>()];
        using IDisposable? shared = _shared?.Budget.Enter();
        using IDisposable? inner = own?.Budget.Enter();
        int calls = _random.Next(1, 5);
        for (int call = 0; call < calls; call++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(0, 8000)), _time);
            Shape[] shapes = _blocks ? ShapesWithBlocking : Shapes;
            await callers.CallAsync(shapes[_random.Next(shapes.Length)], budgets);
            if (_random.Next(3) == 0)
            {
                own?.GiveBack();
            }
        }
    }

    private void Reload()
    {
        if (!_reloads)
        {
            return;
        }

        _pipeline.Reconfigure(NextOptions(out CircuitWatch watch));
        _model.Watch(_pipeline.State, watch);
        _totals.Count("reloads");
    }

    private GatewayOptions NextOptions(out CircuitWatch watch)
    {
        GatewayOptions options = _random.Next(2) == 0 ? GatewayOptions.ForOpenClaw() : GatewayOptions.ForModelProvider();
        options.TimeProvider = _blocks ? new BlockingTime(_time, _baton) : _time;
        options.Random = _random.NextDouble;
        options.MaxConcurrentCalls = _random.Next(1, 4);
        options.MaxQueuedCalls = _blocks ? 0 : _random.Next(0, 7);
        options.MaxRetries = _random.Next(0, 5);
        options.MaxDelay = Seconds(5, 60);
        options.MaxRetryWait = Seconds(0, 120);
        options.ThrottleDelay = Seconds(0, 30);
        options.CallTimeout = _abandons || _random.Next(4) > 0 ? Seconds(20, 600) : Timeout.InfiniteTimeSpan;
        options.AttemptTimeout = Seconds(5, 120);
        options.FirstByteTimeout = Seconds(5, 120);
        options.IdleTimeout = Seconds(5, 120);
        options.MinimumThroughput = _random.Next(3) == 0 ? 10_000 : _random.Next(2, 7);
        options.SamplingDuration = Seconds(30, 300);
        options.BreakDuration = Seconds(2, 10);
        options.MaxBreakDuration = TimeSpan.FromSeconds(20);
        options.LockoutDuration = Seconds(5, 30);
        options.ProbeUri = _random.Next(2) == 0 ? new Uri("http://gateway/readyz") : null;
        options.ProbeClient = _probe;
        _probes |= options.ProbeUri is not null;
        options.TelemetryListener = watch = new CircuitWatch(_time, _totals);
        return options;
    }

    private BudgetBook NewBudget()
    {
        var book = new BudgetBook(new RetryBudget(_random.Next(0, 4)));
        _model.Watch(book);
        return book;
    }

    private TimeSpan Seconds(int from, int to) => TimeSpan.FromMilliseconds(_random.Next(from * 1000, to * 1000));
}
