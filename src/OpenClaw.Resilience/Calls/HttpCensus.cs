using System.Diagnostics.Metrics;

namespace OpenClaw.Resilience;

/// <summary>
/// Counts the HTTP requests of each attempt, by listening to the runtime's own metrics, which are reported within the asynchronous flow
/// of the request. So a callback that makes several requests (an agent with tools) is known to have done something before the last of
/// them was refused, whatever library it uses.
/// </summary>
internal static class HttpCensus
{
    private const string MeterName = "System.Net.Http";
    private const string ActiveRequests = "http.client.active_requests";
    private const string RequestDuration = "http.client.request.duration";
    private const int SwitchingProtocols = 101;
    private static readonly MeterListener Listener = Listen();

    /// <summary>Starts counting; further calls do nothing.</summary>
    public static void Start() => _ = Listener;

    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == MeterName && instrument.Name is ActiveRequests or RequestDuration)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, change, _, _) =>
        {
            if (change > 0)
            {
                CallFrame.Current?.StartRequest();
            }
        });
        listener.SetMeasurementEventCallback<double>(static (_, _, tags, _) =>
        {
            if (CallFrame.Current is { } frame)
            {
                End(frame, tags);
            }
        });
        listener.Start();
        return listener;
    }

    private static void End(CallFrame frame, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? method = null;
        string? error = null;
        int status = 0;
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            switch (tag.Key)
            {
                case "http.request.method":
                    method = tag.Value as string;
                    break;
                case "http.response.status_code":
                    status = tag.Value as int? ?? 0;
                    break;
                case "error.type":
                    error = tag.Value as string;
                    break;
            }
        }

        // A GET that was upgraded to a WebSocket can carry anything.
        if (IsNotConnected(error) || (method is "GET" or "HEAD" or "OPTIONS" && status != SwitchingProtocols))
        {
            frame.EndHarmlessly();
        }
        else if (status >= 400)
        {
            frame.EndWithError(status);
        }
    }

    private static bool IsNotConnected(string? error)
        => error is "connection_error" or "name_resolution_error" or "secure_connection_error" or "proxy_tunnel_error";
}
