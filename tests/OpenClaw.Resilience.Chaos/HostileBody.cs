using System.Text;

namespace OpenClaw.Resilience.Chaos;

/// <summary>A chat completion in events that arrives in pieces and may break or lack its end.</summary>
internal sealed class HostileBody(HostileGateway gateway, Attempt attempt, Action onDisposed) : Stream
{
    private static readonly byte[] Piece = Encoding.UTF8.GetBytes("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
    private static readonly byte[] Last = Encoding.UTF8.GetBytes("data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
    private int _index;
    private bool _hasEnded;
    private bool _isDisposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_hasEnded)
        {
            return 0;
        }

        byte[] piece = Piece;
        if (!await gateway.NextPieceAsync(attempt, _index++, cancellationToken))
        {
            _hasEnded = true;
            if (!gateway.IsFinished(attempt))
            {
                return 0;
            }

            piece = Last;
        }

        piece.CopyTo(buffer);
        return piece.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            onDisposed();
        }

        base.Dispose(disposing);
    }
}

/// <summary>The transport under an <see cref="HttpClient"/>.</summary>
internal sealed class HostileHandler(HostileGateway gateway, BeginAttempt begin) : HttpMessageHandler
{
    public static readonly HttpRequestOptionsKey<CallRecord> CallKey = new("call");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(CallKey, out CallRecord? call))
        {
            // The recovery probe.
            return gateway.IsCalm
                ? Task.FromResult(new HttpResponseMessage())
                : Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        }

        return gateway.RespondAsync(begin(call, cancellationToken));
    }
}

/// <summary>Opens the book of another attempt.</summary>
internal delegate Attempt BeginAttempt(CallRecord call, CancellationToken token);
