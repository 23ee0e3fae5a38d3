using System.Threading.Channels;

namespace OpenClaw.Resilience.Tests.Support;

/// <summary>A network stream whose bytes, end and failure the test feeds by hand; a read waits for them and observes its token.</summary>
internal sealed class FeedStream : Stream
{
    private readonly Channel<byte[]> _chunks = Channel.CreateUnbounded<byte[]>();
    private ReadOnlyMemory<byte> _rest;

    public bool IsDisposed { get; private set; }

    public bool IsDisposedAsynchronously { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public FeedStream Feed(string text)
    {
        Assert.True(_chunks.Writer.TryWrite(System.Text.Encoding.UTF8.GetBytes(text)));
        return this;
    }

    public FeedStream End(Exception? failure = null)
    {
        Assert.True(_chunks.Writer.TryComplete(failure));
        return this;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty)
        {
            try
            {
                _rest = await _chunks.Reader.ReadAsync(cancellationToken);
            }
            catch (ChannelClosedException exception)
            {
                return exception.InnerException is { } failure ? throw failure : 0;
            }
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask DisposeAsync()
    {
        IsDisposedAsynchronously = true;
        return base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
