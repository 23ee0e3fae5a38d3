using System.Text;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>Records for tests of stores.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static StepRecord Opened(long sequence, DateTimeOffset? at = null) =>
        new() { Sequence = sequence, Kind = StepRecordKind.RunOpened, At = at ?? Noon, Payload = new byte[] { 1, 2, 3 }, Detail = "tester", SchemaVersion = 1 };

    public static StepRecord Started(long sequence, string step, int attempt = 1) =>
        new() { Sequence = sequence, Kind = StepRecordKind.StepStarted, At = Noon, Step = step, Attempt = attempt, SchemaVersion = 1 };

    public static StepRecord Completed(long sequence, string step, string json = "\"done\"", DateTimeOffset? at = null) => new()
    {
        Sequence = sequence,
        Kind = StepRecordKind.StepCompleted,
        At = at ?? Noon,
        Step = step,
        Attempt = 1,
        SchemaVersion = 1,
        InputDigest = new byte[] { 9, 8, 7 },
        Payload = Encoding.UTF8.GetBytes(json),
    };

    public static StepRecord Failed(long sequence, string step, bool mayHaveRun) => new()
    {
        Sequence = sequence,
        Kind = StepRecordKind.StepFailed,
        At = Noon,
        Step = step,
        Attempt = 1,
        SchemaVersion = 1,
        Detail = "System.TimeoutException",
        MayHaveRun = mayHaveRun,
    };

    public static StepRecord RunCompleted(long sequence, DateTimeOffset? at = null) =>
        new() { Sequence = sequence, Kind = StepRecordKind.RunCompleted, At = at ?? Noon, SchemaVersion = 1 };
}
