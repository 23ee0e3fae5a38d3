using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace OpenClaw.Resilience;

/// <summary>The body of a journal frame: one record, and what the journal itself needs to know with it.</summary>
/// <param name="Record">The record.</param>
/// <param name="FencingToken">The token under which it was written.</param>
/// <param name="Flushed">How many records were known to be on durable storage when this one was written.</param>
internal readonly record struct JournalEntry(StepRecord Record, long FencingToken, long Flushed);

/// <summary>Writes and reads frame bodies (<c>docs/checkpoint-format.md</c>).</summary>
internal static class RecordCodec
{
    private const byte MayHaveRunFlag = 1;

    public static void Write(IBufferWriter<byte> buffer, in JournalEntry entry)
    {
        StepRecord record = entry.Record;

        // The one number that grows with the log has a fixed width: the last step of a run writes as many bytes as the first.
        Span<byte> start = buffer.GetSpan(1 + sizeof(long));
        start[0] = (byte)record.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(start[1..], record.Sequence);
        buffer.Advance(1 + sizeof(long));
        WriteNumber(buffer, (ulong)(record.Sequence - entry.Flushed));
        WriteNumber(buffer, (ulong)entry.FencingToken);
        WriteNumber(buffer, (ulong)record.At.UtcTicks);
        WriteNumber(buffer, (ulong)record.Attempt);
        WriteNumber(buffer, (ulong)record.SchemaVersion);
        WriteNumber(buffer, record.MayHaveRun ? MayHaveRunFlag : 0u);
        WriteText(buffer, record.Step);
        WriteText(buffer, record.Detail);
        WriteBytes(buffer, record.InputDigest.Span);
        WriteBytes(buffer, record.Payload.Span);
    }

    /// <summary>Reads a body whose checksum is right; false when it is no record that this version knows.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, out JournalEntry entry)
    {
        entry = default;
        var reader = new Reader(body);
        if (!reader.TryByte(out byte kind) || !Enum.IsDefined((StepRecordKind)kind)
            || !reader.TryInt64(out long sequence) || !reader.TryNumber(out ulong lag) || !reader.TryNumber(out ulong token)
            || !reader.TryNumber(out ulong ticks) || !reader.TryNumber(out ulong attempt) || !reader.TryNumber(out ulong schema)
            || !reader.TryNumber(out ulong flags) || flags > MayHaveRunFlag
            || !reader.TryText(out string step) || !reader.TryText(out string detail)
            || !reader.TryBytes(out ReadOnlyMemory<byte> digest) || !reader.TryBytes(out ReadOnlyMemory<byte> payload)
            || reader.Remaining > 0
            || sequence < 0 || lag > (ulong)sequence || token > long.MaxValue || ticks > (ulong)DateTime.MaxValue.Ticks
            || attempt > int.MaxValue || schema > int.MaxValue)
        {
            return false;
        }

        var record = new StepRecord
        {
            Sequence = sequence,
            Kind = (StepRecordKind)kind,
            At = new DateTimeOffset((long)ticks, TimeSpan.Zero),
            Step = step,
            Attempt = (int)attempt,
            SchemaVersion = (int)schema,
            InputDigest = digest,
            Payload = payload,
            Detail = detail,
            MayHaveRun = flags == MayHaveRunFlag,
        };
        entry = new JournalEntry(record, (long)token, sequence - (long)lag);
        return true;
    }

    public static void WriteText(IBufferWriter<byte> buffer, string text)
    {
        WriteNumber(buffer, (ulong)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer);
    }

    /// <summary>Seven bits a byte, the lowest first; the high bit says that more follow.</summary>
    public static void WriteNumber(IBufferWriter<byte> buffer, ulong number)
    {
        Span<byte> span = buffer.GetSpan(10);
        int length = 0;
        while (number >= 0x80)
        {
            span[length++] = (byte)(number | 0x80);
            number >>= 7;
        }

        span[length++] = (byte)number;
        buffer.Advance(length);
    }

    private static void WriteBytes(IBufferWriter<byte> buffer, ReadOnlySpan<byte> bytes)
    {
        WriteNumber(buffer, (ulong)bytes.Length);
        buffer.Write(bytes);
    }

    /// <summary>Reads forward and never past the end.</summary>
    internal ref struct Reader(ReadOnlyMemory<byte> bytes)
    {
        private int _position;

        public readonly int Remaining => bytes.Length - _position;

        public bool TryByte(out byte value)
        {
            bool any = Remaining > 0;
            value = any ? bytes.Span[_position++] : (byte)0;
            return any;
        }

        public bool TryInt64(out long value)
        {
            bool any = Remaining >= sizeof(long);
            value = any ? BinaryPrimitives.ReadInt64LittleEndian(bytes.Span[_position..]) : 0;
            _position += any ? sizeof(long) : 0;
            return any;
        }

        public bool TryNumber(out ulong value)
        {
            value = 0;
            for (int shift = 0; shift < 64 && Remaining > 0; shift += 7)
            {
                byte next = bytes.Span[_position++];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return true;
                }
            }

            return false;
        }

        public bool TryBytes(out ReadOnlyMemory<byte> value)
        {
            value = default;
            if (!TryNumber(out ulong length) || length > (ulong)Remaining)
            {
                return false;
            }

            value = bytes.Slice(_position, (int)length);
            _position += (int)length;
            return true;
        }

        public bool TryText(out string value)
        {
            bool read = TryBytes(out ReadOnlyMemory<byte> bytes);
            value = read ? Encoding.UTF8.GetString(bytes.Span) : "";
            return read;
        }
    }
}
