using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace OpenClaw.Resilience;

/// <summary>
/// Ends runs between two steps. When the process is about to end, no further step starts, those that are running finish and are stored, and the runs are
/// given back. While the gateway is away, no further step starts until it is back.
/// </summary>
/// <remarks>
/// <para>In a host, <c>services.AddOpenClawDrain()</c> registers it; it drains before the host cancels any <c>stoppingToken</c>, so that a step in
/// flight isn't cut off. The host waits as long as <c>HostOptions.ShutdownTimeout</c>, which is 30 s unless raised: make it as long as a step may
/// take, and the supervisor's stop time-out longer than that.</para>
/// <para>Elsewhere <see cref="ListenToSignals"/> does it on SIGTERM and Ctrl-C.</para>
/// </remarks>
/// <example>
/// <code>
/// var options = new AgentRunOptions { Drain = coordinator };
/// await AgentRun.RunAsync(RunId.From("research", topic), (run, ct) => ResearchAsync(run, topic, ct), options, stoppingToken);
/// </code>
/// </example>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and holds nothing; a step may look at its token for as long as it runs.")]
public sealed class DrainCoordinator : IHostedLifecycleService
{
    /// <summary>The longest time for which steps are held back while the gateway is away: 5 min, as long as a gateway drains before it
    /// restarts.</summary>
    public static readonly TimeSpan DefaultMaxGatewayAbsence = TimeSpan.FromMinutes(5);

    private readonly object _lock = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly GatewayAbsence _absence;
    private TaskCompletionSource? _idle;
    private int _runs;

    /// <summary>Creates a coordinator for runs that call the gateway of <see cref="GatewayPipeline.Shared"/>.</summary>
    public DrainCoordinator()
        : this(GatewayPipeline.Shared)
    {
    }

    /// <summary>Creates a coordinator.</summary>
    /// <param name="pipeline">The gateway that the steps call. Its <see cref="GatewayOptions.ProbeUri"/> tells when it is back; without one, steps are
    /// held back for as long as the gateway asked, or for one <see cref="GatewayOptions.ProbeInterval"/>.</param>
    /// <param name="maxGatewayAbsence">The longest time for which steps are held back; then they find out for themselves. Default:
    /// <see cref="DefaultMaxGatewayAbsence"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public DrainCoordinator(GatewayPipeline pipeline, TimeSpan? maxGatewayAbsence = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        TimeSpan longest = maxGatewayAbsence ?? DefaultMaxGatewayAbsence;
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, TimeSpan.Zero, nameof(maxGatewayAbsence));
        _absence = new GatewayAbsence(pipeline, longest);
    }

    /// <summary>Cancelled when the process is about to end.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>Starts no further step from now on: their runs get <see cref="RunDrainedException"/>.</summary>
    public void Drain() => _draining.Cancel();

    /// <summary>Starts no further step and waits until all runs were given back.</summary>
    /// <param name="cancellationToken">Ends the wait, not the drain.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled while runs were still held.</exception>
    public Task DrainAsync(CancellationToken cancellationToken = default)
    {
        Drain();
        lock (_lock)
        {
            if (_runs == 0)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Drains on SIGTERM, SIGINT (Ctrl-C) and SIGQUIT instead of letting them end the process, until the result is disposed of. The program then ends by
    /// itself, with the exception that its runs get. For programs without a host, which has a handler of its own.
    /// </summary>
    public IDisposable ListenToSignals() => new Signals(this);

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before the host cancels the tokens of its background services: a step that is cancelled may be in doubt.
    async Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken)
        => await DrainAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A run is opened.</summary>
    internal void Enter()
    {
        lock (_lock)
        {
            _runs++;
        }
    }

    /// <summary>A run was given back.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            if (--_runs == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    /// <summary>A step has failed.</summary>
    internal void Observe(Exception exception) => _absence.Observe(exception);

    /// <summary>Waits until a step may start.</summary>
    /// <exception cref="RunDrainedException">None may any more.</exception>
    internal async Task AdmitAsync(RunId run, string what, CancellationToken cancellationToken)
    {
        ThrowIfDraining(run, what);
        if (_absence.End is { IsCompleted: false } end)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Draining);
            await end.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfDraining(run, what);
        }
    }

    private void ThrowIfDraining(RunId run, string what)
    {
        if (Draining.IsCancellationRequested)
        {
            throw new RunDrainedException($"{what} of run '{run}' was not started: the process is about to end. Resume the run in the next one.", Draining);
        }
    }

    private sealed class Signals(DrainCoordinator coordinator) : IDisposable
    {
        private readonly PosixSignalRegistration[] _registrations =
        [
            .. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                coordinator.Drain();
            })),
        ];

        public void Dispose()
        {
            foreach (PosixSignalRegistration registration in _registrations)
            {
                registration.Dispose();
            }
        }
    }
}
