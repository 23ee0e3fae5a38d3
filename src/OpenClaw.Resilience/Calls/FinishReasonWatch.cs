using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace OpenClaw.Resilience;

/// <summary>
/// Whether the elements of a stream have said that the answer is complete. The OpenAI library skips an error event, which is how a gateway
/// reports each failure of a streamed turn, and ends the stream as if all were well. What is missing then is the finish reason.
/// </summary>
/// <remarks>
/// Only elements of that library are judged, and those that an adapter has made from them (their <c>RawRepresentation</c>): its protocol
/// promises a finish reason. Other clients need not name one.
/// </remarks>
/// <typeparam name="T">The elements.</typeparam>
internal struct FinishReasonWatch<T>
{
    private const string Library = "OpenAI";
    private const string Trimming = "A property that trimming has removed, since nobody reads it, leaves the stream unjudged.";

    private static readonly PropertyInfo? Reason = Find("FinishReason");
    private static readonly PropertyInfo? Raw = Find("RawRepresentation");
    private bool _isFinished;
    private bool _isOfLibrary;

    public void Append(T element)
    {
        if (Reason is null || element is null)
        {
            return;
        }

        _isFinished = _isFinished || Reason.GetValue(element) is not null;
        _isOfLibrary = _isOfLibrary || IsOfLibrary(Raw?.GetValue(element)?.GetType());
    }

    /// <summary>To be asked when the stream has ended by itself.</summary>
    public readonly void ThrowIfUnfinished(CallScope call)
    {
        bool isJudged = Reason is not null && (_isOfLibrary || IsOfLibrary(typeof(T)));
        // A source that stops when it is told to has not failed.
        if (isJudged && !_isFinished && !call.AttemptLimit!.Token.IsCancellationRequested)
        {
            throw new StreamFailureException(
                HttpRequestError.ResponseEnded,
                "The stream ended without a finish reason: the answer is not complete.",
                new GatewayFailure(TransportFailures.Unfinished, call.Gateway.Options.Gateway));
        }
    }

    private static bool IsOfLibrary(Type? type)
        => type?.Namespace is { } name && name.StartsWith(Library, StringComparison.Ordinal) && (name.Length == Library.Length || name[Library.Length] == '.');

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
