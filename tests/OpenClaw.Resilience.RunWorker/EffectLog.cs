using System.Text;

namespace OpenClaw.Resilience.RunWorker;

/// <summary>
/// What steps did and what was acknowledged, a line each, in the page cache before the next thing happens: <c>kill -9</c> loses none of it.
/// </summary>
public sealed class EffectLog(string path) : IDisposable
{
    private readonly object _lock = new();
    private readonly FileStream _stream = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    /// <summary>E executed, A acknowledged, D in doubt, C complete.</summary>
    public void Write(string what, int generation, string step, string value)
    {
        byte[] line = Encoding.UTF8.GetBytes($"{what}\t{generation}\t{step}\t{value}\n");
        lock (_lock)
        {
            // Another process may have written since; only the holder of the run writes.
            _stream.Seek(0, SeekOrigin.End);
            _stream.Write(line);
        }
    }

    public void Dispose() => _stream.Dispose();
}
