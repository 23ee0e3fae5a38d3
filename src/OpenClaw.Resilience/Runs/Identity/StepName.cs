using System.Text;

namespace OpenClaw.Resilience;

/// <summary>
/// Names a step within its run. A plain name used again means the next occurrence; a name for an item means that item, in any order.
/// </summary>
public readonly record struct StepName
{
    /// <summary>The longest name accepted, in characters.</summary>
    public const int MaxLength = 256;

    private const int ItemDigestBytes = 12;

    private readonly string? _name;
    private readonly string? _item;

    private StepName(string name, string? item)
    {
        WellFormedText.Require(name, MaxLength, nameof(name));
        _name = name;
        _item = item;
    }

    /// <summary>The name as the program gave it, without the item.</summary>
    public string Name => _name ?? "";

    /// <summary>Whether the name belongs to an item (<see cref="ForItem"/>) and so doesn't depend on the order of steps.</summary>
    public bool IsForItem => _item is not null;

    internal bool IsDefault => _name is null;

    /// <summary>
    /// The name in the log, before an occurrence is added. What the program wrote is escaped where it would look like <c>name[item]</c> or
    /// <c>name#2</c>.
    /// </summary>
    internal string Key => _item is null ? Escape(Name) : $"{Escape(Name)}[{_item}]";

    /// <summary>A plain name: <c>run.StepAsync("plan", …)</c>.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, longer than <see cref="MaxLength"/> or not well-formed
    /// text.</exception>
    public static implicit operator StepName(string name) => FromString(name);

    /// <summary>A plain name; the same as the conversion from <see cref="string"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, longer than <see cref="MaxLength"/> or not well-formed
    /// text.</exception>
    public static StepName FromString(string name) => new(name, item: null);

    /// <summary>The name of the step that handles one item of a loop or of a parallel fan-out.</summary>
    /// <param name="name">What the step does; a constant.</param>
    /// <param name="item">What identifies the item: the scalars that <see cref="RunId.From"/> accepts, never a position in a list that may
    /// change.</param>
    /// <exception cref="ArgumentException">The name is empty or too long, or a part of the item is no stable scalar; the message names its
    /// position and type.</exception>
    public static StepName ForItem(string name, params object?[] item)
    {
        byte[] digest = ScalarEncoding.Digest("openclaw-item-1", "", item, nameof(item));
        return new StepName(name, Hex.Lower(digest.AsSpan(0, ItemDigestBytes)));
    }

    /// <inheritdoc/>
    public override string ToString() => _item is null ? Name : $"{Name}[{_item}]";

    internal static string Occurrence(string key, int occurrence) => occurrence == 1 ? key : $"{key}#{occurrence}";

    private static string Escape(string name)
    {
        if (name.AsSpan().IndexOfAny("%#[") < 0)
        {
            return name;
        }

        return new StringBuilder(name).Replace("%", "%25").Replace("#", "%23").Replace("[", "%5B").ToString();
    }
}
