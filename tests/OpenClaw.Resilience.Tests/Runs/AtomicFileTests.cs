using System.Text;
using System.Text.Json;

namespace OpenClaw.Resilience.Tests.Runs;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Target => _directory.File("state.json");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Each_form_writes_what_its_counterpart_in_File_writes()
    {
        string expected = _directory.File("expected");
        string[] lines = ["one", "zwei", "三"];

        await File.WriteAllTextAsync(expected, "Grüße 🦞");
        await AtomicFile.WriteAllTextAsync(Target, "Grüße 🦞");
        Same();
        AtomicFile.WriteAllText(Target, "Grüße 🦞");
        Same();
        await File.WriteAllTextAsync(expected, "Grüße", Encoding.Unicode);
        await AtomicFile.WriteAllTextAsync(Target, "Grüße", Encoding.Unicode);
        Same();
        AtomicFile.WriteAllText(Target, "Grüße", Encoding.Unicode);
        Same();
        await File.WriteAllLinesAsync(expected, lines);
        await AtomicFile.WriteAllLinesAsync(Target, lines);
        Same();
        AtomicFile.WriteAllLines(Target, lines);
        Same();
        await File.WriteAllBytesAsync(expected, [1, 2, 3]);
        await AtomicFile.WriteAllBytesAsync(Target, [1, 2, 3]);
        Same();
        AtomicFile.WriteAllBytes(Target, [1, 2, 3]);
        Same();
        await AtomicFile.WriteAsync(Target, new byte[] { 1, 2, 3 });
        Same();
        await AtomicFile.WriteAsync(Target, (stream, token) => stream.WriteAsync(new byte[] { 1, 2, 3 }, token).AsTask());
        Same();
        await AtomicFile.WriteAllTextAsync(Target, null);
        await File.WriteAllBytesAsync(expected, []);
        Same();

        void Same()
        {
            Assert.Equal(File.ReadAllBytes(expected), File.ReadAllBytes(Target));
            NothingElse("expected");
        }
    }

    [Fact]
    public async Task A_writer_that_throws_leaves_the_old_content()
    {
        await AtomicFile.WriteAllTextAsync(Target, "old");

        await Assert.ThrowsAsync<FormatException>(() => AtomicFile.WriteAsync(Target, async (stream, token) =>
        {
            await stream.WriteAsync(new byte[100_000], token);
            throw new FormatException();
        }));

        Assert.Equal("old", File.ReadAllText(Target));
        NothingElse();
    }

    [Fact]
    public async Task Cancellation_leaves_the_old_content()
    {
        await AtomicFile.WriteAllTextAsync(Target, "old");
        using var source = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AtomicFile.WriteAsync(
            Target,
            async (stream, _) =>
            {
                await stream.WriteAsync(new byte[10], CancellationToken.None);
                await source.CancelAsync();
            },
            source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AtomicFile.WriteAllTextAsync(Target, "new", source.Token));

        Assert.Equal("old", File.ReadAllText(Target));
        NothingElse();
    }

    [Fact]
    public async Task A_reader_finds_the_old_content_or_the_new_and_never_a_part()
    {
        string[] contents = [.. "abcd".Select(letter => new string(letter, 200_000))];
        await AtomicFile.WriteAllTextAsync(Target, contents[0]);
        using var stop = new CancellationTokenSource();
        int reads = 0;
        Task reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Assert.Contains(File.ReadAllText(Target), contents);
                Interlocked.Increment(ref reads);
            }
        });

        for (int i = 0; (i < 60 || Volatile.Read(ref reads) < 60) && !reader.IsCompleted; i++)
        {
            await AtomicFile.WriteAllTextAsync(Target, contents[i % contents.Length]);
        }

        await stop.CancelAsync();
        await reader;
    }

    [Fact]
    public async Task Writers_at_the_same_time_do_not_mix()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => AtomicFile.WriteAllTextAsync(Target, new string((char)('a' + i), 50_000)))));

        Assert.Single(File.ReadAllText(Target).Distinct());
        NothingElse();
    }

    [Fact]
    public async Task A_writer_that_closes_the_stream_is_served_too()
    {
        await AtomicFile.WriteAsync(Target, async (stream, _) =>
        {
            await using var writer = new StreamWriter(stream);
            await writer.WriteAsync("closed");
        });

        Assert.Equal("closed", File.ReadAllText(Target));
    }

    [Fact]
    public async Task A_serializer_can_write_into_it()
    {
        await AtomicFile.WriteAsync(Target, (stream, token) => JsonSerializer.SerializeAsync(stream, new { a = 1 }, cancellationToken: token));

        Assert.Equal("""{"a":1}""", File.ReadAllText(Target));
    }

    [Fact]
    public async Task A_missing_folder_is_an_error()
    {
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => AtomicFile.WriteAllTextAsync(_directory.File("no/state.json"), "x"));
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.WriteAllText(_directory.File("no/state.json"), "x"));
    }

    [Fact]
    public async Task A_target_that_can_not_be_replaced_leaves_no_trace()
    {
        Directory.CreateDirectory(Target);

        await Assert.ThrowsAnyAsync<Exception>(() => AtomicFile.WriteAllTextAsync(Target, "x"));

        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public async Task A_link_stays_a_link_and_its_file_is_replaced()
    {
        if (OperatingSystem.IsWindows())
        {
            // Needs a privilege there that a test may not have.
            return;
        }

        Directory.CreateDirectory(_directory.File("elsewhere"));
        string real = _directory.File("elsewhere/real.json");
        File.WriteAllText(real, "old");
        File.CreateSymbolicLink(Target, real);

        await AtomicFile.WriteAllTextAsync(Target, "new");

        Assert.Equal("new", File.ReadAllText(real));
        Assert.Equal(real, new FileInfo(Target).LinkTarget);

        File.Delete(real);
        AtomicFile.WriteAllText(Target, "made");
        Assert.Equal("made", File.ReadAllText(real));
        Assert.Equal(real, new FileInfo(Target).LinkTarget);
    }

    [Fact]
    public void Permissions_of_the_old_file_are_kept()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.WriteAllText(Target, "old");
        File.SetUnixFileMode(Target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        AtomicFile.WriteAllText(Target, "new");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(Target));
    }

    [Fact]
    public async Task Arguments_are_checked()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => AtomicFile.WriteAsync(Target, (Func<Stream, CancellationToken, Task>)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => AtomicFile.WriteAllTextAsync(null!, "x"));
        Assert.Throws<ArgumentException>(() => AtomicFile.WriteAllText("", "x"));
    }

    private void NothingElse(params string[] others) =>
        Assert.Equal(others.Append("state.json").Order(), Directory.EnumerateFileSystemEntries(_directory.Path).Select(Path.GetFileName).Order()!);
}
