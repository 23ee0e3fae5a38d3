namespace OpenClaw.Resilience;

/// <summary>
/// How many retries one task may spend over all its calls. While it is entered, each retry of each <see cref="GatewayPipeline"/> in
/// the same asynchronous flow takes one; when none is left, a failure is surfaced instead of retried. Thread safe.
/// </summary>
public sealed class RetryBudget
{
    private static readonly AsyncLocal<Entry?> Ambient = new();
    private readonly object _lock = new();
    private readonly Action? _taken;
    private int _spent;

    /// <summary>Creates a budget.</summary>
    /// <param name="maxRetries">The most retries, 0 or more.</param>
    /// <param name="spent">Those already spent, for a task that is resumed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public RetryBudget(int maxRetries, int spent = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxRetries);
        ArgumentOutOfRangeException.ThrowIfNegative(spent);
        MaxRetries = maxRetries;
        _spent = spent;
    }

    /// <summary>Creates the budget of a run.</summary>
    /// <param name="maxRetries">As above.</param>
    /// <param name="spent">As above.</param>
    /// <param name="taken">Called for each retry that was taken for good, so that it is remembered.</param>
    internal RetryBudget(int maxRetries, int spent, Action taken)
        : this(maxRetries, spent) => _taken = taken;

    /// <summary>The innermost budget of the current asynchronous flow, or null.</summary>
    public static RetryBudget? Current => Ambient.Value?.Budget;

    /// <summary>The most retries.</summary>
    public int MaxRetries { get; }

    /// <summary>The retries spent so far, less those given back.</summary>
    public int Spent
    {
        get
        {
            lock (_lock)
            {
                return _spent;
            }
        }
    }

    /// <summary>The retries that are left, never negative.</summary>
    public int Remaining => Math.Max(0, MaxRetries - Spent);

    /// <summary>
    /// Makes this the innermost budget of the current asynchronous flow until the result is disposed. Budgets nest: a retry inside
    /// takes from all of them. Call it in the method that makes the calls, since what an awaited method enters ends with that method.
    /// </summary>
    public IDisposable Enter()
    {
        var entry = new Entry(this, Ambient.Value);
        Ambient.Value = entry;
        return entry;
    }

    /// <summary>Takes one retry, if one is left.</summary>
    public bool TryTake()
    {
        bool taken = TryReserve();
        if (taken)
        {
            _taken?.Invoke();
        }

        return taken;
    }

    /// <summary>Gives retries back, for example when a step has finished; never more than were spent.</summary>
    /// <param name="retries">How many, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="retries"/> is negative.</exception>
    public void GiveBack(int retries = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retries);
        lock (_lock)
        {
            _spent = Math.Max(0, _spent - retries);
        }
    }

    /// <summary>Takes one retry from each budget of the current flow, or from none.</summary>
    internal static bool TryTakeAmbient()
    {
        Entry? first = Ambient.Value;
        for (Entry? entry = first; entry is not null; entry = entry.Outer)
        {
            if (entry.CountsOnce && !entry.Budget.TryReserve())
            {
                GiveBackUpTo(first, entry);
                return false;
            }
        }

        for (Entry? entry = first; entry is not null; entry = entry.Outer)
        {
            if (entry.CountsOnce)
            {
                entry.Budget._taken?.Invoke();
            }
        }

        return true;
    }

    /// <summary>Takes one retry that may still be given back, because an outer budget has none left.</summary>
    private bool TryReserve()
    {
        lock (_lock)
        {
            if (_spent >= MaxRetries)
            {
                return false;
            }

            _spent++;
            return true;
        }
    }

    private static void GiveBackUpTo(Entry? first, Entry end)
    {
        for (Entry? entry = first; entry != end; entry = entry!.Outer)
        {
            if (entry!.CountsOnce)
            {
                entry.Budget.GiveBack();
            }
        }
    }

    /// <summary>One <see cref="Enter"/>: a link of the chain of budgets around the current flow.</summary>
    private sealed class Entry(RetryBudget budget, Entry? outer) : IDisposable
    {
        public RetryBudget Budget => budget;

        public Entry? Outer => outer;

        /// <summary>Whether this is the outermost entry of its budget: one that was entered twice still pays once.</summary>
        public bool CountsOnce { get; } = !IsEntered(budget, outer);

        public void Dispose()
        {
            if (Ambient.Value == this)
            {
                Ambient.Value = outer;
            }
        }

        private static bool IsEntered(RetryBudget budget, Entry? outer)
        {
            for (Entry? entry = outer; entry is not null; entry = entry.Outer)
            {
                if (entry.Budget == budget)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
