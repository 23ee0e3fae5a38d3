using System.Net.WebSockets;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Clients;

internal sealed class SocketConnect() : ClientUnderTest("ClientWebSocket", "`ConnectAsync` of the pipeline")
{
    private Uri? _address;
    private int _sent;

    public override int Sent => _sent;

    public override string Beginning => "HTTP/1.1 101 Switching";

    public override bool IsHandshake => true;

    public override TimeSpan Limit(GatewayOptions options) => options.HandshakeTimeout;

    public override void PointTo(Uri address) => _address = new UriBuilder(address) { Scheme = "ws" }.Uri;

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
    {
        using ClientWebSocket socket = await pipeline.ConnectAsync(_address!, _ => _sent++, cancellationToken);
        return null;
    }
}

internal sealed class SocketExchange() : ClientUnderTest("ClientWebSocket", "open, in `ExecuteAsync`")
{
    // A text frame of ten bytes of which two come.
    private const string Frame = "\u0001\u000Ahi";

    private Uri? _address;
    private ClientWebSocket? _socket;
    private int _sent;

    public override int Sent => _sent;

    public override bool HasStatus => false;

    public override bool CanRepeat => false;

    public override string Beginning => Frame;

    public override void PointTo(Uri address) => _address = new UriBuilder(address) { Scheme = "ws" }.Uri;

    public override Func<RawExchange, Task> Serve(Func<RawExchange, Task> fail) => async exchange =>
    {
        await exchange.UpgradeAsync();
        await exchange.WaitForDataAsync();
        await fail(exchange);
    };

    public override async Task PrepareAsync(GatewayPipeline pipeline) => _socket = await pipeline.ConnectAsync(_address!);

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
        => await ProtectAsync(pipeline, async token =>
        {
            _sent++;
            await _socket!.SendAsync("hi"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, token);
            byte[] buffer = new byte[100];
            WebSocketReceiveResult result;
            do
            {
                result = await _socket.ReceiveAsync(buffer, token);
            }
            while (!result.EndOfMessage);

            return (object?)null;
        }, cancellationToken);

    protected override void DisposeClient() => _socket?.Dispose();
}
