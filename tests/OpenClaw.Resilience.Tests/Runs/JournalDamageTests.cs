using System.Buffers;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>What is left of a journal that was cut, flipped or written to by others.</summary>
public sealed class JournalDamageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string JournalPath => JournalSample.PathIn(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Cut_at_any_byte_it_keeps_every_record_before_and_says_what_it_lost()
    {
        JournalSample sample = await JournalSample.MakeTwoStepsAsync();
        for (int length = 0; length <= sample.Bytes.Length; length++)
        {
            (IReadOnlyList<StepRecord> records, JournalRepair? repair) = await JournalSample.ReadAsync(_directory.Path, sample.Bytes[..length]);

            int whole = sample.Offsets.Skip(1).Count(end => end <= length);
            Assert.Equal(sample.Records.Take(whole), records);
            bool clean = length == 0 || sample.Offsets.Contains(length);
            Assert.Equal(clean, repair is null);
            if (repair is not null)
            {
                int end = length < sample.Offsets[0] ? 0 : sample.Offsets.Last(offset => offset <= length);
                Assert.Equal((JournalPath, end, length - end), (repair.Path, repair.Offset, repair.BytesCut));
            }
        }
    }

    [Fact]
    public async Task Flipped_at_any_bit_of_the_last_record_it_loses_at_most_that_one_and_says_so()
    {
        JournalSample sample = await JournalSample.MakeTwoStepsAsync();
        for (int offset = sample.Offsets[^2]; offset < sample.Offsets[^1]; offset++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                (IReadOnlyList<StepRecord> records, JournalRepair? repair) = await JournalSample.ReadAsync(_directory.Path, sample.Flip(offset, bit));

                Assert.Equal(sample.Records.SkipLast(1), records);
                Assert.Equal(sample.Offsets[^2], repair!.Offset);
                Assert.Contains("record 4", repair.Reason, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Flipped_anywhere_else_it_never_loses_a_result_without_an_error()
    {
        JournalSample sample = await JournalSample.MakeTwoStepsAsync();
        for (int offset = 0; offset < sample.Offsets[^2]; offset++)
        {
            byte[] damaged = sample.Flip(offset, offset % 8);
            bool inLastMark = offset >= sample.Offsets[3];
            if (inLastMark)
            {
                // Unflushed when the result behind it was written, so that a power failure can do this.
                (IReadOnlyList<StepRecord> records, JournalRepair? repair) = await JournalSample.ReadAsync(_directory.Path, damaged);
                Assert.Equal([0, 1, 2, 4], records.Select(record => record.Sequence));
                Assert.Equal(sample.Records[4], records[3]);
                Assert.Contains("1 marks", repair!.Reason, StringComparison.Ordinal);
                continue;
            }

            var exception = await Assert.ThrowsAsync<CheckpointCorruptedException>(() => JournalSample.ReadAsync(_directory.Path, damaged));
            Assert.Equal(JournalPath, exception.Path);
            Assert.Equal(offset < sample.Offsets[0] ? 0 : sample.Offsets.Last(start => start <= offset), exception.Offset);
            Assert.Contains(JournalPath, exception.Message, StringComparison.Ordinal);
            Assert.Contains("backup", exception.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, File.ReadAllBytes(JournalPath));
        }
    }

    [Fact]
    public async Task Many_marks_lost_by_a_power_failure_leave_the_result_behind_them()
    {
        JournalSample sample = await JournalSample.MakeAsync(
            Records.Opened(0), Records.Started(1, "a"), Records.Started(2, "b"), Records.Started(3, "c"), Records.Completed(4, "b"));
        byte[] damaged = [.. sample.Bytes];
        damaged.AsSpan(sample.Offsets[1] + 3, sample.Offsets[4] - sample.Offsets[1] - 3).Clear();

        (IReadOnlyList<StepRecord> records, JournalRepair? repair) = await JournalSample.ReadAsync(_directory.Path, damaged);

        Assert.Equal([0, 4], records.Select(record => record.Sequence));
        Assert.Contains("3 marks", repair!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_repaired_once_is_whole_afterwards()
    {
        JournalSample sample = await JournalSample.MakeTwoStepsAsync();
        byte[] damaged = [.. sample.Flip(sample.Offsets[3] + 5, 1), 1, 2, 3];
        (_, JournalRepair? repair) = await JournalSample.ReadAsync(_directory.Path, damaged);
        Assert.NotNull(repair);
        Assert.Equal(sample.Bytes.Length, new FileInfo(JournalPath).Length);

        FileCheckpointStore store = JournalSample.OpenStore(_directory.Path);
        RunLease lease = await store.AcquireAsync(JournalSample.Run);
        Assert.Null(lease.Repair);
        await store.AppendAsync(lease, Records.Opened(5));
        await store.AppendAsync(lease, Records.Completed(6, "next"));
        await store.ReleaseAsync(lease);

        lease = await store.AcquireAsync(JournalSample.Run);
        Assert.Null(lease.Repair);
        Assert.Equal([0, 1, 2, 4, 5, 6], (await store.ReadAllAsync(lease)).Select(record => record.Sequence));
    }

    [Fact]
    public async Task A_result_damaged_after_the_next_process_opened_the_run_is_an_error()
    {
        // The opening record of that process is the only one behind it: it must count the result as safely stored.
        JournalSample sample = await JournalSample.MakeTwoStepsAsync();
        await JournalSample.ReadAsync(_directory.Path, sample.Bytes);
        FileCheckpointStore store = JournalSample.OpenStore(_directory.Path);
        RunLease lease = await store.AcquireAsync(JournalSample.Run);
        await store.AppendAsync(lease, Records.Opened(5));
        await store.ReleaseAsync(lease);
        byte[] bytes = File.ReadAllBytes(JournalPath);
        bytes[sample.Offsets[4] + 20] ^= 4;

        await Assert.ThrowsAsync<CheckpointCorruptedException>(() => JournalSample.ReadAsync(_directory.Path, bytes));
    }

    [Theory]
    [InlineData(1, 0x00)]
    [InlineData(5000, 0x00)]
    [InlineData(1, 0xFF)]
    [InlineData(70000, 0xFF)]
    [InlineData(65536, 0xC1)]
    public async Task What_was_never_a_record_is_cut_off_the_end(int length, byte fill)
    {
        JournalSample sample = await JournalSample.MakeTwoStepsAsync();

        (IReadOnlyList<StepRecord> records, JournalRepair? repair) = await JournalSample.ReadAsync(
            _directory.Path, [.. sample.Bytes, .. Enumerable.Repeat(fill, length)]);

        Assert.Equal(sample.Records, records);
        Assert.Equal(length, repair!.BytesCut);
        Assert.Equal(sample.Bytes, File.ReadAllBytes(JournalPath));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Damaged_at_random_it_gives_out_only_what_was_written(int seed)
    {
        JournalSample sample = await JournalSample.MakeTwoStepsAsync();
        var random = new Random(seed);
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = [.. sample.Bytes];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                int start = random.Next(damaged.Length);
                random.NextBytes(damaged.AsSpan(start, Math.Min(random.Next(1, 200), damaged.Length - start)));
            }

            damaged = damaged[..random.Next(damaged.Length / 2, damaged.Length)];
            try
            {
                (IReadOnlyList<StepRecord> records, _) = await JournalSample.ReadAsync(_directory.Path, damaged);
                Assert.All(records, record => Assert.Equal(sample.Records[(int)record.Sequence], record));
                Assert.Equal(records.Select(record => record.Sequence).Order(), records.Select(record => record.Sequence));
            }
            catch (CheckpointCorruptedException)
            {
                Assert.Equal(damaged, File.ReadAllBytes(JournalPath));
            }
        }
    }

    [Fact]
    public async Task A_missing_record_in_the_middle_is_an_error()
    {
        JournalSample sample = await JournalSample.MakeTwoStepsAsync();
        byte[] without = [.. sample.Bytes[..sample.Offsets[2]], .. sample.Bytes[sample.Offsets[3]..]];

        var exception = await Assert.ThrowsAsync<CheckpointCorruptedException>(() => JournalSample.ReadAsync(_directory.Path, without));

        Assert.Contains("record 3 where record 2 belongs", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_stands_twice_is_an_error()
    {
        JournalSample sample = await JournalSample.MakeTwoStepsAsync();

        await Assert.ThrowsAsync<CheckpointCorruptedException>(
            () => JournalSample.ReadAsync(_directory.Path, [.. sample.Bytes, .. sample.Bytes[sample.Offsets[4]..]]));
    }

    [Fact]
    public async Task A_journal_of_a_newer_format_is_refused_and_left_alone()
    {
        JournalSample sample = await JournalSample.MakeTwoStepsAsync();
        byte[] newer = [.. sample.Bytes[..8], .. Frame([0, 2, 1, 0]), .. sample.Bytes[sample.Offsets[0]..]];

        var exception = await Assert.ThrowsAsync<CheckpointVersionException>(() => JournalSample.ReadAsync(_directory.Path, newer));

        Assert.Equal(2, exception.Found);
        Assert.Equal(1, exception.Known);
        Assert.Equal(newer, File.ReadAllBytes(JournalPath));
    }

    [Fact]
    public async Task A_record_of_an_unknown_kind_is_an_error_and_not_cut()
    {
        JournalSample sample = await JournalSample.MakeTwoStepsAsync();
        byte[] foreign = [.. sample.Bytes, .. Frame([99, 5, 0, 0])];

        var exception = await Assert.ThrowsAsync<CheckpointCorruptedException>(() => JournalSample.ReadAsync(_directory.Path, foreign));

        Assert.Equal(sample.Bytes.Length, exception.Offset);
        Assert.Equal(foreign, File.ReadAllBytes(JournalPath));
    }

    [Fact]
    public async Task A_step_whose_result_was_lost_is_in_doubt_and_not_repeated()
    {
        AgentRunOptions options = new() { Store = JournalSample.OpenStore(_directory.Path), OnInDoubt = InDoubtAction.Throw };
        await using (AgentRun run = await AgentRun.ResumeAsync(JournalSample.Run, options))
        {
            await run.StepAsync("plan", (_, _) => Task.FromResult("kept"));
            await run.StepAsync("act", (_, _) => Task.FromResult("lost"));
        }

        byte[] bytes = File.ReadAllBytes(JournalPath);
        File.WriteAllBytes(JournalPath, bytes[..^1]);

        await using AgentRun resumed = await AgentRun.ResumeAsync(JournalSample.Run, options);
        Assert.NotNull(resumed.Recovery.Repair);
        Assert.Equal("act", Assert.Single(resumed.Recovery.InDoubt).Step);
        Assert.Equal("kept", await resumed.StepAsync<string>("plan", (_, _) => throw new InvalidOperationException("executed")));
        await Assert.ThrowsAsync<StepInDoubtException>(() => resumed.StepAsync<string>("act", (_, _) => throw new InvalidOperationException("executed")));
    }

    [Fact]
    public async Task The_bytes_of_a_journal_are_the_same_for_ever()
    {
        // Whoever changes these writes a new format version and keeps reading the old one.
        JournalSample sample = await JournalSample.MakeAsync(Records.Opened(0), Records.Started(1, "act#2", attempt: 300), Records.Completed(2, "act#2"));

        Assert.Equal("894F43520D0A1A0A", Convert.ToHexString(sample.Bytes.AsSpan(0, 8)));
        Assert.Equal(
            Golden,
            Convert.ToHexString(sample.Bytes));
    }

    // Made by another implementation of docs/checkpoint-format.md.
    private const string Golden =
        "894F43520D0A1A0AFFC12C0000003AB710A4000101286A6F75726E616C2D6133303133626136333631333166373833313239633661386266366539636139FFC1240000009CCE1367010000000000000000000180C0B084A1F19DEF0800010000067465737465720003010203FFC121000000F405A0A0020100000000000000000180C0B084A1F19DEF08AC020100056163742332000000FFC129000000135D4ABF030200000000000000010180C0B084A1F19DEF0801010005616374233200030908070622646F6E6522";

    private static byte[] Frame(byte[] body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        JournalFrame.Write(buffer, body, static (ArrayBufferWriter<byte> writer, in byte[] bytes) => writer.Write(bytes));
        return buffer.WrittenSpan.ToArray();
    }
}
