using OpenClaw.Resilience.Tests.Support;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience.Chaos;

/// <summary>
/// What a call may do and how it may end, told without looking at how the library does it. Sees everything that callers and gateway see, and
/// collects what must not be.
/// </summary>
internal sealed class Model(VirtualTime time)
{
    private readonly List<string> _violations = [];
    private readonly Dictionary<GatewayState, StateBook> _states = [];
    private readonly Dictionary<CancellationToken, CallRecord> _tokens = [];
    private readonly List<CallRecord> _calls = [];
    private readonly List<BudgetBook> _budgets = [];
    private DateTimeOffset _lockedUntil;

    public IReadOnlyList<string> Violations => _violations;

    public IReadOnlyList<CallRecord> Calls => _calls;

    public void Watch(GatewayState state, CircuitWatch circuit) => _states[state] = new StateBook(circuit);

    public void Began(CallRecord call) => _calls.Add(call);

    /// <summary>An attempt has reached the transport.</summary>
    public void Arrived(Attempt attempt)
    {
        CallRecord call = attempt.Call;
        GatewayState state = call.State;
        if (!_tokens.TryAdd(attempt.Token, call) && _tokens[attempt.Token] != call)
        {
            Violated(call, $"has the same token as {_tokens[attempt.Token]}");
        }

        // With calls inside that came first, lockout and circuit may have begun since the call was let through.
        bool isFresh = attempt.Start == time.GetUtcNow();
        if (state.LockoutRemaining is not null && isFresh)
        {
            Violated(call, "was sent during a lockout");
        }

        if (call.Shape == Shape.Inner)
        {
            if (attempt.Start != call.Start)
            {
                Violated(call, "is nested and has waited");
            }

            return;
        }

        if (state.Circuit == CircuitState.Open && isFresh)
        {
            Violated(call, "was sent through an open circuit");
        }

        if (_calls.Find(other => other != call && IsInSession(other, call.Session)) is { } rival)
        {
            Violated(call, $"was sent while its session was busy with {rival}");
        }

        if (++_states[state].Running > state.Options.MaxConcurrentCalls)
        {
            Violated(call, $"is one of {_states[state].Running} at the same time");
        }
    }

    /// <summary>The transport has answered or failed.</summary>
    public void Left(Attempt attempt)
    {
        if (attempt.Call.Shape != Shape.Inner)
        {
            _states[attempt.Call.State].Running--;
        }

        HearOfLockout(attempt);
    }

    /// <summary>A blocking call has given its thread back.</summary>
    public void LeftThread(CallRecord call)
    {
        if (CallFrame.Current is not null)
        {
            Violated(call, "has left its thread inside of a call");
        }
    }

    /// <summary>The answer of a request says for which one it is.</summary>
    public void Answered(CallRecord call, int id)
    {
        if (id != call.Id)
        {
            Violated(call, $"got the answer of call {id}");
        }
    }

    public CallRecord Find(int id) => _calls.Find(call => call.Id == id)!;

    public void Watch(BudgetBook budget) => _budgets.Add(budget);

    /// <summary>The caller has its result or its exception.</summary>
    public void Ended(CallRecord call)
    {
        call.End = time.GetUtcNow();
        call.Attempts.ForEach(static attempt => attempt.WasCancelledAtEnd = attempt.Token.IsCancellationRequested);
        foreach (BudgetBook budget in call.Budgets)
        {
            budget.Charge(call);
        }

        foreach (string violation in CallRules.Check(call).Concat(CheckRejection(call)))
        {
            Violated(call, violation);
        }
    }

    /// <summary>The gateway has locked out a client with these options.</summary>
    public void HearOfLockout(GatewayOptions options)
    {
        TimeSpan asked = Fault.Locked.Asked.GetValueOrDefault();
        DateTimeOffset until = time.GetUtcNow() + (options.LockoutDuration > asked ? options.LockoutDuration : asked);
        _lockedUntil = until > _lockedUntil ? until : _lockedUntil;
    }

    /// <summary>All callers are done.</summary>
    public void Dead(string message) => _violations.Add($"{message} Open: {string.Join("; ", _calls.Where(static call => call.End is null))}");

    /// <summary>No caller is left, and nothing that the library does for itself either.</summary>
    public void Finish(int timersAtEnd, int openSockets)
    {
        _violations.AddRange(_budgets.SelectMany(static budget => budget.Check()));
        if (openSockets != 0)
        {
            _violations.Add($"{openSockets} sockets are still open");
        }

        foreach (GatewayState state in _states.Keys)
        {
            if (state.FreePermits != state.Options.MaxConcurrentCalls || state.QueuedCalls != 0)
            {
                _violations.Add($"{state.FreePermits} of {state.Options.MaxConcurrentCalls} permits came back, {state.QueuedCalls} calls are queued");
            }
        }

        foreach (SessionQueue sessions in _states.Keys.Select(static state => state.Sessions).Distinct())
        {
            if (sessions.BusySessions != 0 || sessions.WaitingCalls != 0)
            {
                _violations.Add($"{sessions.BusySessions} sessions are busy, {sessions.WaitingCalls} calls wait for theirs");
            }
        }

        if (time.ActiveTimers != 0 || timersAtEnd != 0)
        {
            _violations.Add($"{timersAtEnd} timers were left at the end, {time.ActiveTimers} are for ever");
        }

        foreach (CallRecord call in _calls)
        {
            if (call.OpenSources != 0 && !call.IsAbandoned)
            {
                Violated(call, $"left {call.OpenSources} of its sources open");
            }

            if (call.Attempts.Exists(static attempt => attempt.Token.IsCancellationRequested != attempt.WasCancelledAtEnd) && !call.IsAbandoned)
            {
                Violated(call, "had its token cancelled after its end");
            }
        }
    }

    private void HearOfLockout(Attempt attempt)
    {
        if (attempt.Fault == Fault.Locked)
        {
            HearOfLockout(attempt.Call.State.Options);
        }
    }

    private IEnumerable<string> CheckRejection(CallRecord call)
    {
        // An item of a batch learns of its refusal when the batch ends, by when all may have changed.
        if (call.Exception is not GatewayRejectedException rejected || call.Shape == Shape.BatchItem)
        {
            yield break;
        }

        DateTimeOffset now = time.GetUtcNow();
        GatewayOptions options = call.State.Options;
        switch (rejected.Reason)
        {
            case RejectionReason.Lockout when now >= _lockedUntil:
                yield return "was refused for a lockout that is none";
                break;
            case RejectionReason.CircuitOpen when _states.TryGetValue(call.State, out StateBook? book) && !book.Circuit.WasOpenSince(call.Start):
                yield return "was refused by a circuit that was closed all the time";
                break;
            case RejectionReason.QueueFull when call.Shape == Shape.Inner:
                yield return "is nested and was refused for want of a permit";
                break;
            case RejectionReason.QueueFull when Rivals(call, now) < options.MaxConcurrentCalls + options.MaxQueuedCalls:
                yield return $"was refused by a full queue with {Rivals(call, now)} others";
                break;
            case RejectionReason.SessionQueueFull when call.Session is null:
                yield return "was refused for a session that it did not name";
                break;
            case RejectionReason.SessionQueueFull when _calls.Count(other => other != call && other.Session is not null && (other.End is null || other.End == now || other.IsAbandoned)) <= options.MaxQueuedCalls:
                yield return "was refused by a session's queue that was not full";
                break;
        }
    }

    // A stream that its consumer forgets loses its session when its caller or its limit ends it.
    private bool IsInSession(CallRecord call, string? session)
        => session is not null && call.Session == session && call.Last is { End: null }
            && !(call.CancelledAt <= time.GetUtcNow())
            && (call.State.Options.CallTimeout == Timeout.InfiniteTimeSpan || time.GetUtcNow() < call.Start + call.State.Options.CallTimeout);

    private int Rivals(CallRecord call, DateTimeOffset now) => _calls.Count(other => other != call
        && (other.State == call.State || other.Shape == Shape.BatchItem)
        && (other.End is null || other.End == now || (other.IsAbandoned && now <= other.Start + other.State.Options.CallTimeout)));

    private void Violated(CallRecord call, string what) => _violations.Add($"{call}: {what}");

    private sealed class StateBook(CircuitWatch circuit)
    {
        public CircuitWatch Circuit => circuit;

        public int Running { get; set; }
    }
}
