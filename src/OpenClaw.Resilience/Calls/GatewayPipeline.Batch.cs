namespace OpenClaw.Resilience;

/// <content>One call for each of many items.</content>
public sealed partial class GatewayPipeline
{
    /// <summary>
    /// Makes one call for each item, as many at the same time as <see cref="GatewayOptions.MaxConcurrentCalls"/> allows, and waits until each has
    /// ended. A failure ends its own call only: the results of the others are kept. Items are taken as permits become free, so their number is
    /// not limited by the queue.
    /// </summary>
    /// <remarks>
    /// When the caller cancels, the calls under way are cancelled, no further ones begin, and what was done by then is returned: look at
    /// <see cref="ItemOutcome{TItem, TResult}.Exception"/>, or read <see cref="BatchOutcome{TItem, TResult}.Results"/>, which throws.
    /// </remarks>
    /// <typeparam name="TItem">What to make a call for.</typeparam>
    /// <typeparam name="TResult">What a call returns.</typeparam>
    /// <param name="items">The items. Enumerated once, by one caller at a time.</param>
    /// <param name="call">Makes one attempt for an item, with the token it is given. Protected like
    /// <see cref="ExecuteAsync{T}(Func{CancellationToken, Task{T}}, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>An outcome for each item, in the order of the items.</returns>
    public Task<BatchOutcome<TItem, TResult>> WhenAllAsync<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, CancellationToken, Task<TResult>> call, CancellationToken cancellationToken = default)
        => WhenAllAsync(items, call, State.Options.DefaultEffect, cancellationToken);

    /// <summary>Makes one call for each item, whose effect is known.</summary>
    /// <param name="items">The items. Enumerated once, by one caller at a time.</param>
    /// <param name="call">Makes one attempt for an item, with the token it is given.</param>
    /// <param name="effect">What a call may have done when its outcome is not known.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <inheritdoc cref="WhenAllAsync{TItem, TResult}(IEnumerable{TItem}, Func{TItem, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public async Task<BatchOutcome<TItem, TResult>> WhenAllAsync<TItem, TResult>(
        IEnumerable<TItem> items,
        Func<TItem, CancellationToken, Task<TResult>> call,
        CallEffect effect,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(call);
        var work = new Queue<(int Index, TItem Item)>(items.Select(static (item, index) => (index, item)));
        var outcomes = new ItemOutcome<TItem, TResult>[work.Count];
        int workers = Math.Min(work.Count, State.Options.MaxConcurrentCalls);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync())).ConfigureAwait(false);
        return new BatchOutcome<TItem, TResult>(outcomes);

        async Task WorkAsync()
        {
            while (TryTake(out (int Index, TItem Item) next))
            {
                outcomes[next.Index] = await SettleAsync(next.Item).ConfigureAwait(false);
            }
        }

        bool TryTake(out (int Index, TItem Item) next)
        {
            lock (work)
            {
                return work.TryDequeue(out next);
            }
        }

        async Task<ItemOutcome<TItem, TResult>> SettleAsync(TItem item)
        {
            try
            {
                return new(item, await ExecuteAsync(token => call(item, token), effect, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception exception)
            {
                return new(item, exception);
            }
        }
    }
}
