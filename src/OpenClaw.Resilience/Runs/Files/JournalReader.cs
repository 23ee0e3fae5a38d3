using System.Diagnostics.CodeAnalysis;

namespace OpenClaw.Resilience;

/// <summary>Reads the frames of a journal.</summary>
internal sealed class JournalReader(IRunFile file)
{
    private const int SearchChunk = 1 << 16;

    private readonly long _length = file.Length;

    /// <summary>The body of the frame at the offset, when there is an intact one.</summary>
    public bool TryReadFrame(long offset, [NotNullWhen(true)] out byte[]? body)
    {
        body = null;
        Span<byte> head = stackalloc byte[JournalFrame.HeadLength];
        if (file.Read(head, offset) < head.Length
            || !JournalFrame.TryReadHead(head, out int length, out uint checksum)
            || length > _length - offset - JournalFrame.HeadLength)
        {
            return false;
        }

        byte[] bytes = new byte[length];
        if (file.Read(bytes, offset + JournalFrame.HeadLength) < length || !JournalFrame.IsIntact(head, bytes, checksum))
        {
            return false;
        }

        body = bytes;
        return true;
    }

    /// <summary>What is at the offset, and where the next thing is.</summary>
    public JournalItem Read(long offset)
    {
        if (!TryReadFrame(offset, out byte[]? body))
        {
            return new JournalItem(offset, offset, IsIntact: false);
        }

        var item = new JournalItem(offset, offset + JournalFrame.HeadLength + body.Length, IsIntact: true);
        return RecordCodec.TryRead(body, out JournalEntry entry) ? item with { Entry = entry } : item with { Gap = JournalGap.Read(body) };
    }

    /// <summary>The intact records that begin at or after the offset, wherever that is: what is found behind damage.</summary>
    public IEnumerable<JournalItem> Search(long offset)
    {
        byte[] chunk = new byte[SearchChunk];
        while (offset < _length)
        {
            int read = file.Read(chunk, offset);
            int found = chunk.AsSpan(0, read).IndexOf(JournalFrame.Marker);
            if (found < 0)
            {
                // The marker may lie across the end of this chunk.
                offset += read < chunk.Length ? Math.Max(read, 1) : read - 1;
                continue;
            }

            JournalItem item = Read(offset + found);
            if (item.Entry is not null)
            {
                yield return item;
            }

            offset = item.IsIntact ? item.Next : item.Offset + 1;
        }
    }
}

/// <summary>What is at a place in a journal: a record, a gap, an intact frame that this version doesn't know, or nothing intact.</summary>
/// <param name="Offset">The place.</param>
/// <param name="Next">Where it ends; the place itself when nothing intact is there.</param>
/// <param name="IsIntact">Whether the checksum is right.</param>
internal sealed record JournalItem(long Offset, long Next, bool IsIntact)
{
    public JournalEntry? Entry { get; init; }

    public JournalGap? Gap { get; init; }
}
