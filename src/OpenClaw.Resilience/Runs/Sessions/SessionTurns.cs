namespace OpenClaw.Resilience;

/// <summary>The turns that were seen of a session.</summary>
/// <param name="Seen">Their number.</param>
/// <param name="IsAll">Whether there are no others. Otherwise it proves nothing that some are missing.</param>
internal readonly record struct SessionTurns(int Seen, bool IsAll)
{
    public static SessionTurns Unknown => default;
}
