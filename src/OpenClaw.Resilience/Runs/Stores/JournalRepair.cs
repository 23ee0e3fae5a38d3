namespace OpenClaw.Resilience;

/// <summary>Says that the end of a journal was incomplete and was cut off: the writer had died, or the last record was damaged.</summary>
/// <param name="Path">The journal.</param>
/// <param name="Offset">Where it was cut, in bytes from the start: everything before is intact.</param>
/// <param name="BytesCut">How many bytes were cut.</param>
/// <param name="Reason">What was wrong with them.</param>
public sealed record JournalRepair(string Path, long Offset, long BytesCut, string Reason);
