using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenClaw.Demo;

/// <summary>How one start of the agent ended.</summary>
/// <param name="Report">What it reported; null when it did not get that far.</param>
/// <param name="Failure">What it said before it failed.</param>
/// <param name="WasKilled">Whether the demo killed it, by schedule or because it hung.</param>
internal sealed record Life(string? Report, string? Failure, bool WasKilled);

/// <summary>One start of the research agent.</summary>
internal sealed partial class AgentProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<int> _acknowledged = [];
    private readonly TaskCompletionSource _faultStepReached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _report;
    private string? _failure;

    public AgentProcess(string program, IScenarioGateway gateway, string runsDirectory, bool runAgain)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(program);
        start.ArgumentList.Add(gateway.Topic);
        start.Environment["OPENCLAW_GATEWAY_URL"] = gateway.Address.ToString();
        start.Environment["OPENCLAW_GATEWAY_TOKEN"] = gateway.Token;
        start.Environment["OPENCLAW_RUNS_DIRECTORY"] = runsDirectory;
        if (runAgain)
        {
            start.Environment["OPENCLAW_ON_IN_DOUBT"] = "RunAgain";
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("The agent did not start.");
    }

    /// <summary>The steps that the agent said were done.</summary>
    public IReadOnlyList<int> Acknowledged => _acknowledged;

    /// <summary>Completes when the step before the fault's has been acknowledged.</summary>
    public Task FaultStepReached => _faultStepReached.Task;

    /// <summary>Waits for the end; an agent that takes longer than the limit hangs and is killed.</summary>
    public async Task<Life> WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Task reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        bool hung = false;
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException)
        {
            hung = true;
            Kill();
        }

        await reading;
        return new Life(_report, hung ? $"hung for {limit.TotalSeconds:0} s" : _failure, hung || _process.ExitCode > 128);
    }

    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    [GeneratedRegex(@"^step (\d+) done")]
    private static partial Regex DonePattern();

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (DonePattern().Match(line) is { Success: true } done)
            {
                int step = int.Parse(done.Groups[1].Value, CultureInfo.InvariantCulture);
                _acknowledged.Add(step);
                if (step == Schedule.Step - 1)
                {
                    _faultStepReached.TrySetResult();
                }
            }
            else if (line.StartsWith("report: ", StringComparison.Ordinal))
            {
                _report = line["report: ".Length..];
            }
            else if (line.StartsWith("failed: ", StringComparison.Ordinal))
            {
                _failure = line["failed: ".Length..];
            }
        }
    }
}
