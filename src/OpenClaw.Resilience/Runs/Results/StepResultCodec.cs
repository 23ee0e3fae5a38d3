using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OpenClaw.Resilience;

/// <summary>Turns a step's result into bytes that are known to come back as the same result.</summary>
internal abstract class StepResultCodec<T>
{
    /// <summary>What the type alone tells against it, before the step has run.</summary>
    public abstract ResultProblem? FindProblem();

    /// <summary>The bytes and the result read back from them, or the reason why these would differ.</summary>
    public abstract bool TryEncode(T result, out EncodedResult<T> encoded, [NotNullWhen(false)] out ResultProblem? problem);

    /// <exception cref="JsonException">The bytes hold something else.</exception>
    /// <exception cref="NotSupportedException">The type can't be read.</exception>
    public abstract T Decode(ReadOnlySpan<byte> bytes);
}

/// <summary>Finds the codec for results that become JSON.</summary>
internal static class StepResultCodec
{
    public static StepResultCodec<T> ForJson<T>(JsonTypeInfo<T> type) =>
        type is JsonTypeInfo<string> text && text.Converter == JsonMetadataServices.StringConverter
            ? (StepResultCodec<T>)(object)new TextResultCodec(text)
            : new JsonResultCodec<T>(type);
}

/// <summary>A result on its way to the store.</summary>
/// <param name="Bytes">What is stored.</param>
/// <param name="Restored">What a resumed run will get, and so what this one gets.</param>
internal readonly record struct EncodedResult<T>(ReadOnlyMemory<byte> Bytes, T Restored);

/// <summary>Results as JSON.</summary>
internal class JsonResultCodec<T>(JsonTypeInfo<T> type) : StepResultCodec<T>
{
    public override ResultProblem? FindProblem() => ResultContract.FindProblem(type);

    public override T Decode(ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize(bytes, type)!;

    public override bool TryEncode(T result, out EncodedResult<T> encoded, [NotNullWhen(false)] out ResultProblem? problem)
    {
        encoded = default;
        string doing = "be written";
        try
        {
            byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(result, type);
            doing = "be read back";
            if (IsSeenIn(bytes, result))
            {
                problem = null;
                encoded = new EncodedResult<T>(bytes, result);
                return true;
            }

            T restored = Decode(bytes);
            problem = new ResultComparison(type.Options).FindDifference(result, restored);
            if (problem is null && !bytes.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(restored, type)))
            {
                problem = new ResultProblem(type.Type, "$", $"{Names.Of(type.Type)} is written differently after it was written and read.");
            }

            encoded = new EncodedResult<T>(bytes, restored);
            return problem is null;
        }
        catch (Exception exception)
        {
            // Converters, getters and constructors of the result's types run here and may throw anything.
            problem = new ResultProblem(
                type.Type, (exception as JsonException)?.Path ?? "$",
                $"{Names.Of(type.Type)} can't {doing}: {exception.Message.TrimEnd('.')}.",
                exception);
            return false;
        }
    }

    /// <summary>Whether a look at the bytes tells that what is read from them can't be told from the result.</summary>
    protected virtual bool IsSeenIn(ReadOnlySpan<byte> bytes, T result) => false;
}

/// <summary>Text, as most answers are, is compared where it lies in the bytes.</summary>
/// <remarks>
/// To make another string of a long one costs more than writing it: from 85,000 bytes on it is a large object, and a few dozens of these
/// cost a collection of the whole heap. Strings don't change: the one that the step returned is as good as the one that a resumed run reads.
/// </remarks>
internal sealed class TextResultCodec(JsonTypeInfo<string> type) : JsonResultCodec<string>(type)
{
    protected override bool IsSeenIn(ReadOnlySpan<byte> bytes, string result)
    {
        var reader = new Utf8JsonReader(bytes);
        return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(result) && !reader.Read();
    }
}

/// <summary>Steps that return nothing: that they have run is all there is to store.</summary>
internal sealed class NoResultCodec : StepResultCodec<NoResult>
{
    public static NoResultCodec Instance { get; } = new();

    public override ResultProblem? FindProblem() => null;

    public override bool TryEncode(NoResult result, out EncodedResult<NoResult> encoded, [NotNullWhen(false)] out ResultProblem? problem)
    {
        encoded = new EncodedResult<NoResult>(ReadOnlyMemory<byte>.Empty, result);
        problem = null;
        return true;
    }

    public override NoResult Decode(ReadOnlySpan<byte> bytes) => default;
}

/// <summary>The result of a step that returns nothing.</summary>
internal readonly struct NoResult;
