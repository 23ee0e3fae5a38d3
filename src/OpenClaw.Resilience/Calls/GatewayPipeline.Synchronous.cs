using System.ComponentModel;

namespace OpenClaw.Resilience;

/// <content>Synchronous callers.</content>
public sealed partial class GatewayPipeline
{
    private const string ReturnsTask = "The call returns a task, so nothing would be protected: use ExecuteAsync and await it.";

    /// <summary>
    /// Runs a synchronous call whose effects are not known, unless <see cref="GatewayOptions.DefaultEffect"/> says otherwise. Waits
    /// block the calling thread; prefer <see cref="ExecuteAsync{T}(Func{CancellationToken, Task{T}}, CancellationToken)"/>.
    /// </summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="call">Makes one attempt with the token it is given. A call that ignores the token is not bounded.</param>
    /// <param name="cancellationToken">The caller's token: ends the call, is never retried and never counted as a failure.</param>
    /// <exception cref="GatewayRejectedException">The call was not sent: open circuit, full queue, or lockout.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled, or a limit was reached (then the inner exception is a
    /// <see cref="TimeoutException"/>).</exception>
    public T Execute<T>(Func<CancellationToken, T> call, CancellationToken cancellationToken = default)
        => Execute(call, State.Options.DefaultEffect, cancellationToken);

    /// <inheritdoc cref="Execute{T}(Func{CancellationToken, T}, CancellationToken)"/>
    public void Execute(Action<CancellationToken> call, CancellationToken cancellationToken = default)
        => Execute(call, State.Options.DefaultEffect, cancellationToken);

    /// <summary>Runs a synchronous call whose effect is known.</summary>
    /// <param name="call">Makes one attempt with the token it is given. A call that ignores the token is not bounded.</param>
    /// <param name="effect">What the call may have done when its outcome is not known.</param>
    /// <param name="cancellationToken">The caller's token: ends the call, is never retried and never counted as a failure.</param>
    /// <inheritdoc cref="Execute{T}(Func{CancellationToken, T}, CancellationToken)"/>
    public T Execute<T>(Func<CancellationToken, T> call, CallEffect effect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellationToken.ThrowIfCancellationRequested();
        return CallRunner.Run(
            new CallScope(State, effect, cancellationToken) { IsSynchronous = true, Session = _session, GuardsResult = true },
            static (_, call, token) => call(token),
            call);
    }

    /// <inheritdoc cref="Execute{T}(Func{CancellationToken, T}, CallEffect, CancellationToken)"/>
    public void Execute(Action<CancellationToken> call, CallEffect effect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellationToken.ThrowIfCancellationRequested();
        CallRunner.Run(new CallScope(State, effect, cancellationToken) { IsSynchronous = true, Session = _session }, Attempt, call);

        static bool Attempt(CallScope scope, Action<CancellationToken> call, CancellationToken token)
        {
            call(token);
            return true;
        }
    }

    /// <summary>Does not compile: a task would be returned unprotected. Use ExecuteAsync.</summary>
    /// <param name="call">An asynchronous call.</param>
    /// <param name="cancellationToken">Not used.</param>
    [Obsolete(ReturnsTask, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Execute(Func<CancellationToken, Task> call, CancellationToken cancellationToken = default)
        => throw new NotSupportedException(ReturnsTask);

    /// <inheritdoc cref="Execute(Func{CancellationToken, Task}, CancellationToken)"/>
    [Obsolete(ReturnsTask, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public T Execute<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken = default)
        => throw new NotSupportedException(ReturnsTask);

    /// <inheritdoc cref="Execute(Func{CancellationToken, Task}, CancellationToken)"/>
    [Obsolete(ReturnsTask, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Execute(Func<CancellationToken, ValueTask> call, CancellationToken cancellationToken = default)
        => throw new NotSupportedException(ReturnsTask);

    /// <inheritdoc cref="Execute(Func{CancellationToken, Task}, CancellationToken)"/>
    [Obsolete(ReturnsTask, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public T Execute<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken = default)
        => throw new NotSupportedException(ReturnsTask);

    /// <inheritdoc cref="Execute(Func{CancellationToken, Task}, CancellationToken)"/>
    /// <param name="call">An asynchronous call.</param>
    /// <param name="effect">Not used.</param>
    /// <param name="cancellationToken">Not used.</param>
    [Obsolete(ReturnsTask, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Execute(Func<CancellationToken, Task> call, CallEffect effect, CancellationToken cancellationToken = default)
        => throw new NotSupportedException(ReturnsTask);

    /// <inheritdoc cref="Execute(Func{CancellationToken, Task}, CallEffect, CancellationToken)"/>
    [Obsolete(ReturnsTask, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public T Execute<T>(Func<CancellationToken, Task<T>> call, CallEffect effect, CancellationToken cancellationToken = default)
        => throw new NotSupportedException(ReturnsTask);

    /// <inheritdoc cref="Execute(Func{CancellationToken, Task}, CallEffect, CancellationToken)"/>
    [Obsolete(ReturnsTask, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Execute(Func<CancellationToken, ValueTask> call, CallEffect effect, CancellationToken cancellationToken = default)
        => throw new NotSupportedException(ReturnsTask);

    /// <inheritdoc cref="Execute(Func{CancellationToken, Task}, CallEffect, CancellationToken)"/>
    [Obsolete(ReturnsTask, error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public T Execute<T>(Func<CancellationToken, ValueTask<T>> call, CallEffect effect, CancellationToken cancellationToken = default)
        => throw new NotSupportedException(ReturnsTask);
}
