using System.Security.Cryptography;

namespace OpenClaw.Resilience;

/// <summary>
/// A digest of what a step works on. It is stored with the step, so that a resumed run can't be given the answer to another question.
/// </summary>
public sealed class StepInput
{
    private const int DigestBytes = 16;

    private StepInput(ReadOnlySpan<byte> digest) => Digest = digest[..DigestBytes].ToArray();

    /// <summary>The first 128 bits of a SHA-256 of the input.</summary>
    public ReadOnlyMemory<byte> Digest { get; }

    /// <summary>A digest of scalars, such as the prompt.</summary>
    /// <param name="inputs">The scalars that <see cref="RunId.From"/> accepts.</param>
    /// <exception cref="ArgumentException">An input is no stable scalar; the message names its position and type.</exception>
    public static StepInput From(params object?[] inputs) => new(ScalarEncoding.Digest("openclaw-input-1", "", inputs, nameof(inputs)));

    /// <summary>A digest of bytes, such as a serialized conversation.</summary>
    public static StepInput FromBytes(ReadOnlySpan<byte> bytes) => new(SHA256.HashData(bytes));
}
