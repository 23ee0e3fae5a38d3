using System.Buffers;

namespace OpenClaw.Resilience;

/// <summary>
/// The beginning of a journal: eight bytes that tell the kind of file, and a frame with the format version, the generation and the run.
/// </summary>
internal static class JournalHeader
{
    public const int FormatVersion = 1;

    // No record has this kind, so that a header is never read as one.
    private const byte HeaderKind = 0;

    /// <summary>Like PNG's: a high byte and both line ends, which a transfer as text would damage visibly.</summary>
    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'O', (byte)'C', (byte)'R', 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Encode(RunId runId, int generation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(Magic);
        JournalFrame.Write(buffer, (runId, generation), static (ArrayBufferWriter<byte> body, in (RunId RunId, int Generation) header) =>
        {
            body.Write([HeaderKind]);
            RecordCodec.WriteNumber(body, FormatVersion);
            RecordCodec.WriteNumber(body, (ulong)header.Generation);
            RecordCodec.WriteText(body, header.RunId.Value);
        });
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the header; null when it is incomplete or damaged.</summary>
    /// <exception cref="CheckpointVersionException">A newer library wrote it.</exception>
    public static JournalIdentity? Read(IRunFile file, string path)
    {
        byte[] magic = new byte[Magic.Length];
        if (file.Read(magic, 0) < magic.Length || !magic.AsSpan().SequenceEqual(Magic)
            || !new JournalReader(file).TryReadFrame(magic.Length, out byte[]? body))
        {
            return null;
        }

        var reader = new RecordCodec.Reader(body);
        if (!reader.TryByte(out byte kind) || kind != HeaderKind || !reader.TryNumber(out ulong version))
        {
            return null;
        }

        if (version > FormatVersion)
        {
            throw new CheckpointVersionException(
                $"'{path}' has format version {version}; this library knows {FormatVersion}. "
                + "Resume the run with the newer program that wrote it.", (int)version, FormatVersion);
        }

        return reader.TryNumber(out ulong generation) && reader.TryText(out string runId)
            ? new JournalIdentity(runId, (int)generation, magic.Length + JournalFrame.HeadLength + body.Length)
            : null;
    }
}

/// <summary>Whose journal it is.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Generation">Which generation of it.</param>
/// <param name="RecordsStart">Where the records begin.</param>
internal sealed record JournalIdentity(string RunId, int Generation, long RecordsStart);
