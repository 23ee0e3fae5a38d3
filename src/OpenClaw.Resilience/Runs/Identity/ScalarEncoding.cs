using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OpenClaw.Resilience;

/// <summary>Turns scalars into bytes that are the same in every process, culture and framework version, and hashes them.</summary>
/// <remarks>
/// Each value is a type tag, a length and its bytes, so that no two lists of values share an encoding. Numbers are encoded by value
/// (<c>5</c> and <c>5L</c> are the same input: widening a parameter must not lose a run); text and times are encoded as they are.
/// </remarks>
internal static class ScalarEncoding
{
    // Dividing by it drops trailing zeros: 1.0 and 1.00 are one number.
    private const decimal One = 1.0000000000000000000000000000m;

    private const string Accepted =
        "string, char, bool, the number types, Guid, enum, Uri, DateTime, DateTimeOffset, DateOnly, TimeOnly, TimeSpan and null";

    /// <summary>The SHA-256 of the name and the values, for one purpose.</summary>
    /// <exception cref="ArgumentException">A value is none of the accepted scalars.</exception>
    public static byte[] Digest(string purpose, string name, object?[]? values, string parameterName)
    {
        // `From("x", null)` binds to a null array although one null value is meant.
        values ??= [null];
        var buffer = new ArrayBufferWriter<byte>(256);
        AppendText(buffer, 'p', purpose);
        AppendText(buffer, 's', name);
        for (int i = 0; i < values.Length; i++)
        {
            if (!TryAppend(buffer, values[i]))
            {
                throw new ArgumentException(
                    $"{parameterName}[{i}] is a {values[i]!.GetType()}, which has no stable form. Accepted are {Accepted}; "
                    + "pass the parts of the value that identify it.",
                    parameterName);
            }
        }

        return SHA256.HashData(buffer.WrittenSpan);
    }

    private static bool TryAppend(ArrayBufferWriter<byte> buffer, object? value)
    {
        switch (value)
        {
            case null: Append(buffer, 'n', []); return true;
            case string text: AppendText(buffer, 's', text); return true;
            case char character: AppendText(buffer, 'c', character.ToString()); return true;
            case bool flag: Append(buffer, 'b', [flag ? (byte)1 : (byte)0]); return true;
            case Enum member: AppendEnum(buffer, member); return true;
            case sbyte or byte or short or ushort or int or uint or long or ulong or nint or nuint or Int128 or UInt128:
                AppendText(buffer, 'i', ((IFormattable)value).ToString("D", CultureInfo.InvariantCulture)); return true;
            case double number: AppendDouble(buffer, number); return true;
            case float number: AppendDouble(buffer, number); return true;
            case Half number: AppendDouble(buffer, (double)number); return true;
            case decimal number: AppendText(buffer, 'm', (number / One).ToString(CultureInfo.InvariantCulture)); return true;
            case Guid guid: AppendText(buffer, 'g', guid.ToString("N")); return true;
            // The canonical form of a Uri has changed between framework versions; what the program wrote has not.
            case Uri uri: AppendText(buffer, 'u', uri.OriginalString); return true;
            case DateTime time: AppendNumbers(buffer, 'd', time.Ticks, (long)time.Kind); return true;
            case DateTimeOffset time: AppendNumbers(buffer, 'o', time.UtcTicks, time.Offset.Ticks); return true;
            case DateOnly date: AppendNumbers(buffer, 'D', date.DayNumber); return true;
            case TimeOnly time: AppendNumbers(buffer, 'T', time.Ticks); return true;
            case TimeSpan span: AppendNumbers(buffer, 't', span.Ticks); return true;
            default: return false;
        }
    }

    private static void AppendEnum(ArrayBufferWriter<byte> buffer, Enum member)
    {
        AppendText(buffer, 'e', member.GetType().FullName!);
        AppendText(buffer, 'i', member.ToString("D"));
    }

    private static void AppendDouble(ArrayBufferWriter<byte> buffer, double number)
    {
        // Negative zero equals zero, and NaN has many bit patterns.
        double canonical = number == 0 ? 0 : double.IsNaN(number) ? double.NaN : number;
        AppendNumbers(buffer, 'f', BitConverter.DoubleToInt64Bits(canonical));
    }

    private static void AppendNumbers(ArrayBufferWriter<byte> buffer, char tag, params ReadOnlySpan<long> numbers)
    {
        Span<byte> bytes = stackalloc byte[numbers.Length * sizeof(long)];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes[(i * sizeof(long))..], numbers[i]);
        }

        Append(buffer, tag, bytes);
    }

    /// <summary>
    /// Text goes in as UTF-16 code units: UTF-8 has no form for a lone surrogate, and two different strings would meet in one.
    /// </summary>
    private static void AppendText(ArrayBufferWriter<byte> buffer, char tag, string text)
    {
        if (BitConverter.IsLittleEndian)
        {
            Append(buffer, tag, MemoryMarshal.AsBytes(text.AsSpan()));
            return;
        }

        byte[] bytes = new byte[text.Length * sizeof(char)];
        for (int i = 0; i < text.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * sizeof(char)), text[i]);
        }

        Append(buffer, tag, bytes);
    }

    private static void Append(ArrayBufferWriter<byte> buffer, char tag, ReadOnlySpan<byte> bytes)
    {
        Span<byte> head = buffer.GetSpan(1 + sizeof(int));
        head[0] = (byte)tag;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], bytes.Length);
        buffer.Advance(1 + sizeof(int));
        buffer.Write(bytes);
    }
}
