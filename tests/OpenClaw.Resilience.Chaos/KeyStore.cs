namespace OpenClaw.Resilience.Chaos;

/// <summary>The idempotency keys of a gateway: in the memory of its process, for five minutes.</summary>
internal sealed class KeyStore
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);
    private readonly Dictionary<Turn, (string Life, DateTimeOffset At)> _keys = [];

    /// <summary>Whether the turn is to run, or has begun to before. Remembers it.</summary>
    public bool IsNew(Turn turn, string life, DateTimeOffset at)
    {
        if (_keys.TryGetValue(turn, out (string Life, DateTimeOffset At) first) && first.Life == life && at - first.At < Memory)
        {
            return false;
        }

        _keys[turn] = (life, at);
        return true;
    }
}
