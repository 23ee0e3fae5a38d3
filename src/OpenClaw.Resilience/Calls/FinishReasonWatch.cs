using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace OpenClaw.Resilience;

/// <summary>
/// Whether the elements of a stream have said that the answer is complete. The OpenAI library skips an error event, which is how a gateway
/// reports each failure of a streamed turn, and ends the stream as if all were well; to it and to Anthropic's library a connection that a proxy
/// closes politely looks like the end. What is missing then is the finish reason, or the event that ends a message.
/// </summary>
/// <remarks>
/// Only elements of those libraries are judged, and those that an adapter has made from them (their <c>RawRepresentation</c>): their protocols
/// promise an end. Other clients need not name one.
/// </remarks>
/// <typeparam name="T">The elements.</typeparam>
internal struct FinishReasonWatch<T>
{
    private const string Trimming = "A property that trimming has removed, since nobody reads it, leaves the stream unjudged.";

    private static readonly PropertyInfo? Reason = Find("FinishReason");
    private static readonly PropertyInfo? Raw = Find("RawRepresentation");
    private bool _isFinished;
    private bool _isJudged;

    public void Append(T element)
    {
        if (element is null || (typeof(T).IsValueType && Reason is null && Raw is null))
        {
            return;
        }

        _isFinished = _isFinished || Reason?.GetValue(element) is not null;
        if ((Raw is null ? element : Raw.GetValue(element)) is not { } raw)
        {
            return;
        }

        EndOfAnswer end = EndsOfAnswers.Of(raw.GetType());
        _isJudged = _isJudged || CanJudge(end);
        _isFinished = _isFinished || (end == EndOfAnswer.Event && EndsOfAnswers.IsEnd(raw));
    }

    /// <summary>To be asked when the stream has ended by itself.</summary>
    public readonly void ThrowIfUnfinished(CallScope call)
    {
        bool isJudged = _isJudged || CanJudge(EndsOfAnswers.Of(typeof(T)));
        // A source that stops when it is told to has not failed.
        if (isJudged && !_isFinished && !call.AttemptLimit!.Token.IsCancellationRequested)
        {
            throw new StreamFailureException(
                HttpRequestError.ResponseEnded,
                "The stream ended without a finish reason or its last event: the answer is not complete.",
                new GatewayFailure(TransportFailures.Unfinished, call.Gateway.Options.Gateway));
        }
    }

    private static bool CanJudge(EndOfAnswer end) => end == EndOfAnswer.Event || (end == EndOfAnswer.FinishReason && Reason is not null);

    // Level by level, since a library may hide a property of its base class by one of another type.
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Trimming)]
    [UnconditionalSuppressMessage("Trimming", "IL2090", Justification = Trimming)]
    private static PropertyInfo? Find(string name)
    {
        const BindingFlags OwnMembers = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        for (Type? level = typeof(T); level is not null; level = level.BaseType)
        {
            if (level.GetProperty(name, OwnMembers) is { CanRead: true } property && property.GetIndexParameters().Length == 0)
            {
                return property.PropertyType.IsValueType && Nullable.GetUnderlyingType(property.PropertyType) is null ? null : property;
            }
        }

        return null;
    }
}
