using System.Net;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience;

/// <summary>
/// Tells apart what a green light usually mixes up: whether the gateway is there (<c>live</c>), whether it takes work (<c>ready</c>), and whether
/// this process's calls come back (<c>calls</c>). No probe of a gateway looks at its model provider, and a health check that makes a model call is a
/// turn each time; so the last is read from the calls that were made anyway.
/// </summary>
/// <remarks>
/// Healthy: all three. Degraded: the gateway starts or drains, or the last call failed. Unhealthy: nothing answers, the circuit is open, or this
/// client is locked out. The gateway is asked at <c>/healthz</c> and at <see cref="GatewayOptions.ProbeUri"/>; without that address only the calls count.
/// Register it with <c>services.AddHealthChecks().AddCheck&lt;GatewayHealthCheck&gt;("gateway")</c>.
/// </remarks>
/// <param name="pipeline">The pipeline whose gateway is asked.</param>
public sealed class GatewayHealthCheck(GatewayPipeline pipeline) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        GatewayState gateway = pipeline.State;
        Probe live = Probe.NotAsked;
        Probe ready = Probe.NotAsked;
        if (gateway.Options.ProbeUri is { } probe)
        {
            live = await AskAsync(new Uri(probe, "/healthz"), cancellationToken).ConfigureAwait(false);
            ready = live == Probe.No ? Probe.No : await AskAsync(probe, cancellationToken).ConfigureAwait(false);
        }

        LastCall? last = gateway.LastCall;
        var data = new Dictionary<string, object>
        {
            ["live"] = NameOf(live),
            ["ready"] = NameOf(ready),
            ["calls"] = last is null ? "none yet" : last.Failure is null ? "succeed" : $"fail: {last.Failure}",
            ["circuit"] = gateway.Circuit.ToString(),
        };
        if (last is not null)
        {
            data["last_call"] = last.At;
        }

        (HealthStatus status, string text) = Judge(gateway, live, ready, last);
        // The registration says how bad "unhealthy" is for this program.
        return new HealthCheckResult(
            status == HealthStatus.Unhealthy ? context?.Registration?.FailureStatus ?? status : status, text, exception: null, data);
    }

    private static (HealthStatus Status, string Text) Judge(GatewayState gateway, Probe live, Probe ready, LastCall? last)
    {
        string name = gateway.Options.Name;
        if (gateway.LockoutRemaining is { } lockout)
        {
            return (HealthStatus.Unhealthy, $"Gateway {name} has locked this client out for another {lockout}: check the credential.");
        }

        if (live == Probe.No)
        {
            return (HealthStatus.Unhealthy, $"Gateway {name} does not answer.");
        }

        if (gateway.Circuit is CircuitState.Open or CircuitState.Isolated)
        {
            return (HealthStatus.Unhealthy, $"The circuit of gateway {name} is open: too many calls failed. {last?.Failure?.Advice}".TrimEnd());
        }

        if (ready == Probe.No)
        {
            return (HealthStatus.Degraded, $"Gateway {name} is there and takes no work: it starts or drains.");
        }

        return last?.Failure is { } failure
            ? (HealthStatus.Degraded, $"The last call of gateway {name} failed: {failure}.")
            : (HealthStatus.Healthy, last is null ? $"Nothing is known against gateway {name}; no call was made yet." : $"Gateway {name} answers.");
    }

    private async Task<Probe> AskAsync(Uri address, CancellationToken cancellationToken)
        => await GatewayProbe.AskAsync(pipeline.State.Options, address, cancellationToken).ConfigureAwait(false) == HttpStatusCode.OK ? Probe.Yes : Probe.No;

    private static string NameOf(Probe probe) => probe switch
    {
        Probe.Yes => "yes",
        Probe.No => "no",
        _ => "not asked",
    };

    private enum Probe
    {
        NotAsked,
        Yes,
        No,
    }
}
