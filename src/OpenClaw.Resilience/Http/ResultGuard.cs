using System.Net;

namespace OpenClaw.Resilience;

/// <summary>Gives results that outlive their call a limit that does so too.</summary>
internal static class ResultGuard
{
    /// <summary>For calls whose transport is not seen.</summary>
    public static T Guard<T>(CallScope call, T result)
    {
        if (typeof(T) == typeof(Stream) && result is Stream { CanSeek: false } stream)
        {
            return (T)(object)new GuardedStream(stream, Own(call, watch: null));
        }

        // Whether the content is buffered cannot be seen, and a buffered response is rarely disposed: it must not hold a permit.
        if (result is HttpResponseMessage response)
        {
            response.Content = new GuardedContent(response.Content, Unowned(call));
        }

        return result;
    }

    /// <summary>For a response whose content is known to be unread.</summary>
    public static HttpResponseMessage GuardUnread(CallScope call, HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0)
        {
            return response;
        }

        // A failed response may still be followed by another attempt, so the call stays with the pipeline.
        ReadGuard guard = (int)response.StatusCode >= 400
            ? Unowned(call)
            : Own(call, EventStreamWatch.TryCreate(response, call.Gateway.Options));
        response.Content = new GuardedContent(response.Content, guard);
        return response;
    }

    private static ReadGuard Unowned(CallScope call) => new(call.Gateway.Options, call: null, watch: null, call.CallerToken);

    private static ReadGuard Own(CallScope call, EventStreamWatch? watch)
    {
        call.Detach();
        return new ReadGuard(call.Gateway.Options, call, watch, call.CallerToken);
    }
}
