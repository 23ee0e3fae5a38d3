using System.Text.Json;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Chaos;

/// <summary>The callers: each way to make a call, some of them rude.</summary>
internal sealed class Callers(
    GatewayPipeline pipeline, HostileGateway gateway, Model model, VirtualTime time, Random random, Plant plant)
    : IDisposable
{
    private static readonly CallEffect[] Effects = [CallEffect.Unknown, CallEffect.Unknown, CallEffect.None, CallEffect.Keyed];
    private readonly List<CancellationTokenSource> _pooled = [];
    private int _ids;
    private bool _hasPlanted;

    public required HttpClient Client { get; init; }

    public required HttpClient Guarded { get; init; }

    public required bool Abandons { get; init; }

    public required GatewaySocket Socket { get; init; }

    public required Baton Baton { get; init; }

    /// <summary>Opens the book of another attempt of a call, within its callback.</summary>
    public static BeginAttempt Begin(TimeProvider time) => (call, token) =>
    {
        // A batch makes its calls when it gets to them, maybe after a reload.
        call.State = CallFrame.Current!.Call.Gateway;
        var attempt = new Attempt(call, time.GetUtcNow(), token);
        call.Attempts.Add(attempt);
        return attempt;
    };

    public void Dispose() => _pooled.ForEach(static source => source.Dispose());

    /// <param name="shape">How.</param>
    /// <param name="budgets">Those that the caller has entered.</param>
    public async Task CallAsync(Shape shape, IReadOnlyList<BudgetBook> budgets)
    {
        using var caller = new CancellationTokenSource();
        CallEffect effect = NextEffect(shape);
        int count = shape == Shape.BatchItem ? random.Next(1, 6) : 1;
        CallRecord[] calls = [.. Enumerable.Range(0, count).Select(_ => Open(shape, effect, new Turn(), caller.Token, budgets))];
        using ITimer? impatience = random.Next(4) > 0 ? null : time.CreateTimer(
            _ =>
            {
                Array.ForEach(calls, call => call.CancelledAt ??= time.GetUtcNow());
                caller.Cancel();
            },
            null,
            TimeSpan.FromMilliseconds(random.Next(0, 40_000)),
            Timeout.InfiniteTimeSpan);
        PlantLeak();
        if (shape == Shape.BatchItem)
        {
            await BatchAsync(calls, caller.Token);
            return;
        }

        await SettleAsync(calls[0], () => MakeAsync(calls[0]));
    }

    private Task MakeAsync(CallRecord call) => call.Shape switch
    {
        Shape.Nested => NestedAsync(call),
        Shape.Stream => StreamAsync(call),
        Shape.Buffered => BufferedAsync(call),
        Shape.Unread or Shape.Handler => UnreadAsync(call),
        Shape.Blocking => Baton.RunAsync(() => Block(call), call.Caller),
        Shape.Socket => AskAsync(call),
        _ => PlainAsync(call),
    };

    private async Task SettleAsync(CallRecord call, Func<Task> make)
    {
        try
        {
            await Sabotage.ApplyAsync(plant, call, make, RefuseAsync);
        }
        catch (Exception exception)
        {
            call.Exception = exception;
        }

        model.Ended(call);
        if (plant == Plant.CancelStranger && _pooled.Count > 0)
        {
            await _pooled[0].CancelAsync();
        }
    }

    private GatewayPipeline PipelineFor(CallRecord call)
        => call.Session is null || plant == Plant.ForgetSession ? pipeline : pipeline.ForSession(call.Session);

    private Task PlainAsync(CallRecord call) => PipelineFor(call).ExecuteAsync(token => TurnAsync(call, token), call.Effect, call.Caller);

    private async Task<int> TurnAsync(CallRecord call, CancellationToken token)
    {
        Attempt attempt = Begin(call, token);
        if (plant == Plant.NeverEnd)
        {
            await new TaskCompletionSource().Task;
        }

        return await gateway.TurnAsync(attempt, sendsKey: call.Shape == Shape.Keyed) is { } fault ? throw fault.ToException() : 1;
    }

    private void Block(CallRecord call)
    {
        CallFrame? inside = null;
        try
        {
            pipeline.Execute(
                token =>
                {
                    inside = CallFrame.Current;
                    Task<Fault?> turn = gateway.TurnAsync(Begin(call, token));
                    Baton.Wait(turn);
                    return turn.GetAwaiter().GetResult() is { } fault ? throw fault.ToException() : 1;
                },
                call.Effect,
                call.Caller);
        }
        finally
        {
            CallFrame.Current = plant == Plant.StayInside ? inside : CallFrame.Current;
            model.LeftThread(call);
        }
    }

    private async Task AskAsync(CallRecord call)
    {
        string method = call.Effect switch
        {
            CallEffect.None => "health",
            CallEffect.Keyed => random.Next(2) == 0 ? "agent" : "chat.send",
            _ => "sessions.reset",
        };
        JsonElement answer = await Socket.RequestAsync(
            method, new() { ["call"] = call.Id }, call.Effect == CallEffect.Keyed ? $"key-{call.Id}" : null, call.Caller);
        model.Answered(call, answer.GetProperty("call").GetInt32());
    }

    /// <summary>A call with others inside: one after the other or at once, before a turn of its own.</summary>
    private Task NestedAsync(CallRecord call)
    {
        // Who says that a call has no effect says it of all that is inside.
        (Turn Turn, CallEffect Effect)[] steps = [.. Enumerable.Range(0, random.Next(1, 4))
            .Select(_ => (new Turn(), call.Effect == CallEffect.None ? CallEffect.None : NextEffect(Shape.Inner)))];
        bool atOnce = random.Next(2) == 0;
        return PipelineFor(call).ExecuteAsync(
            async token =>
            {
                Attempt attempt = Begin(call, token);
                try
                {
                    var running = new List<Task>();
                    foreach ((Turn turn, CallEffect effect) in steps)
                    {
                        Task inner = InnerAsync(attempt, turn, effect, token);
                        running.Add(inner);
                        if (!atOnce)
                        {
                            await inner;
                        }
                    }

                    await Task.WhenAll(running);
                }
                catch (Exception exception)
                {
                    attempt.Fault = exception is GatewayRejectedException
                        ? Fault.Refusal
                        : attempt.Inner.Find(inner => inner.Exception == exception)?.Last?.Fault ?? Fault.Limit;
                    attempt.End = attempt.Answered = time.GetUtcNow();
                    throw;
                }

                return await gateway.TurnAsync(attempt) is { } fault ? throw fault.ToException() : 1;
            },
            call.Effect,
            call.Caller);
    }

    private async Task InnerAsync(Attempt outer, Turn turn, CallEffect effect, CancellationToken token)
    {
        CallRecord call = Open(Shape.Inner, effect, turn, token);
        outer.Inner.Add(call);
        using CancellationTokenRegistration link = token.UnsafeRegister(_ => call.CancelledAt ??= time.GetUtcNow(), null);
        await SettleAsync(call, () =>
        {
            return plant == Plant.ForgetNesting ? Sabotage.OutOfFlow(() => PlainAsync(call)) : PlainAsync(call);
        });
        if (call.Exception is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(call.Exception);
        }
    }

    private async Task StreamAsync(CallRecord call)
    {
        IAsyncEnumerator<int> elements = PipelineFor(call)
            .ExecuteStreamingAsync(token => gateway.StreamAsync(Begin(call, token), token), call.Effect, call.Caller).GetAsyncEnumerator();
        int wanted = random.Next(2) == 0 ? int.MaxValue : random.Next(1, 4);
        call.IsLeisurely = random.Next(3) == 0;
        try
        {
            while (wanted-- > 0 && await elements.MoveNextAsync())
            {
                call.IsHandedOut = true;
                await LingerAsync(call);
            }
        }
        finally
        {
            if (!LeavesUndone(call))
            {
                await elements.DisposeAsync();
            }
        }
    }

    private async Task BufferedAsync(CallRecord call)
    {
        using HttpRequestMessage request = Request(call);
        using HttpResponseMessage response = await pipeline.SendAsync(Client, request, call.Effect, call.Caller);
    }

    private async Task UnreadAsync(CallRecord call)
    {
        using HttpRequestMessage request = Request(call);
        HttpResponseMessage response = call.Shape == Shape.Handler
            ? await Guarded.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, call.Caller)
            : await pipeline.SendAsync(Client, request, HttpCompletionOption.ResponseHeadersRead, call.Effect, call.Caller);
        call.IsHandedOut = true;
        call.IsLeisurely = random.Next(3) == 0;
        int wanted = random.Next(2) == 0 ? int.MaxValue : random.Next(1, 4);
        try
        {
            Stream body = await response.Content.ReadAsStreamAsync(CancellationToken.None);
            byte[] buffer = new byte[1024];
            // HttpClient lets go of its caller's token when it has the headers; a reader brings it along.
            CancellationToken reader = call.Shape == Shape.Handler ? call.Caller : CancellationToken.None;
            while (wanted-- > 0 && await body.ReadAsync(buffer, reader) > 0)
            {
                await LingerAsync(call);
            }
        }
        finally
        {
            if (!LeavesUndone(call))
            {
                response.Dispose();
            }
        }
    }

    private async Task BatchAsync(CallRecord[] calls, CancellationToken token)
    {
        BatchOutcome<CallRecord, int> outcome = await pipeline.WhenAllAsync(calls, TurnAsync, calls[0].Effect, token);
        foreach (ItemOutcome<CallRecord, int> item in outcome.Items)
        {
            item.Item.Exception = item.Exception;
            item.Item.IsLeisurely = true;
            model.Ended(item.Item);
        }
    }

    private CallRecord Open(Shape shape, CallEffect effect, Turn turn, CancellationToken caller, IReadOnlyList<BudgetBook>? budgets = null)
    {
        var call = new CallRecord(++_ids, shape, effect, pipeline.State, turn, time.GetUtcNow(), caller)
        {
            Session = NextSession(shape, effect),
            Budgets = budgets ?? [],
        };
        model.Began(call);
        return call;
    }

    private Attempt Begin(CallRecord call, CancellationToken token)
        => Begin(time)(call, plant is Plant.ShareToken or Plant.CancelStranger ? Pooled(token) : token);

    private CancellationToken Pooled(CancellationToken token)
    {
        if (plant == Plant.CancelStranger || _pooled.Count == 0)
        {
            _pooled.Add(CancellationTokenSource.CreateLinkedTokenSource(token));
        }

        return _pooled[^1].Token;
    }

    private CallEffect NextEffect(Shape shape) => shape switch
    {
        Shape.Keyed => CallEffect.Keyed,
        Shape.Handler => random.Next(2) == 0 ? CallEffect.None : CallEffect.Unknown,
        _ => Effects[random.Next(Effects.Length)],
    };

    // A call inside of another is part of that. Requests that only read name a session and do not wait for it.
    private string? NextSession(Shape shape, CallEffect effect)
        => random.Next(2) == 0
            && (shape is Shape.Plain or Shape.Keyed or Shape.Nested or Shape.Stream || (shape is Shape.Buffered or Shape.Unread or Shape.Handler && effect != CallEffect.None))
                ? $"session-{random.Next(2)}"
                : null;

    private HttpRequestMessage Request(CallRecord call)
    {
        var request = new HttpRequestMessage(call.Effect == CallEffect.None ? HttpMethod.Get : HttpMethod.Post, "http://gateway/v1/chat/completions");
        request.Options.Set(HostileHandler.CallKey, call);
        if (plant != Plant.ForgetSession)
        {
            request.Headers.TryAddWithoutValidation("x-openclaw-session-key", call.Session ?? (request.Method == HttpMethod.Get ? "session-0" : null));
        }

        return request;
    }

    private async Task LingerAsync(CallRecord call)
    {
        if (call.IsLeisurely)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 60_000)), time);
        }
    }

    private bool LeavesUndone(CallRecord call) => call.IsAbandoned = Abandons && random.Next(3) == 0;

    private Task RefuseAsync() => throw new GatewayRejectedException("no reason", RejectionReason.QueueFull);

    private void PlantLeak()
    {
        if (_hasPlanted)
        {
            return;
        }

        _hasPlanted = true;
        if (plant == Plant.LeakTimer)
        {
            time.CreateTimer(static _ => { }, null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        }
        else if (plant == Plant.LeakPermit)
        {
            _ = pipeline.ExecuteAsync(static _ => new TaskCompletionSource<int>().Task);
        }
    }
}
