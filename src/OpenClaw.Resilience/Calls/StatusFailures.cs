using static OpenClaw.Resilience.FailureClass;
using static OpenClaw.Resilience.FailureKind;
using static OpenClaw.Resilience.Ran;

namespace OpenClaw.Resilience;

/// <summary>What an HTTP status and the error in its body mean. The first row that matches decides.</summary>
internal static class StatusFailures
{
    // From and to status; type or code in the body; text in the body (null matches anything); conclusion.
    private static readonly Row[] Rows =
    [
        new(400, 599, "gateway_unavailable", null, new(Transient, Infrastructure, No, Advice.Draining)),
        // Before mid-2026 a drain came as a bare 500 or as an overload.
        new(500, 503, null, "Gateway is draining", new(Transient, Infrastructure, No, Advice.Draining)),

        new(400, 400, null, ErrorText.ContextOverflow, new(Permanent, Agent, NotAtProvider, Advice.Compact)),
        new(413, 413, null, ErrorText.ContextOverflow, new(Permanent, Agent, NotAtProvider, Advice.Compact)),
        new(401, 401, "unauthorized", null, new(Permanent, Infrastructure, No, Advice.GatewayToken)),
        new(401, 401, "authentication_error", null, new(Permanent, Infrastructure, NotAtProvider, Advice.ProviderKey)),
        new(401, 401, null, null, new(Permanent, Infrastructure, NotAtProvider, Advice.Credential)),
        new(402, 402, null, null, new(Permanent, Infrastructure, NotAtProvider, Advice.Quota)),
        new(403, 403, "tool_call_blocked", null, new(Permanent, Tool, No, Advice.ToolBlocked)),
        new(403, 403, "proxy_attribution_required", null, new(Permanent, Infrastructure, No, Advice.TrustedProxies)),
        new(403, 403, null, null, new(Permanent, Infrastructure, NotAtProvider, Advice.Forbidden)),
        new(404, 404, "not_found", null, new(Permanent, Tool, No, Advice.NoTool)),
        new(404, 404, "invalid_request_error", null, new(Permanent, Agent, NotAtProvider, Advice.NoModel)),
        new(404, 404, null, null, new(Permanent, Infrastructure, No, Advice.EndpointOff)),
        new(405, 405, null, null, new(Permanent, Infrastructure, No, Advice.Method)),
        new(408, 408, null, "Request body timeout", new(Transient, Infrastructure, No, Advice.SlowRequest)),
        new(408, 408, null, null, new(Transient, Infrastructure, Maybe, Advice.ProviderTimeout)),
        new(410, 410, null, null, new(Permanent, Agent, No, Advice.Expired)),
        new(413, 413, null, null, new(Permanent, Agent, NotAtProvider, Advice.TooLarge)),
        new(429, 429, "rate_limited", null, new(Lockout, Infrastructure, No, Advice.LockedOut)),
        new(429, 429, "insufficient_quota", null, new(Permanent, Infrastructure, NotAtProvider, Advice.Quota)),
        new(429, 429, null, null, new(Throttled, Infrastructure, NotAtProvider, Advice.RateLimit)),
        new(400, 499, null, null, new(Permanent, Agent, NotAtProvider, Advice.FixRequest)),

        new(500, 500, "tool_error", null, new(Transient, Tool, Maybe, Advice.ToolFailed)),
        new(500, 500, null, null, new(Transient, Infrastructure, Maybe, Advice.UnknownFailure)),
        new(501, 501, null, null, new(Permanent, Infrastructure, No, Advice.NotSupported)),
        new(505, 505, null, null, new(Permanent, Infrastructure, No, Advice.HttpVersion)),
        new(502, 502, null, null, new(Transient, Infrastructure, Maybe, Advice.Provider)),
        new(503, 503, "api_error", null, new(Throttled, Infrastructure, NotAtProvider, Advice.Overloaded)),
        new(503, 503, "overloaded_error", null, new(Throttled, Infrastructure, NotAtProvider, Advice.Overloaded)),
        new(503, 503, null, null, new(Transient, Infrastructure, NotAtProvider, Advice.Unavailable)),
        new(504, 504, null, null, new(Transient, Infrastructure, Maybe, Advice.ProviderTimeout)),
        new(529, 529, null, null, new(Throttled, Infrastructure, NotAtProvider, Advice.Overloaded)),
        new(500, 599, null, null, new(Transient, Infrastructure, Maybe, Advice.ServerFailed)),
    ];

    private static readonly FailureVerdict Unexpected = new(Permanent, Infrastructure, Maybe, Advice.UnexpectedStatus);

    /// <summary>
    /// The status that such an error comes with where it has one; for errors inside of a stream. A chat names its sort as the type, a
    /// responses stream as the code.
    /// </summary>
    public static int TypicalStatus(ErrorBody body) => TypicalStatus(body.Type) ?? TypicalStatus(body.Code) ?? 500;

    private static int? TypicalStatus(string? sort) => sort switch
    {
        "invalid_request_error" => 400,
        "authentication_error" => 401,
        "insufficient_quota" => 402,
        "permission_error" => 403,
        "not_found_error" => 404,
        "rate_limit_error" or "rate_limit_exceeded" => 429,
        "api_error" => 502,
        "overloaded_error" => 529,
        _ => null,
    };

    public static FailureVerdict Find(int status, ErrorBody body)
    {
        foreach (Row row in Rows)
        {
            if (row.Matches(status, body))
            {
                return row.Verdict;
            }
        }

        return Unexpected;
    }

    private sealed record Row(int From, int To, string? Type, string? Text, FailureVerdict Verdict)
    {
        public bool Matches(int status, ErrorBody body)
            => status >= From && status <= To && (Type is null || body.IsOf(Type)) && (Text is null || ErrorText.Contains(body, Text));
    }
}
