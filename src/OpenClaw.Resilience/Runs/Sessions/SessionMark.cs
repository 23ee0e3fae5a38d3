using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Resilience;

/// <summary>How many turns a session had when a step began, as <see cref="StepRecord.Detail"/>: <c>session:DIGEST:TURNS</c>.</summary>
internal readonly record struct SessionMark(string Digest, int Turns)
{
    private const string Prefix = "session:";
    private const int DigestBytes = 8;

    /// <summary>A session's key may name a person: it stays out of the records.</summary>
    public static string DigestOf(string sessionKey) =>
        Hex.Lower(SHA256.HashData(Encoding.UTF8.GetBytes(sessionKey)).AsSpan(0, DigestBytes));

    public static bool TryParse(string detail, out SessionMark mark)
    {
        int end = Prefix.Length + (2 * DigestBytes);
        if (detail.StartsWith(Prefix, StringComparison.Ordinal)
            && detail.Length > end && detail[end] == ':'
            && int.TryParse(detail.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int turns))
        {
            mark = new SessionMark(detail[Prefix.Length..end], turns);
            return true;
        }

        mark = default;
        return false;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Digest}:{Turns}");
}
