using System.Collections.Concurrent;

namespace OpenClaw.Resilience;

/// <summary>
/// One attempt of one call, ambient for everything that its callback starts. It tells nested calls from others, and it knows which HTTP
/// requests the callback made: an exception that says "connection refused" says it of the last request only.
/// </summary>
internal sealed class CallFrame(CallScope scope, CallFrame? outer)
{
    private static readonly AsyncLocal<CallFrame?> Ambient = new();
    private int _unexplained;
    private ConcurrentQueue<int>? _errorStatuses;

    /// <summary>The innermost attempt around the current code. To be set where it cannot leak: in an asynchronous method.</summary>
    public static CallFrame? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>
    /// Whether the current code runs inside of a call of this gateway that has not ended. Work that outlives its call is on its own.
    /// </summary>
    public static bool IsInside(GatewayState gateway)
    {
        for (CallFrame? frame = Current; frame is not null; frame = frame.Outer)
        {
            if (frame.Call.Gateway.Lineage == gateway.Lineage && !frame.Call.HasEnded)
            {
                return true;
            }
        }

        return false;
    }

    public CallScope Call => scope;

    /// <summary>Whether a call inside of the attempt ended with a lockout, which is its gateway's and told to it already.</summary>
    public bool InnerWasLockedOut { get; set; }

    private CallFrame? Outer => outer;

    /// <summary>Something was sent that may have effects, unless one of the two methods below explains it.</summary>
    public void StartRequest() => Interlocked.Increment(ref _unexplained);

    /// <summary>The request had no connection, or reads only.</summary>
    public void EndHarmlessly() => Interlocked.Decrement(ref _unexplained);

    /// <summary>The request was answered with an error status.</summary>
    public void EndWithError(int status) => LazyInitializer.EnsureInitialized(ref _errorStatuses).Enqueue(status);

    /// <summary>
    /// Whether the attempt made another request than those that ended in the given failure. False also when nobody could see: the
    /// client does not use the runtime's HTTP stack, or its metrics are switched off.
    /// </summary>
    public bool DidMoreThan(GatewayFailure failure)
    {
        int explained = Volatile.Read(ref _errorStatuses)?.Count(status => status == failure.StatusCode) ?? 0;
        return Volatile.Read(ref _unexplained) > explained;
    }
}
