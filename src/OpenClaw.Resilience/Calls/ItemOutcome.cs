using System.Runtime.ExceptionServices;

namespace OpenClaw.Resilience;

/// <summary>What became of one call of a batch.</summary>
/// <typeparam name="TItem">What the call was made for.</typeparam>
/// <typeparam name="TResult">What the call returns.</typeparam>
public sealed class ItemOutcome<TItem, TResult>
{
    private readonly TResult? _result;

    internal ItemOutcome(TItem item, TResult result) => (Item, _result) = (item, result);

    internal ItemOutcome(TItem item, Exception exception) => (Item, Exception) = (item, exception);

    /// <summary>What the call was made for.</summary>
    public TItem Item { get; }

    /// <summary>Why there is no result; null when there is one. <see cref="GatewayFailure.Classify(Exception, GatewayKind, CancellationToken)"/> explains it.</summary>
    public Exception? Exception { get; }

    /// <summary>Whether there is a result.</summary>
    public bool IsSuccess => Exception is null;

    /// <summary>The result. Throws the call's own exception when there is none.</summary>
    public TResult Result
    {
        get
        {
            if (Exception is not null)
            {
                ExceptionDispatchInfo.Throw(Exception);
            }

            return _result!;
        }
    }
}
