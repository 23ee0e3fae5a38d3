namespace OpenClaw.Resilience;

/// <summary>
/// The target of a copy from a guarded body: each write shows that the body is alive, and the time that the target takes does not count.
/// </summary>
internal sealed class MeteredStream(Stream target, TimeLimit limit, TimeSpan idle, EventStreamWatch? watch) : Stream
{
    /// <summary>Whether an exception came from the target and so says nothing about the gateway.</summary>
    public bool TargetHasFailed { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        limit.Disarm();
        watch?.Append(buffer.Span);
        try
        {
            await target.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            TargetHasFailed = true;
            throw;
        }

        limit.Arm(idle);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        limit.Disarm();
        watch?.Append(buffer.AsSpan(offset, count));
        try
        {
            target.Write(buffer, offset, count);
        }
        catch
        {
            TargetHasFailed = true;
            throw;
        }

        limit.Arm(idle);
    }

    public override void Flush() => target.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
