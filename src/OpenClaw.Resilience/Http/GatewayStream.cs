using System.Diagnostics.CodeAnalysis;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;

namespace OpenClaw.Resilience;

/// <summary>Reads a streamed answer by hand, for programs without a client library: one that is cut does not look complete.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "What it reads is a stream.")]
public static class GatewayStream
{
    private static readonly GatewayOptions Defaults = new();

    /// <summary>
    /// Reads the server-sent events of a chat, responses or messages stream. The text <c>[DONE]</c> ends it and is not handed out.
    /// </summary>
    /// <remarks>
    /// A good end is <c>[DONE]</c> after a finish reason, <c>response.completed</c> or <c>response.incomplete</c>, or <c>message_stop</c>.
    /// HTTP 200 and the end of the bytes prove nothing: a gateway that crashes leaves a short answer, and one whose turn has failed sends
    /// an error event with status 200. Comments count as signs of life.
    /// </remarks>
    /// <param name="stream">The content of the answer. Not disposed.</param>
    /// <param name="cancellationToken">Ends the reading; the one of <c>WithCancellation</c> counts as well.</param>
    /// <returns>The events but the last text, each as <see cref="SseItem{T}.Data"/> and <see cref="SseItem{T}.EventType"/>.</returns>
    /// <exception cref="HttpIOException">The stream ended early, or an event reports a failure; <see cref="GatewayFailure.TryGet"/> tells
    /// which. The events before it have been handed out.</exception>
    /// <exception cref="TaskCanceledException">The caller cancelled, or nothing came for <see cref="GatewayOptions.IdleTimeout"/>, by
    /// default 10 min (then the inner exception is a <see cref="TimeoutException"/>).</exception>
    public static IAsyncEnumerable<SseItem<string>> ReadEventsAsync(Stream stream, CancellationToken cancellationToken = default)
        => ReadEventsAsync(stream, Defaults, cancellationToken);

    /// <inheritdoc cref="ReadEventsAsync(Stream, CancellationToken)"/>
    /// <param name="stream">The content of the answer. Not disposed.</param>
    /// <param name="options">Whose <see cref="GatewayOptions.IdleTimeout"/>, <see cref="GatewayOptions.Gateway"/>,
    /// <see cref="GatewayOptions.Name"/> and <see cref="GatewayOptions.TimeProvider"/> count.</param>
    /// <param name="cancellationToken">Ends the reading; the one of <c>WithCancellation</c> counts as well.</param>
    /// <exception cref="ArgumentException">An option is outside of its range.</exception>
    public static IAsyncEnumerable<SseItem<string>> ReadEventsAsync(
        Stream stream, GatewayOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return EnumerateAsync(stream, options, cancellationToken);
    }

    private static async IAsyncEnumerable<SseItem<string>> EnumerateAsync(
        Stream stream, GatewayOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The watch sees the bytes before the parser does: it throws for a bad end when the parser asks for more.
        EventStreamWatch watch = EventStreamWatch.Create(options);
        using var guard = new ReadGuard(options, call: null, watch, cancellationToken);
        SseParser<string?> parser = SseParser.Create(new GuardedStream(stream, guard), ReadData);
        await foreach (SseItem<string?> item in parser.EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            if (item.Data is not { } data)
            {
                yield break;
            }

            yield return new SseItem<string>(data, item.EventType) { EventId = item.EventId, ReconnectionInterval = item.ReconnectionInterval };
        }

        if (watch.FindCutEvent() is { } failure)
        {
            throw failure;
        }

        string? ReadData(string name, ReadOnlySpan<byte> data)
        {
            if (EventStreamWatch.IsError(name, data))
            {
                throw watch.FindFailure()!;
            }

            return EventStreamWatch.IsDone(data) ? null : Encoding.UTF8.GetString(data);
        }
    }
}
