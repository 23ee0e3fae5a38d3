using Microsoft.Extensions.Logging;

namespace OpenClaw.Resilience.Tests.Support;

/// <summary>Keeps what is logged, each message with its level and number.</summary>
internal sealed class LogRecorder : ILoggerFactory, ILogger, ILoggerProvider
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Called with each line, on the thread that logs.</summary>
    public Action<string>? OnLine { get; set; }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = $"{logLevel} {eventId.Id}: {formatter(state, exception)}";
        lock (_lines)
        {
            _lines.Add(line);
        }

        OnLine?.Invoke(line);
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
