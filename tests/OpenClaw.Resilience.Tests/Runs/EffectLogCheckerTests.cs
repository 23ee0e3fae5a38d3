namespace OpenClaw.Resilience.Tests.Runs;

public sealed class EffectLogCheckerTests
{
    private const string One = "a|key-a|1|x";
    private const string Two = "a|key-a|2|y";

    public static TheoryData<string, string[]> Wrong => new()
    {
        { "executed again after it was acknowledged", [Line("E", "a", One), Line("A", "a", One), Line("E", "a", Two)] },
        { "in doubt after it was acknowledged", [Line("E", "a", One), Line("A", "a", One), Line("D", "a", "")] },
        { "repeated without having been in doubt", [Line("E", "a", One), Line("E", "a", Two)] },
        { "acknowledged with another result", [Line("E", "a", One), Line("D", "a", ""), Line("E", "a", Two), Line("A", "a", One), Line("A", "a", Two)] },
        { "a result that it never produced", [Line("E", "a", One), Line("A", "a", Two)] },
        { "was complete", [Line("C", "", ""), Line("E", "a", One)] },
        { "share an idempotency key", [Line("E", "a", One), Line("E", "b", One)] },
        { "several idempotency keys", [Line("E", "a", One), Line("D", "a", ""), Line("E", "a", "a|other|2|y")] },
        { "is not in the journal", [Line("E", "a", One), Line("A", "a", One)] },
        { "unreadable", ["torn"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_must_not_happen_is_found(string violation, string[] lines) =>
        Assert.Contains(EffectLogChecker.Check(lines, [], 1).Violations, found => found.Contains(violation, StringComparison.Ordinal));

    [Fact]
    public void What_may_happen_is_not()
    {
        string[] lines = [Line("E", "a", One), Line("D", "a", ""), Line("E", "a", Two), Line("A", "a", Two), Line("A", "a", Two), Line("E", "b", "b|key-b|1|z")];

        EffectLogChecker checker = EffectLogChecker.Check(lines, [Records.Completed(0, "a", $"\"{Two}\"")], 1);

        Assert.Empty(checker.Violations);
        Assert.Equal((1, 1), (checker.Acknowledged, checker.InDoubt));
    }

    [Theory]
    [InlineData("a|key-a|2|z", "repeated without having been in doubt")]
    [InlineData("a|key-a|3|z", "repeated without having been in doubt")]
    public void A_paused_owner_may_execute_what_it_had_marked_and_nothing_twice(string again, string violation)
    {
        string[] lines = [Line("D", "a", ""), Line("E", "a", Two), Line("E", "a", One), Line("F", "", "")];

        EffectLogChecker late = EffectLogChecker.Check(lines, [], 1, ownersWerePaused: true);
        EffectLogChecker repeated = EffectLogChecker.Check([.. lines, Line("E", "a", again)], [], 1, ownersWerePaused: true);

        Assert.Empty(late.Violations);
        Assert.Equal((1, 1), (late.Late, late.FencedOff));
        Assert.Contains(violation, Assert.Single(repeated.Violations), StringComparison.Ordinal);
        Assert.Equal(1, repeated.Count(Breach.SilentlyRepeated));
    }

    [Fact]
    public void What_a_paused_owner_does_after_the_acknowledgement_is_late_only_if_it_was_marked_before()
    {
        string[] lines = [Line("D", "a", ""), Line("E", "a", Two), Line("A", "a", Two), Line("E", "a", One), Line("D", "a", "")];
        StepRecord[] journal = [Records.Completed(0, "a", $"\"{Two}\"")];

        Assert.Empty(EffectLogChecker.Check(lines, journal, 1, ownersWerePaused: true).Violations);
        EffectLogChecker again = EffectLogChecker.Check([.. lines, Line("E", "a", "a|key-a|3|z")], journal, 1, ownersWerePaused: true);
        Assert.Equal(1, again.Count(Breach.ExecutedAgain));
    }

    private static string Line(string what, string step, string value) => $"{what}\t1\t{step}\t{value}";
}
