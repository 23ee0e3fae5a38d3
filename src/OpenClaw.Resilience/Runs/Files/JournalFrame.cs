using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OpenClaw.Resilience;

/// <summary>
/// A frame: two marker bytes, the length of the body, a CRC-32C over length and body, the body. The marker never occurs in UTF-8, so that
/// text inside a record isn't taken for a frame when the place of the next one is lost.
/// </summary>
internal static class JournalFrame
{
    public const int HeadLength = 2 + sizeof(uint) + sizeof(uint);

    /// <summary>More than any result that should be stored, and less than what one array holds.</summary>
    public const int MaxBodyLength = 1 << 30;

    public static ReadOnlySpan<byte> Marker => [0xFF, 0xC1];

    /// <summary>Appends a frame around the body that <paramref name="write"/> appends.</summary>
    /// <exception cref="InvalidOperationException">The body is longer than <see cref="MaxBodyLength"/>.</exception>
    public static void Write<TState>(ArrayBufferWriter<byte> buffer, in TState state, BodyWriter<TState> write)
    {
        int start = buffer.WrittenCount;
        Marker.CopyTo(buffer.GetSpan(HeadLength));
        buffer.Advance(HeadLength);
        write(buffer, in state);

        // The head is filled in now that the length is known; the buffer may have moved meanwhile.
        Span<byte> frame = MemoryMarshal.AsMemory(buffer.WrittenMemory).Span[start..];
        int length = frame.Length - HeadLength;
        if (length > MaxBodyLength)
        {
            throw new InvalidOperationException($"A record of {length} bytes is too large; at most {MaxBodyLength} are stored.");
        }

        BinaryPrimitives.WriteUInt32LittleEndian(frame[2..], (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[6..], Checksum(frame[2..6], frame[HeadLength..]));
    }

    /// <summary>The length of the body that a head announces; false when these bytes are no head.</summary>
    public static bool TryReadHead(ReadOnlySpan<byte> head, out int bodyLength, out uint checksum)
    {
        bodyLength = 0;
        checksum = 0;
        if (head.Length < HeadLength || !head.StartsWith(Marker))
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(head[2..]);
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(head[6..]);
        bodyLength = (int)Math.Min(length, int.MaxValue);
        return length <= MaxBodyLength;
    }

    public static bool IsIntact(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, uint checksum) => Checksum(head[2..6], body) == checksum;

    private static uint Checksum(ReadOnlySpan<byte> length, ReadOnlySpan<byte> body) => ~Crc32C(Crc32C(uint.MaxValue, length), body);

    private static uint Crc32C(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }

    /// <summary>Appends the body of a frame.</summary>
    internal delegate void BodyWriter<TState>(ArrayBufferWriter<byte> buffer, in TState state);
}
