using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Resilience;

/// <summary>Which file is where below the directory of the store.</summary>
/// <remarks>
/// <c>NAME/1.journal</c>, <c>NAME/2.journal</c> … are the generations of a run, <c>.locks/NAME.lock</c> is its lock and
/// <c>.locks/NAME.owner</c> says who has it. A lock file is never deleted: whoever had it open already would lock a file that no longer has
/// the name.
/// </remarks>
internal sealed class RunLayout(string root)
{
    private const int ReadableLength = 60;
    private const int DigestBytes = 10;
    private const string Extension = ".journal";

    public string Root { get; } = root;

    public string Locks { get; } = Path.Combine(root, ".locks");

    /// <summary>
    /// A file name for any id: lower case, so that ids which differ in case don't meet on systems that ignore it, made unique by a digest.
    /// </summary>
    public static string NameOf(RunId runId)
    {
        string readable = WellFormedText.Readable(runId.Value, ReadableLength).ToLowerInvariant();
        string digest = Hex.Lower(SHA256.HashData(Encoding.UTF8.GetBytes(runId.Value)).AsSpan(0, DigestBytes));
        return readable.Length == 0 ? digest : $"{readable}-{digest}";
    }

    public string DirectoryOf(string name) => Path.Combine(Root, name);

    public string LockOf(string name) => Path.Combine(Locks, $"{name}.lock");

    public string OwnerOf(string name) => Path.Combine(Locks, $"{name}.owner");

    public string JournalOf(string name, int generation) =>
        Path.Combine(Root, name, generation.ToString(CultureInfo.InvariantCulture) + Extension);

    /// <summary>The generation that a file in a run's directory holds; null for a file of another kind.</summary>
    public static int? GenerationOf(string fileName) =>
        fileName.EndsWith(Extension, StringComparison.Ordinal)
        && int.TryParse(
            fileName.AsSpan(0, fileName.Length - Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int generation)
        && generation > 0
            ? generation
            : null;
}
