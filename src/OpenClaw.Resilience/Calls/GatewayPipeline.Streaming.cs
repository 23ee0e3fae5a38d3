using System.Runtime.CompilerServices;

namespace OpenClaw.Resilience;

/// <content>Streams of elements.</content>
public sealed partial class GatewayPipeline
{
    /// <summary>
    /// Runs a streaming call whose effects are not known, unless <see cref="GatewayOptions.DefaultEffect"/> says otherwise. Each
    /// enumeration is a call of its own.
    /// </summary>
    /// <remarks>
    /// Retried only until the first element was handed out. The first element has <see cref="GatewayOptions.FirstByteTimeout"/>, each
    /// further one <see cref="GatewayOptions.IdleTimeout"/>, in which the consumer's time does not count. The permit is held until the
    /// stream ends or is disposed, which also cancels the call: a call on the same pipeline from the body of the loop needs a second one.
    /// A chat of the OpenAI library must have had a <c>FinishReason</c> when the stream ends, a message of the Anthropic library its
    /// <c>message_stop</c>, both also behind an adapter; otherwise the end is an <see cref="HttpIOException"/>. The OpenAI library hides the error
    /// events by which a gateway reports a failed turn, and both take a connection that was closed for the end. Other streams that end early
    /// without an exception cannot be told from complete ones here.
    /// </remarks>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="call">Starts one attempt with the token it is given.</param>
    /// <param name="cancellationToken">The caller's token; the one of <c>WithCancellation</c> counts as well.</param>
    public IAsyncEnumerable<T> ExecuteStreamingAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> call, CancellationToken cancellationToken = default)
        => ExecuteStreamingAsync(call, State.Options.DefaultEffect, cancellationToken);

    /// <summary>Runs a streaming call whose effect is known.</summary>
    /// <param name="call">Starts one attempt with the token it is given.</param>
    /// <param name="effect">What the call may have done when its outcome is not known.</param>
    /// <param name="cancellationToken">The caller's token; the one of <c>WithCancellation</c> counts as well.</param>
    /// <inheritdoc cref="ExecuteStreamingAsync{T}(Func{CancellationToken, IAsyncEnumerable{T}}, CancellationToken)"/>
    public IAsyncEnumerable<T> ExecuteStreamingAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> call, CallEffect effect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return EnumerateAsync(call, effect, cancellationToken);
    }

    /// <summary>
    /// Runs a synchronous streaming call; otherwise as
    /// <see cref="ExecuteStreamingAsync{T}(Func{CancellationToken, IAsyncEnumerable{T}}, CancellationToken)"/>. The limits end a read that
    /// observes the token; one that blocks without looking at it cannot be ended.
    /// </summary>
    /// <typeparam name="T">The elements.</typeparam>
    /// <param name="call">Starts one attempt with the token it is given.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public IEnumerable<T> ExecuteStreaming<T>(Func<CancellationToken, IEnumerable<T>> call, CancellationToken cancellationToken = default)
        => ExecuteStreaming(call, State.Options.DefaultEffect, cancellationToken);

    /// <summary>Runs a synchronous streaming call whose effect is known.</summary>
    /// <param name="call">Starts one attempt with the token it is given.</param>
    /// <param name="effect">What the call may have done when its outcome is not known.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <inheritdoc cref="ExecuteStreaming{T}(Func{CancellationToken, IEnumerable{T}}, CancellationToken)"/>
    public IEnumerable<T> ExecuteStreaming<T>(
        Func<CancellationToken, IEnumerable<T>> call, CallEffect effect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Enumerate(call, effect, cancellationToken);
    }

    private async IAsyncEnumerable<T> EnumerateAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> call, CallEffect effect, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var scope = new CallScope(State, effect, cancellationToken) { Streams = true, Session = _session };
        AsyncElements<T> elements = await CallRunner.RunAsync(scope, AsyncElements<T>.OpenAsync, call).ConfigureAwait(false);
        await using (elements.ConfigureAwait(false))
        {
            while (await elements.MoveNextAsync().ConfigureAwait(false))
            {
                yield return elements.Current;
            }
        }
    }

    private IEnumerable<T> Enumerate<T>(
        Func<CancellationToken, IEnumerable<T>> call, CallEffect effect, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var scope = new CallScope(State, effect, cancellationToken) { Streams = true, IsSynchronous = true, Session = _session };
        using Elements<T> elements = CallRunner.Run(scope, Elements<T>.Open, call);
        while (elements.MoveNext())
        {
            yield return elements.Current;
        }
    }
}
