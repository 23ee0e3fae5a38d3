namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>How many steps were executed so far, by an effect log that grows: each look reads only what is new.</summary>
internal sealed class EffectLogTail(string path) : IDisposable
{
    private readonly FileStream _stream = new(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
    private readonly byte[] _buffer = new byte[1 << 16];
    private bool _isLineStart = true;
    private int _executions;

    public int Executions()
    {
        while (_stream.Read(_buffer) is > 0 and var count)
        {
            foreach (byte next in _buffer.AsSpan(0, count))
            {
                _executions += _isLineStart && next == 'E' ? 1 : 0;
                _isLineStart = next == '\n';
            }
        }

        return _executions;
    }

    public void Dispose() => _stream.Dispose();
}
