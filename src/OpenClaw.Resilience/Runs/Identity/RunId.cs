namespace OpenClaw.Resilience;

/// <summary>Identifies a run: the same id after a crash finds the finished steps again.</summary>
public readonly record struct RunId
{
    /// <summary>The longest id accepted, in characters.</summary>
    public const int MaxLength = 512;

    private const int ReadablePrefixLength = 40;
    private const int DigestBytes = 16;

    private readonly string? _value;

    private RunId(string value) => _value = value;

    /// <summary>The text of the id.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default(RunId)</c>, which names no run.</exception>
    public string Value => _value ?? throw new InvalidOperationException("default(RunId) names no run: use RunId.From or RunId.Create.");

    internal bool IsDefault => _value is null;

    /// <summary>The readable part of an id made by <see cref="From"/>, of which there are as many as there are kinds of runs.</summary>
    internal string Kind
    {
        get
        {
            int end = Value.Length - (2 * DigestBytes) - 1;
            return end > 0 && Value[end] == '-' && Value.Skip(end + 1).All(char.IsAsciiHexDigitLower) ? Value[..end] : "run";
        }
    }

    /// <summary>An id made from a constant name and the inputs that make this run a different one from others of that name.</summary>
    /// <remarks>
    /// Equal inputs give an equal id in every process, culture and framework version. Integers of every width share one form, so do
    /// the floating-point types and <c>1.0m</c> and <c>1.00m</c>. An enum counts by its full type name and its number; a <see cref="Uri"/>
    /// by the text it was made from; times with their kind or offset. The id shows the name and 128 bits of a SHA-256: inputs can't be read
    /// from it.
    /// </remarks>
    /// <param name="name">What kind of run this is; a constant.</param>
    /// <param name="inputs">Strings, characters, booleans, numbers, <see cref="Guid"/>, enums, <see cref="Uri"/>, dates, times, or null. No
    /// secrets, no tokens, nothing that differs after a restart.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty or longer than <see cref="MaxLength"/>, or an input is of
    /// another type; the message names its position and type.</exception>
    public static RunId From(string name, params object?[] inputs)
    {
        WellFormedText.Require(name, MaxLength, nameof(name));
        byte[] digest = ScalarEncoding.Digest("openclaw-run-1", name, inputs, nameof(inputs));
        string prefix = WellFormedText.Readable(name, ReadablePrefixLength);
        string hash = Hex.Lower(digest.AsSpan(0, DigestBytes));
        return new RunId(prefix.Length == 0 ? hash : $"{prefix}-{hash}");
    }

    /// <summary>An id of the caller's own, such as the key of an order; case matters.</summary>
    /// <exception cref="ArgumentException"><paramref name="id"/> is empty, longer than <see cref="MaxLength"/> or not well-formed
    /// text.</exception>
    public static RunId Create(string id)
    {
        WellFormedText.Require(id, MaxLength, nameof(id));
        return new RunId(id);
    }

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";
}
