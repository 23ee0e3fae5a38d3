using System.Text;

namespace OpenClaw.Resilience;

/// <summary>
/// Writes whole files so that a reader, a crash or a power failure at any instant finds either the old content or the new one, never a part
/// of either.
/// </summary>
/// <remarks>
/// The content goes to a new file in the same folder, is flushed, and is renamed over the target; then the folder is flushed. A process
/// that is killed in between leaves a file <c>.NAME.*.tmp</c> behind and the target as it was. A target that is a symbolic link stays one:
/// the file it leads to is replaced. On Unix the new file gets the permissions of the old one.
/// </remarks>
public static class AtomicFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    /// <summary>Replaces the file by what <paramref name="write"/> puts into the stream.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the content. If it throws, the file stays as it was.</param>
    /// <param name="cancellationToken">Gives up before the file is replaced.</param>
    /// <exception cref="IOException">The content could not be written or put in place; the file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written.</exception>
    public static async Task WriteAsync(
        string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        await ReplaceAsync(path, stream => write(stream, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Replaces the file by the given bytes.</summary>
    /// <inheritdoc cref="WriteAsync(string, Func{Stream, CancellationToken, Task}, CancellationToken)"/>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">The new content.</param>
    /// <param name="cancellationToken">Gives up before the file is replaced.</param>
    public static Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        ReplaceAsync(path, stream => stream.WriteAsync(content, cancellationToken).AsTask(), cancellationToken);

    /// <summary>
    /// Replaces the file by the given bytes: <see cref="File.WriteAllBytesAsync(string, byte[], CancellationToken)"/>, atomic and durable.
    /// </summary>
    /// <inheritdoc cref="WriteAsync(string, ReadOnlyMemory{byte}, CancellationToken)"/>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="bytes">The new content.</param>
    /// <param name="cancellationToken">Gives up before the file is replaced.</param>
    public static Task WriteAllBytesAsync(string path, byte[] bytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return WriteAsync(path, bytes, cancellationToken);
    }

    /// <summary>
    /// Replaces the file by the text in UTF-8: <see cref="File.WriteAllTextAsync(string, string, CancellationToken)"/>, atomic and durable.
    /// </summary>
    /// <inheritdoc cref="WriteAsync(string, ReadOnlyMemory{byte}, CancellationToken)"/>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="contents">The new content; null is empty.</param>
    /// <param name="cancellationToken">Gives up before the file is replaced.</param>
    public static Task WriteAllTextAsync(string path, string? contents, CancellationToken cancellationToken = default) =>
        WriteAllTextAsync(path, contents, Utf8, cancellationToken);

    /// <summary>
    /// Replaces the file by the text in the given encoding:
    /// <see cref="File.WriteAllTextAsync(string, string, Encoding, CancellationToken)"/>, atomic and durable.
    /// </summary>
    /// <inheritdoc cref="WriteAsync(string, ReadOnlyMemory{byte}, CancellationToken)"/>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="contents">The new content; null is empty.</param>
    /// <param name="encoding">The encoding; its preamble is written.</param>
    /// <param name="cancellationToken">Gives up before the file is replaced.</param>
    public static Task WriteAllTextAsync(string path, string? contents, Encoding encoding, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return WriteAsync(path, Encode(contents, encoding), cancellationToken);
    }

    /// <summary>
    /// Replaces the file by the given lines in UTF-8:
    /// <see cref="File.WriteAllLinesAsync(string, IEnumerable{string}, CancellationToken)"/>, atomic and durable.
    /// </summary>
    /// <inheritdoc cref="WriteAsync(string, ReadOnlyMemory{byte}, CancellationToken)"/>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="contents">The lines.</param>
    /// <param name="cancellationToken">Gives up before the file is replaced.</param>
    public static Task WriteAllLinesAsync(string path, IEnumerable<string> contents, CancellationToken cancellationToken = default) =>
        WriteAsync(path, Encode(Join(contents), Utf8), cancellationToken);

    /// <summary>Replaces the file by the given bytes, for callers that can't await.</summary>
    /// <inheritdoc cref="WriteAsync(string, ReadOnlyMemory{byte}, CancellationToken)"/>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="bytes">The new content.</param>
    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        using Replacement replacement = new(path, asynchronous: false);
        replacement.Stream.Write(bytes);
        replacement.Commit();
    }

    /// <summary>Replaces the file by the text in UTF-8, for callers that can't await.</summary>
    /// <inheritdoc cref="WriteAllBytes(string, ReadOnlySpan{byte})"/>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="contents">The new content; null is empty.</param>
    public static void WriteAllText(string path, string? contents) => WriteAllText(path, contents, Utf8);

    /// <summary>Replaces the file by the text in the given encoding, for callers that can't await.</summary>
    /// <inheritdoc cref="WriteAllBytes(string, ReadOnlySpan{byte})"/>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="contents">The new content; null is empty.</param>
    /// <param name="encoding">The encoding; its preamble is written.</param>
    public static void WriteAllText(string path, string? contents, Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        WriteAllBytes(path, Encode(contents, encoding));
    }

    /// <summary>Replaces the file by the given lines in UTF-8, for callers that can't await.</summary>
    /// <inheritdoc cref="WriteAllBytes(string, ReadOnlySpan{byte})"/>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="contents">The lines.</param>
    public static void WriteAllLines(string path, IEnumerable<string> contents) => WriteAllBytes(path, Encode(Join(contents), Utf8));

    private static async Task ReplaceAsync(string path, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using Replacement replacement = new(path, asynchronous: true);
        await write(replacement.Stream).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        await DiskThreads.Shared.RunAsync(replacement.Commit).ConfigureAwait(false);
    }

    private static byte[] Encode(string? contents, Encoding encoding) => [.. encoding.GetPreamble(), .. encoding.GetBytes(contents ?? "")];

    private static string Join(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return string.Concat(lines.Select(line => line + Environment.NewLine));
    }

    /// <summary>The new content on its way: either committed, or removed without a trace.</summary>
    private sealed class Replacement : IDisposable
    {
        private readonly string _target;
        private readonly string _temporary;
        private bool _committed;

        public Replacement(string path, bool asynchronous)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            string full = Path.GetFullPath(path);
            _target = new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
            _temporary = Path.Combine(Path.GetDirectoryName(_target)!, $".{Path.GetFileName(_target)}.{Guid.NewGuid():N}.tmp");
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = asynchronous ? FileOptions.Asynchronous : FileOptions.None,
            };
            Stream = new FileStream(_temporary, options);
            CopyPermissions();
        }

        public FileStream Stream { get; }

        public void Commit()
        {
            Flush();
            Stream.Dispose();
            File.Move(_temporary, _target, overwrite: true);
            _committed = true;
            DurableDirectory.Flush(Path.GetDirectoryName(_target)!);
        }

        public void Dispose()
        {
            Stream.Dispose();
            if (!_committed)
            {
                File.Delete(_temporary);
            }
        }

        private void Flush()
        {
            if (Stream.CanWrite)
            {
                Stream.Flush(flushToDisk: true);
                return;
            }

            // A StreamWriter closes the stream it wrote to. Flushing works on the file, whoever opens it.
            using FileStream reopened = new(_temporary, FileMode.Open, FileAccess.Write, FileShare.None);
            reopened.Flush(flushToDisk: true);
        }

        private void CopyPermissions()
        {
            if (!OperatingSystem.IsWindows() && File.Exists(_target))
            {
                File.SetUnixFileMode(Stream.SafeFileHandle, File.GetUnixFileMode(_target));
            }
        }
    }
}
