namespace OpenClaw.Resilience;

/// <summary>What a journal holds, found by reading it from the beginning.</summary>
internal sealed class JournalScan
{
    private readonly JournalReader _reader;
    private readonly string _path;
    private readonly List<(JournalGap Gap, long Offset, long Length)> _gaps = [];

    private JournalScan(JournalReader reader, string path, JournalIdentity? identity)
    {
        _reader = reader;
        _path = path;
        Identity = identity;
        End = identity?.RecordsStart ?? 0;
    }

    /// <summary>Whose journal it is; null when there isn't even a header.</summary>
    public JournalIdentity? Identity { get; }

    /// <summary>Where the next record goes.</summary>
    public long End { get; private set; }

    /// <summary>How many records were written, those lost included: the sequence number of the next one.</summary>
    public long Count { get; private set; }

    /// <summary>The highest fencing token under which one was written.</summary>
    public long LastToken { get; private set; }

    public bool IsComplete { get; private set; }

    /// <summary>When the last record was written; null when there is none.</summary>
    public DateTimeOffset? LastAt { get; private set; }

    /// <summary>What has to be repaired before the journal is written again; null when nothing.</summary>
    public JournalRepair? Repair { get; private set; }

    /// <summary>The damaged places in front of intact records.</summary>
    public IReadOnlyList<(JournalGap Gap, long Offset, long Length)> Gaps => _gaps;

    /// <exception cref="CheckpointCorruptedException">A record that was once safely stored is unreadable.</exception>
    /// <exception cref="CheckpointVersionException">A newer library wrote the journal.</exception>
    public static JournalScan Run(IRunFile file, string path)
    {
        var scan = new JournalScan(new JournalReader(file), path, JournalHeader.Read(file, path));
        if (scan.Identity is null)
        {
            scan.RequireNoRecords();
        }
        else
        {
            scan.ReadRecords();
        }

        scan.Repair = scan.Describe(file.Length);
        return scan;
    }

    private void ReadRecords()
    {
        while (true)
        {
            JournalItem item = _reader.Read(End);
            if (!item.IsIntact)
            {
                if (!TrySkipDamage())
                {
                    return;
                }
            }
            else if (item.Gap is { } gap && gap.Sequence == Count)
            {
                Count += gap.Lost;
                End = item.Next;
            }
            else
            {
                Accept(item);
            }
        }
    }

    private void Accept(JournalItem item)
    {
        if (item.Entry is not { Record: { } record } entry)
        {
            throw Corrupted("there is an intact frame that this version doesn't know.");
        }

        if (record.Sequence != Count || IsComplete)
        {
            throw Corrupted($"there is record {record.Sequence} where record {Count} belongs.");
        }

        Count++;
        End = item.Next;
        LastAt = record.At;
        LastToken = Math.Max(LastToken, entry.FencingToken);
        IsComplete = record.Kind == StepRecordKind.RunCompleted;
    }

    /// <summary>Decides what damage means by the intact records behind it. None: the end was cut short, by a crash or otherwise.</summary>
    /// <remarks>
    /// Every record says how many before it were flushed when it was written. If one counts a damaged record among them, that one was
    /// safely stored and lost later: no crash does that. If none does, a power failure may have kept a later page and lost an earlier one;
    /// then those damaged were still unflushed when a later record was written, so none of them was a result, only marks. What lies behind
    /// is intact and counts.
    /// </remarks>
    private bool TrySkipDamage()
    {
        JournalItem? first = null;
        foreach (JournalItem item in _reader.Search(End))
        {
            JournalEntry later = item.Entry!.Value;
            if (later.Flushed > Count || later.Record.Sequence <= Count)
            {
                throw Corrupted(
                    $"record {Count} is unreadable, "
                    + $"but record {later.Record.Sequence} behind it is intact and was written after it was safely stored.");
            }

            first ??= item;
        }

        if (first is null)
        {
            return false;
        }

        var gap = new JournalGap(Count, first.Entry!.Value.Record.Sequence - Count);
        _gaps.Add((gap, End, first.Offset - End));
        Count += gap.Lost;
        End = first.Offset;
        return true;
    }

    private void RequireNoRecords()
    {
        if (_reader.Search(0).FirstOrDefault() is { Entry: { } entry })
        {
            throw Corrupted($"the header is unreadable, but record {entry.Record.Sequence} behind it is intact.");
        }
    }

    private JournalRepair? Describe(long length)
    {
        long cut = length - End;
        long lost = _gaps.Sum(gap => gap.Gap.Lost);
        if (cut == 0 && lost == 0)
        {
            return null;
        }

        string marks = lost == 0 ? "" : $"{lost} marks of steps were damaged before they were safely stored";
        string end = cut == 0 ? ""
            : Identity is null ? "the header was incomplete: the process that created the journal died before it stored a record"
            : $"record {Count} was incomplete or damaged, and nothing was stored after it";
        string reason = string.Join("; ", new[] { marks, end }.Where(part => part.Length > 0));
        return new JournalRepair(_path, lost > 0 ? _gaps[0].Offset : End, cut + _gaps.Sum(gap => gap.Length), reason);
    }

    private CheckpointCorruptedException Corrupted(string problem) => new(
        _path,
        End,
        problem,
        "A crash doesn't do this; a failing disk or a foreign writer does. Nothing was changed. Restore the file from a backup; "
        + "or move it away to start the run over, which repeats its steps.");
}
