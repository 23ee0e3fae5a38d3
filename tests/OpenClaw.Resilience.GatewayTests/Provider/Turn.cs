namespace OpenClaw.Resilience.GatewayTests.Provider;

/// <summary>One prompt of a test: what the model does when it is asked, and how often it was. Nothing is shared between tests.</summary>
internal sealed class Turn
{
    private readonly object _lock = new();
    private readonly Reply[] _script;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private int _resumed;
    private int _active;
    private int _mostActive;
    private int _abandoned;

    /// <param name="script">What each call gets; the last one goes on for ever.</param>
    public Turn(Reply[] script) => _script = script;

    /// <summary>What the test sends. Long enough to be found in the gateway's prompt of 60 KB.</summary>
    public string Prompt { get; } = $"turn-{Guid.NewGuid():N}";

    public string Answer => $"The answer to {Prompt} is yes.";

    /// <summary>What the model says when it is asked again and does not repeat itself.</summary>
    public string OtherAnswer => $"Yes, says another answer to {Prompt}.";

    /// <summary>How often the model was asked.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Those of <see cref="Calls"/> that a restarted gateway made by itself, to go on with what it had been doing.</summary>
    public int Resumed => Volatile.Read(ref _resumed);

    public int Active => Volatile.Read(ref _active);

    public int MostActive => Volatile.Read(ref _mostActive);

    /// <summary>Those of <see cref="Calls"/> whose connection the gateway has closed before the end.</summary>
    public int Abandoned => Volatile.Read(ref _abandoned);

    /// <summary>Completes when the model is asked for the first time.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Completes at <see cref="Release"/>.</summary>
    public Task Released => _released.Task;

    /// <summary>Lets held replies go on.</summary>
    public void Release() => _released.TrySetResult();

    public Reply Begin(bool isResumed)
    {
        lock (_lock)
        {
            _calls++;
            _active++;
            _resumed += isResumed ? 1 : 0;
            _mostActive = Math.Max(_mostActive, _active);
            _asked.TrySetResult();
            return _script[Math.Min(_calls, _script.Length) - 1];
        }
    }

    public void End(bool isAbandoned)
    {
        lock (_lock)
        {
            _active--;
            _abandoned += isAbandoned ? 1 : 0;
        }
    }
}
