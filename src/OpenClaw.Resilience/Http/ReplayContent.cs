using System.Net;

namespace OpenClaw.Resilience;

/// <summary>The caller's content within the message of one attempt: tells when it is read, and is not disposed with the message.</summary>
internal sealed class ReplayContent : HttpContent
{
    private readonly HttpContent _source;
    private readonly Action _onRead;

    public ReplayContent(HttpContent source, Action onRead)
    {
        _source = source;
        _onRead = onRead;
        HttpHeadersCopy.Copy(source.Headers, Headers);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _onRead();
        return _source.CopyToAsync(stream, context, cancellationToken);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _onRead();
        _source.CopyTo(stream, context, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        long? known = _source.Headers.ContentLength;
        length = known.GetValueOrDefault();
        return known.HasValue;
    }
}
