using System.Net;

namespace OpenClaw.Resilience;

/// <summary>Asks one of a gateway's probe addresses, which cost it nothing.</summary>
internal static class GatewayProbe
{
    // A live gateway answers in milliseconds, a busy one in a few seconds.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>Whether the gateway takes work.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static async Task<bool> IsReadyAsync(GatewayOptions options, Uri address, CancellationToken cancellationToken)
        => (int?)await AskAsync(options, address, cancellationToken).ConfigureAwait(false) is >= 200 and <= 299;

    /// <summary>The status, or null when nobody answered in time.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static async Task<HttpStatusCode?> AskAsync(GatewayOptions options, Uri address, CancellationToken cancellationToken)
    {
        using var deadline = Deadline.After(AnswerLimit, options.TimeProvider, cancellationToken);
        try
        {
            using HttpResponseMessage response = await (options.ProbeClient ?? GatewayHttp.Shared)
                .GetAsync(address, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
            return response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
