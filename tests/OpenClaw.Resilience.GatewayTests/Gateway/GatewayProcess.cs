using System.Diagnostics;
using System.Globalization;

namespace OpenClaw.Resilience.GatewayTests.Gateway;

/// <summary>One life of the gateway. Ends with the test program, whatever becomes of that.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const int LogLines = 40;
    private readonly Queue<string> _log = new();
    private readonly Process _process;
    private readonly Process _guard;
    private readonly Task _reading;

    public GatewayProcess(GatewayInstallation installation, GatewayFolder folder)
    {
        var start = new ProcessStartInfo(installation.Node, [installation.Program, "gateway", "run"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Nothing of the machine's own gateway, if there is one, nor of its user's home.
        start.Environment.Clear();
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Path.GetFullPath(installation.Node))}:/usr/bin:/bin";
        start.Environment["HOME"] = folder.Home;
        start.Environment["TMPDIR"] = Path.GetTempPath();
        start.Environment["NO_COLOR"] = "1";
        start.Environment["OPENCLAW_STATE_DIR"] = folder.State;
        start.Environment["OPENCLAW_CONFIG_PATH"] = folder.ConfigurationFile;
        start.Environment["OPENCLAW_SKIP_CHANNELS"] = "1";
        // One process under one id, which is the one to kill.
        start.Environment["OPENCLAW_NO_RESPAWN"] = "1";
        _process = Process.Start(start) ?? throw new InvalidOperationException("The gateway did not start.");
        _guard = StartGuard(_process.Id);
        _process.Exited += (_, _) => _guard.Kill();
        _process.EnableRaisingEvents = true;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines that the gateway has printed.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    /// <summary>SIGKILL: no farewell to anybody.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: the gateway finishes what it is doing, and then ends.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"The gateway could not be told to end: kill says {kill.ExitCode}.");
        }
    }

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        await _guard.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        _guard.Dispose();
    }

    // Its input ends when this program does, even by SIGKILL. It goes with the gateway, so that the id is still the gateway's.
    private static Process StartGuard(int id)
        => Process.Start(new ProcessStartInfo("sh", ["-c", $"read -r end; kill -KILL {id}"]) { RedirectStandardInput = true })
            ?? throw new InvalidOperationException("There is no shell.");

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_log)
            {
                _log.Enqueue(line);
                if (_log.Count > LogLines)
                {
                    _log.Dequeue();
                }
            }
        }
    }
}
