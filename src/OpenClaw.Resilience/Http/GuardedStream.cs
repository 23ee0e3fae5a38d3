namespace OpenClaw.Resilience;

/// <summary>A network stream under a <see cref="ReadGuard"/>. Writing, where the stream can, passes through.</summary>
internal sealed class GuardedStream(Stream source, ReadGuard guard) : Stream
{
    public override bool CanRead => source.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => source.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => guard.ReadAsync(source, buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => guard.ReadAsync(source, buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // A blocking read cannot be ended by a token, an asynchronous one can; nothing on the way returns to a captured context.
    public override int Read(byte[] buffer, int offset, int count)
        => guard.ReadAsync(source, buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => source.Write(buffer, offset, count);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => source.WriteAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => source.WriteAsync(buffer, cancellationToken);

    public override void Flush() => source.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => source.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            guard.Dispose();
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        try
        {
            if (disposing)
            {
                source.Dispose();
            }
        }
        finally
        {
            if (disposing)
            {
                guard.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
