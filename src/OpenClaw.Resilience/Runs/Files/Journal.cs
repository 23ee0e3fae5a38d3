using System.Buffers;

namespace OpenClaw.Resilience;

/// <summary>One generation of a run in one append-only file, open for writing.</summary>
/// <remarks>
/// A failed append is taken back, so that the file ends with an intact record. After a failed flush nobody knows what is on the disk (the
/// system may have dropped the pages and report success next time), so the journal refuses all further use; opening it again reads what is
/// really there.
/// </remarks>
internal sealed class Journal : IDisposable
{
    // Buffers that one large result has blown up are not kept.
    private const int MaxKeptBuffer = 1 << 20;

    private readonly IRunFileSystem _files;
    private readonly IRunFile _file;
    private readonly string _path;
    private readonly long _recordsStart;
    private readonly object _lock = new();
    private ArrayBufferWriter<byte> _buffer = new(4096);
    private long _end;
    private long _count;
    private long _flushed;
    private bool _complete;
    private bool _namesFlushed;
    private Exception? _broken;

    private Journal(IRunFileSystem files, IRunFile file, string path, JournalScan scan, long recordsStart, long tokenFloor)
    {
        _files = files;
        _file = file;
        _path = path;
        _recordsStart = recordsStart;
        _end = Math.Max(scan.End, recordsStart);
        _count = scan.Count;
        _flushed = scan.Count;
        _complete = scan.IsComplete;
        LastToken = Math.Max(scan.LastToken, tokenFloor);
        Repaired = scan.Repair;
    }

    /// <summary>The highest fencing token used so far.</summary>
    public long LastToken { get; }

    /// <summary>What had to be repaired to open it; null when nothing.</summary>
    public JournalRepair? Repaired { get; }

    public bool IsComplete => _complete;

    /// <summary>Opens the journal, creates it if need be, and cuts off an incomplete end.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The file.</param>
    /// <param name="runId">The run that it must belong to.</param>
    /// <param name="generation">The generation that it must hold.</param>
    /// <param name="tokenFloor">The highest fencing token used in earlier generations.</param>
    /// <exception cref="CheckpointCorruptedException">A record that was once safely stored is unreadable, or the file belongs to another
    /// run.</exception>
    /// <exception cref="CheckpointVersionException">A newer library wrote it.</exception>
    public static Journal Open(IRunFileSystem files, string path, RunId runId, int generation, long tokenFloor = 0)
    {
        IRunFile file = files.OpenFile(path, create: true);
        try
        {
            JournalScan scan = JournalScan.Run(file, path);
            RequireIdentity(scan.Identity, path, runId, generation);
            Repair(file, scan);
            long recordsStart = scan.Identity?.RecordsStart ?? WriteHeader(file, runId, generation);
            return new Journal(files, file, path, scan, recordsStart, tokenFloor);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends a record; a durable one is on the disk, with everything before it, when this returns.</summary>
    public void Append(StepRecord record, RunId runId, long fencingToken)
    {
        lock (_lock)
        {
            ThrowIfBroken();
            if (_complete)
            {
                throw new InvalidOperationException($"Run '{runId}' is complete; nothing can be appended to it.");
            }

            if (record.Sequence != _count)
            {
                throw new CheckpointConflictException(
                    runId, CheckpointConflict.Version,
                    $"Record {record.Sequence} of run '{runId}' can't be appended: the log has {_count} records.");
            }

            ReadOnlySpan<byte> frame = Encode(new JournalEntry(record, fencingToken, _flushed));
            Write(frame, record.IsDurable);
            _end += frame.Length;
            _count++;
            _flushed = record.IsDurable ? _count : _flushed;
            _complete = record.Kind == StepRecordKind.RunCompleted;
        }
    }

    /// <summary>Reads the records from a sequence number on.</summary>
    public IEnumerable<StepRecord> Read(long fromSequence)
    {
        long end;
        lock (_lock)
        {
            ThrowIfBroken();
            end = _end;
        }

        var reader = new JournalReader(_file);
        for (long offset = _recordsStart; offset < end;)
        {
            JournalItem item = reader.Read(offset);
            if (!item.IsIntact)
            {
                throw new CheckpointCorruptedException(_path, offset,
                    "a record that was intact a moment ago is unreadable.",
                    "Look for a failing disk or a foreign writer.");
            }

            offset = item.Next;
            if (item.Entry is { } entry && entry.Record.Sequence >= fromSequence)
            {
                yield return entry.Record;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
            _broken ??= new ObjectDisposedException(nameof(Journal));
        }
    }

    /// <summary>
    /// Mends what a crash left, and makes durable what is there: the last writer may have died between writing a result and flushing it.
    /// </summary>
    private static void Repair(IRunFile file, JournalScan scan)
    {
        foreach ((JournalGap gap, long offset, long length) in scan.Gaps)
        {
            file.Write(gap.Encode((int)length), offset);
        }

        if (scan.Repair is not null)
        {
            file.SetLength(scan.End);
        }

        if (scan.Count > 0)
        {
            file.Flush();
        }
    }

    private static long WriteHeader(IRunFile file, RunId runId, int generation)
    {
        byte[] header = JournalHeader.Encode(runId, generation);
        file.Write(header, 0);
        return header.Length;
    }

    private static void RequireIdentity(JournalIdentity? identity, string path, RunId runId, int generation)
    {
        if (identity is not null && (identity.RunId != runId.Value || identity.Generation != generation))
        {
            throw new CheckpointCorruptedException(
                path, 0,
                $"it belongs to generation {identity.Generation} of run '{identity.RunId}', not to generation {generation} of '{runId}'.",
                "Was it copied or renamed? Put it back.");
        }
    }

    private ReadOnlySpan<byte> Encode(in JournalEntry entry)
    {
        _buffer.ResetWrittenCount();
        if (_buffer.Capacity > MaxKeptBuffer)
        {
            _buffer = new ArrayBufferWriter<byte>(4096);
        }

        JournalFrame.Write(
            _buffer, entry, static (ArrayBufferWriter<byte> buffer, in JournalEntry body) => RecordCodec.Write(buffer, body));
        return _buffer.WrittenSpan;
    }

    private void Write(ReadOnlySpan<byte> frame, bool durable)
    {
        bool flushing = false;
        try
        {
            _file.Write(frame, _end);
            if (durable)
            {
                flushing = true;
                _file.Flush();
                FlushNames();
            }
        }
        catch (Exception exception)
        {
            TakeBack(exception, flushing);
            throw;
        }
    }

    /// <summary>
    /// Makes the names of the journal and of its directory durable, once for each time it is opened: whoever created them may have died
    /// before doing so.
    /// </summary>
    private void FlushNames()
    {
        if (_namesFlushed)
        {
            return;
        }

        string directory = Path.GetDirectoryName(_path)!;
        _files.FlushDirectory(directory);
        _files.FlushDirectory(Path.GetDirectoryName(directory)!);
        _namesFlushed = true;
    }

    private void TakeBack(Exception cause, bool flushing)
    {
        _broken = flushing ? cause : null;
        try
        {
            _file.SetLength(_end);
        }
        catch (Exception)
        {
            // Half a record may stand there now. The next one to open the journal will cut it off; this one must not write behind it.
            _broken = cause;
        }
    }

    private void ThrowIfBroken()
    {
        ObjectDisposedException.ThrowIf(_broken is ObjectDisposedException, this);
        if (_broken is not null)
        {
            throw new IOException(
                $"An earlier write to '{_path}' failed ({_broken.Message}) and what the disk holds is unknown. "
                + "Dispose of the run and resume it.", _broken);
        }
    }
}
