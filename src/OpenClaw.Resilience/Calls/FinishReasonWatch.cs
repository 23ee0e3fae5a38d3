using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace OpenClaw.Resilience;

/// <summary>
/// Whether the elements of a stream have said that the answer is complete. The OpenAI library skips an error event, which is how a gateway
/// reports each failure of a streamed turn, and ends the stream as if all were well. What is missing then is the finish reason.
/// </summary>
/// <typeparam name="T">The elements. Only those with a property <c>FinishReason</c> that can be null are looked at.</typeparam>
internal struct FinishReasonWatch<T>
{
    private const string Trimming = "A property that trimming has removed, since nobody reads it, leaves the stream unjudged.";

    private static readonly PropertyInfo? Reason = FindReason();
    private bool _isFinished;

    public void Append(T element) => _isFinished = _isFinished || (element is not null && Reason?.GetValue(element) is not null);

    /// <summary>To be asked when the stream has ended by itself.</summary>
    public readonly void ThrowIfUnfinished(CallScope call)
    {
        // A source that stops when it is told to has not failed.
        if (Reason is not null && !_isFinished && !call.AttemptLimit!.Token.IsCancellationRequested)
        {
            throw new StreamFailureException(
                HttpRequestError.ResponseEnded,
                "The stream ended without a finish reason: the answer is not complete.",
                new GatewayFailure(TransportFailures.Unfinished, call.Gateway.Options.Gateway));
        }
    }

    // Level by level, since a library may hide a property of its base class by one of another type.
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Trimming)]
    [UnconditionalSuppressMessage("Trimming", "IL2090", Justification = Trimming)]
    private static PropertyInfo? FindReason()
    {
        const BindingFlags OwnMembers = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        for (Type? level = typeof(T); level is not null; level = level.BaseType)
        {
            if (level.GetProperty("FinishReason", OwnMembers) is { CanRead: true } reason && reason.GetIndexParameters().Length == 0)
            {
                return reason.PropertyType.IsValueType && Nullable.GetUnderlyingType(reason.PropertyType) is null ? null : reason;
            }
        }

        return null;
    }
}
