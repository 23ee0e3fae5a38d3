using System.Runtime.ExceptionServices;

namespace OpenClaw.Resilience;

/// <summary>What became of the calls of a batch.</summary>
/// <typeparam name="TItem">What calls were made for.</typeparam>
/// <typeparam name="TResult">What a call returns.</typeparam>
public sealed class BatchOutcome<TItem, TResult>
{
    internal BatchOutcome(IReadOnlyList<ItemOutcome<TItem, TResult>> items) => Items = items;

    /// <summary>One outcome for each item, in their order.</summary>
    public IReadOnlyList<ItemOutcome<TItem, TResult>> Items { get; }

    /// <summary>The outcomes of the calls that failed or were cancelled.</summary>
    public IEnumerable<ItemOutcome<TItem, TResult>> Failures => Items.Where(static item => !item.IsSuccess);

    /// <summary>All results, in the order of the items.</summary>
    /// <exception cref="AggregateException">Several calls failed. A single failure is thrown as it is.</exception>
    public IReadOnlyList<TResult> Results
    {
        get
        {
            Exception[] exceptions = [.. Failures.Select(static item => item.Exception!)];
            if (exceptions.Length == 1)
            {
                ExceptionDispatchInfo.Throw(exceptions[0]);
            }

            return exceptions.Length == 0
                ? [.. Items.Select(static item => item.Result)]
                : throw new AggregateException($"{exceptions.Length} of {Items.Count} calls failed.", exceptions);
        }
    }
}
