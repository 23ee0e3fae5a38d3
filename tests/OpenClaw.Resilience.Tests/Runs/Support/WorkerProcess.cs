using System.Diagnostics;
using OpenClaw.Resilience.RunWorker;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>A process of its own that works on runs; see <c>OpenClaw.Resilience.RunWorker</c>.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private WorkerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public static WorkerProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    public static WorkerProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(EffectLog).Assembly.Location);
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment.Remove("OPENCLAW_ON_IN_DOUBT");
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new WorkerProcess(Process.Start(start)!);
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync();

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>SIGKILL: no handler, no finalizer, no flush of anything in the process.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task ExpectSuccessAsync()
    {
        await _process.WaitForExitAsync();
        Expect(_process.ExitCode == 0, await _errors);
    }

    /// <summary>Waits until it has ended by itself with an error, and returns that.</summary>
    public async Task<string> ExpectFailureAsync()
    {
        await _process.WaitForExitAsync();
        Expect(_process.ExitCode != 0, "The worker ended without an error.");
        return await _errors;
    }

    public async Task<string> FailureAsync() => _process.HasExited ? $"ended with {_process.ExitCode}: {await _errors}" : "is running";

    /// <summary>Stops it in its tracks, or lets it go on, as a debugger or a frozen container would.</summary>
    public void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        kill.WaitForExit();
        Expect(kill.ExitCode == 0, $"Process {Id} could not be sent {signal}.");
    }

    // Not by a test framework: benchmarks use this class too.
    private static void Expect(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
