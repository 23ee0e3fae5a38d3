using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OpenClaw.Resilience.PostgreSql.Tests.Server;

/// <summary>
/// A PostgreSQL server of one's own, in a temporary folder and on a free loopback port. It starts with the first database that is asked for.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const int LogLines = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("openclaw-postgresql-").FullName;
    private readonly Queue<string> _log = new();
    private PostgreSqlInstallation? _installation;
    private Process? _process;
    private int _databases;

    public int Port { get; } = FreePort();

    private string Data => Path.Combine(_folder, "data");

    /// <summary>A new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        await EnsureRunningAsync();
        string name = $"test_{Interlocked.Increment(ref _databases)}";
        await using NpgsqlConnection connection = ConnectionForOnce();
        await connection.OpenAsync();
        await using NpgsqlCommand command = new($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return name;
    }

    public string ConnectionString(string database, int? port = null) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port ?? Port,
        Username = "tester",
        Database = database,
        MaxPoolSize = 20,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>Ends the server as a crash does: no backend finishes anything, no checkpoint; and starts it again.</summary>
    public async Task CrashAndRestartAsync()
    {
        await EndAsync("QUIT");
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            AppDomain.CurrentDomain.ProcessExit -= EndAtExit;
            // Nobody needs what is in it: no checkpoint.
            await EndAsync("QUIT");
        }

        Directory.Delete(_folder, recursive: true);
    }

    // Not by a test framework: benchmarks use this class too.
    private static void Expect(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task EnsureRunningAsync()
    {
        if (_installation is not null)
        {
            return;
        }

        PostgreSqlInstallation installation = PostgreSqlInstallation.Find() ?? throw new InvalidOperationException(PostgreSqlInstallation.Missing);
        Unprivileged.Give(_folder);
        using Process init = Unprivileged.Start(
            Path.Combine(installation.Programs, "initdb"), "-D", Data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-locale");
        Task<string> output = init.StandardOutput.ReadToEndAsync();
        string errors = await init.StandardError.ReadToEndAsync();
        await init.WaitForExitAsync();
        Expect(init.ExitCode == 0, await output + errors);
        _installation = installation;
        AppDomain.CurrentDomain.ProcessExit += EndAtExit;
        await StartAsync();
    }

    private async Task StartAsync()
    {
        // Without fsync: these tests kill the server and never the machine, and what the server has written to the system stays.
        _process = Unprivileged.Start(
            Path.Combine(_installation!.Programs, "postgres"), "-D", Data, "-k", _folder, "-h", "127.0.0.1",
            "-p", Port.ToString(CultureInfo.InvariantCulture), "-c", "shared_buffers=32MB", "-c", "max_connections=100", "-c", "fsync=off");
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.HoldsAsync(async () => _process.HasExited || await AnswersAsync());
        Expect(!_process.HasExited, "The server did not start:\n" + Log());
    }

    private async Task<bool> AnswersAsync()
    {
        await using NpgsqlConnection connection = ConnectionForOnce();
        try
        {
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>Not from a pool, which could hold connections of the server's earlier life.</summary>
    private NpgsqlConnection ConnectionForOnce() => new(ConnectionString("postgres") + ";Pooling=false");

    private async Task EndAsync(string signal)
    {
        Signal(signal);
        using CancellationTokenSource patience = new(Patience);
        await _process!.WaitForExitAsync(patience.Token);
        _process.Dispose();
        _process = null;
    }

    /// <summary>For a test program that is told to end in between: the server ends with it, and its folder is left to the system.</summary>
    private void EndAtExit(object? sender, EventArgs arguments)
    {
        if (_process is { HasExited: false })
        {
            Signal("QUIT");
        }
    }

    private void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        kill.WaitForExit();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.Enqueue(line.Data ?? "");
            if (_log.Count > LogLines)
            {
                _log.Dequeue();
            }
        }
    }

    private string Log()
    {
        lock (_log)
        {
            return string.Join('\n', _log);
        }
    }
}
