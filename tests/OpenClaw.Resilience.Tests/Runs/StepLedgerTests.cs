namespace OpenClaw.Resilience.Tests.Runs;

public sealed class StepLedgerTests
{
    [Fact]
    public void A_result_that_the_program_has_is_not_kept_in_memory()
    {
        Dictionary<string, StepHistory> steps = [];
        var ledger = new StepLedger(RunId.From("ledger"), steps, recordedOrder: null);

        ledger.Enter("failed");
        ledger.Exit("failed", finished: false);
        ledger.Enter("done");
        ledger.Exit("done", finished: true);

        Assert.Equal(["failed"], steps.Keys);
    }
}
