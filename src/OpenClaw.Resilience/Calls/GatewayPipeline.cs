using System.Collections.Concurrent;

namespace OpenClaw.Resilience;

/// <summary>
/// Protects the calls to one gateway. Layers, outermost first: deadline, session (<see cref="ForSession"/>), concurrency limit with a bounded
/// queue, retry, circuit breaker, limit of the attempt. Use one pipeline per gateway and process: permits and circuit are its state.
/// </summary>
/// <remarks>
/// A call is sent again only when that is safe (<see cref="CallEffect"/>); the last failure leaves the pipeline as it is, with a
/// <see cref="GatewayFailure"/> attached. A limit that is reached becomes a <see cref="TaskCanceledException"/> around a
/// <see cref="TimeoutException"/>, a refusal a <see cref="GatewayRejectedException"/>. A call inside of a call on the same pipeline (a
/// tool, a sub-agent, a wrapper and what it wraps) is part of it: no second permit, no second retry, no breaker sample. Thread safe.
/// </remarks>
public sealed partial class GatewayPipeline
{
    internal const string DefaultName = "default";
    private static readonly ConcurrentDictionary<string, GatewayPipeline> Named = new(StringComparer.Ordinal);
    private GatewayState? _state;

    /// <summary>Creates a pipeline of its own, for tests and dependency injection.</summary>
    /// <param name="options">The numbers; copied.</param>
    /// <exception cref="ArgumentException">An option is outside of its range.</exception>
    public GatewayPipeline(GatewayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _state = new GatewayState(options);
        CallTelemetry.Watch(this);
    }

    /// <summary>The process's pipeline of the name <c>default</c>, made with <see cref="GatewayOptions.ForOpenClaw"/>.</summary>
    public static GatewayPipeline Shared => For(DefaultName);

    /// <summary>The name of the gateway.</summary>
    public string Name => State.Options.Name;

    internal GatewayState State => _gateway?.State ?? _state!;

    /// <summary>The process's pipeline of a name, made with <see cref="GatewayOptions.ForOpenClaw"/> when it does not exist yet.</summary>
    /// <param name="name">The gateway's name, for example its host. Case matters.</param>
    public static GatewayPipeline For(string name) => For(name, GatewayOptions.ForOpenClaw);

    /// <summary>The process's pipeline of a name.</summary>
    /// <param name="name">The gateway's name, for example its host. Case matters.</param>
    /// <param name="options">Makes the options when the pipeline does not exist yet; whoever comes first decides. The name in them is
    /// replaced by <paramref name="name"/>. May be called more than once under contention; one result is used.</param>
    /// <exception cref="ArgumentException">An option is outside of its range; the next caller tries again.</exception>
    public static GatewayPipeline For(string name, Func<GatewayOptions> options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options);
        return Named.TryGetValue(name, out GatewayPipeline? pipeline) ? pipeline : Named.GetOrAdd(name, Create, options);
    }

    /// <summary>Runs a call whose effects are not known, unless <see cref="GatewayOptions.DefaultEffect"/> says otherwise.</summary>
    /// <typeparam name="T">The result. A <see cref="Stream"/> that cannot seek keeps the permit and has an idle limit until it is
    /// disposed; the content of an <see cref="HttpResponseMessage"/> has an idle limit, but only
    /// <see cref="SendAsync(HttpClient, HttpRequestMessage, CancellationToken)"/> keeps the permit for it. A lazy sequence has left the
    /// call before it is enumerated: it belongs into
    /// <see cref="ExecuteStreamingAsync{T}(Func{CancellationToken, IAsyncEnumerable{T}}, CancellationToken)"/>.</typeparam>
    /// <param name="call">Makes one attempt with the token it is given. The token is cancelled by the caller and by the limits.</param>
    /// <param name="cancellationToken">The caller's token: ends the call, is never retried and never counted as a failure.</param>
    /// <exception cref="GatewayRejectedException">The call was not sent: open circuit, full queue, or lockout.</exception>
    /// <exception cref="TaskCanceledException">The caller cancelled, or a limit was reached (then the inner exception is a
    /// <see cref="TimeoutException"/>).</exception>
    public Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken = default)
        => ExecuteAsync(call, State.Options.DefaultEffect, cancellationToken);

    /// <inheritdoc cref="ExecuteAsync{T}(Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public Task ExecuteAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken = default)
        => ExecuteAsync(call, State.Options.DefaultEffect, cancellationToken);

    /// <summary>Runs a call whose effect is known.</summary>
    /// <param name="call">Makes one attempt with the token it is given. The token is cancelled by the caller and by the limits.</param>
    /// <param name="effect">What the call may have done when its outcome is not known.</param>
    /// <param name="cancellationToken">The caller's token: ends the call, is never retried and never counted as a failure.</param>
    /// <inheritdoc cref="ExecuteAsync{T}(Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public Task<T> ExecuteAsync<T>(Func<CancellationToken, Task<T>> call, CallEffect effect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<T>(cancellationToken)
            : CallRunner.RunAsync(
                new CallScope(State, effect, cancellationToken) { Session = _session, GuardsResult = true },
                static (_, call, token) => Started(call(token)),
                call);
    }

    /// <inheritdoc cref="ExecuteAsync{T}(Func{CancellationToken, Task{T}}, CallEffect, CancellationToken)"/>
    public Task ExecuteAsync(Func<CancellationToken, Task> call, CallEffect effect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled(cancellationToken)
            : CallRunner.RunAsync(new CallScope(State, effect, cancellationToken) { Session = _session }, AttemptAsync, call);

        static async Task<bool> AttemptAsync(CallScope scope, Func<CancellationToken, Task> call, CancellationToken token)
        {
            await Started(call(token)).ConfigureAwait(false);
            return true;
        }
    }

    private static GatewayPipeline Create(string name, Func<GatewayOptions> create)
    {
        GatewayOptions options = (create() ?? throw new InvalidOperationException("The factory of the options returned null.")).Clone();
        options.Name = name;
        return new GatewayPipeline(options);
    }

    private static TTask Started<TTask>(TTask? task)
        where TTask : Task
        => task ?? throw new InvalidOperationException("The call returned null instead of a task.");
}
