using System.Buffers;

namespace OpenClaw.Resilience;

/// <summary>
/// A frame that takes the place of damaged ones which are known to have held marks only. Written when a journal is repaired, so that what
/// lies behind them stays where it is and the damage isn't judged again.
/// </summary>
/// <param name="Sequence">The first record lost.</param>
/// <param name="Lost">How many.</param>
internal readonly record struct JournalGap(long Sequence, long Lost)
{
    // No record has this kind.
    private const byte GapKind = 0xFF;

    /// <summary>A frame of exactly the given length, padded with zeros. Even one lost record was longer than what has to be said.</summary>
    public byte[] Encode(int frameLength)
    {
        var buffer = new ArrayBufferWriter<byte>(frameLength);
        JournalFrame.Write(buffer, (Gap: this, Length: frameLength - JournalFrame.HeadLength), WriteBody);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteBody(ArrayBufferWriter<byte> body, in (JournalGap Gap, int Length) state)
    {
        int start = body.WrittenCount;
        body.Write([GapKind]);
        RecordCodec.WriteNumber(body, (ulong)state.Gap.Sequence);
        RecordCodec.WriteNumber(body, (ulong)state.Gap.Lost);
        body.Write(new byte[state.Length - (body.WrittenCount - start)]);
    }

    public static JournalGap? Read(ReadOnlyMemory<byte> body)
    {
        var reader = new RecordCodec.Reader(body);
        return reader.TryByte(out byte kind) && kind == GapKind && reader.TryNumber(out ulong sequence) && reader.TryNumber(out ulong lost)
            ? new JournalGap((long)sequence, (long)lost)
            : null;
    }
}
