using System.Net;

namespace OpenClaw.Resilience;

/// <summary>The content of a response under a <see cref="ReadGuard"/>, read as a stream or copied; otherwise like the original.</summary>
internal sealed class GuardedContent : HttpContent
{
    private readonly HttpContent _source;
    private readonly ReadGuard _guard;

    public GuardedContent(HttpContent source, ReadGuard guard)
    {
        _source = source;
        _guard = guard;
        HttpHeadersCopy.Copy(source.Headers, Headers);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        => _guard.CopyAsync(_source, stream, context, cancellationToken);

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        => SerializeToStreamAsync(stream, context, cancellationToken).GetAwaiter().GetResult();

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
        => Guard(await _source.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken)
        => Guard(_source.ReadAsStream(cancellationToken));

    protected override bool TryComputeLength(out long length)
    {
        long? known = _source.Headers.ContentLength;
        length = known.GetValueOrDefault();
        return known.HasValue;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
            _guard.Dispose();
        }

        base.Dispose(disposing);
    }

    // Content that is buffered is seekable, which its readers may rely on, and needs no limit.
    private Stream Guard(Stream stream) => stream.CanSeek && !_guard.OwnsCall ? stream : new GuardedStream(stream, _guard);
}
