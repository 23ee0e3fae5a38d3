using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class FixIterationTests
{
    private const string TwoBad = "class C { void [|BadA|]() { } void [|BadB|]() { } }";

    private const string TwoGood = "class C { void GoodA() { } void GoodB() { } }";

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    [InlineData(-2)]
    [InlineData(-5)]
    public Task The_number_of_fixes_one_after_the_other_can_be_exact_or_a_limit(int? number)
    {
        SampleFixTest<BadMethodAnalyzer, BadMethodFix> test = Test<BadMethodFix>(TwoBad, TwoGood);
        test.NumberOfIncrementalIterations = number;
        return Outcome.PassesAsync(test);
    }

    [Theory]
    [InlineData(1, "is 2; expected is 1")]
    [InlineData(3, "is 2; expected is 3")]
    [InlineData(-1, "is 2; expected is 1")]
    [InlineData(0, "More code actions are offered, one after the other, than the expected 0")]
    public async Task Another_number_of_fixes_fails(int number, string complaint)
    {
        SampleFixTest<BadMethodAnalyzer, BadMethodFix> test = Test<BadMethodFix>(TwoBad, TwoGood);
        test.NumberOfIncrementalIterations = number;
        Outcome.Says(complaint, await Outcome.FailsAsync(test));
    }

    [Fact]
    public async Task More_fixes_than_diagnostics_fail()
    {
        // BadBadM needs two fixes for one diagnostic.
        SampleFixTest<BadMethodAnalyzer, UncoveringFix> test =
            Test<UncoveringFix>("class C { void [|BadBadM|]() { } }", "class C { void M() { } }");
        Outcome.Says("is 2; expected is 1", await Outcome.FailsAsync(test));

        test.NumberOfIncrementalIterations = 2;
        test.NumberOfFixAllIterations = 2;
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task A_fix_that_never_ends_fails()
    {
        string message = await Outcome.FailsAsync(Test<EndlessFix>("class C { void [|BadM|]() { } }", "class C { void GoodM() { } }"));

        Outcome.Says("[One fix after the other]", message);
        Outcome.Says("More code actions are offered, one after the other, than the expected 1. Does the fix leave", message);
        Outcome.Says("+class C { void BadMMM() { } }", message);
    }

    [Fact]
    public async Task A_fix_that_never_ends_fails_also_with_a_limit()
    {
        SampleFixTest<BadMethodAnalyzer, EndlessFix> test =
            Test<EndlessFix>("class C { void [|BadM|]() { } }", "class C { void {|TST001:BadMMMM|}() { } }");
        test.NumberOfIncrementalIterations = -3;

        Outcome.Says("than the expected at most 3", await Outcome.FailsAsync(test));
    }

    [Fact]
    public async Task A_fix_that_leaves_the_diagnostic_where_it_was_stops()
    {
        var test = new SampleFixTest<BadMethodAnalyzer, ShufflingFix>
        {
            TestCode = "class C { void [|BadAB|]() { } }",
            FixedState = { Sources = { "class C { void [|BadBA|]() { } }" }, MarkupHandling = MarkupMode.Allow },
        };
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task Only_one_diagnostic_is_fixed_on_demand()
    {
        const string Fixed = "class C { void GoodA() { } void [|BadB|]() { } }";
        var test = new SampleFixTest<BadMethodAnalyzer, BadMethodFix>
        {
            TestCode = TwoBad,
            FixedState = { Sources = { Fixed }, MarkupHandling = MarkupMode.Allow },
            BatchFixedCode = TwoGood,
            CodeFixTestBehaviors = CodeFixTestBehaviors.FixOne,
        };
        await Outcome.PassesAsync(test);

        test.CodeFixTestBehaviors = CodeFixTestBehaviors.None;
        Outcome.Says("+class C { void GoodA() { } void GoodB() { } }", await Outcome.FailsAsync(test));
    }

    [Fact]
    public Task The_test_can_select_the_only_diagnostic() => Outcome.PassesAsync(new LastTest
    {
        TestCode = TwoBad,
        FixedState = { Sources = { "class C { void [|BadA|]() { } void GoodB() { } }" }, MarkupHandling = MarkupMode.Allow },
        CodeFixTestBehaviors = CodeFixTestBehaviors.FixOne | CodeFixTestBehaviors.SkipFixAllCheck,
    });

    private static SampleFixTest<BadMethodAnalyzer, TFix> Test<TFix>(string source, string fixedSource)
        where TFix : CodeFixProvider, new()
        => new() { TestCode = source, FixedCode = fixedSource };

    /// <summary>Takes one Bad away.</summary>
    private sealed class UncoveringFix : BadMethodFix
    {
        protected override string NewName(string name) => name["Bad".Length..];
    }

    /// <summary>Makes a longer bad name.</summary>
    private sealed class EndlessFix : BadMethodFix
    {
        protected override string NewName(string name) => name + "M";
    }

    /// <summary>Turns the last two letters round.</summary>
    private sealed class ShufflingFix : BadMethodFix
    {
        protected override string NewName(string name) => name[..^2] + name[^1] + name[^2];
    }

    /// <summary>Fixes the last diagnostic.</summary>
    private sealed class LastTest : SampleFixTest<BadMethodAnalyzer, BadMethodFix>
    {
        protected override Diagnostic? TrySelectDiagnosticToFix(ImmutableArray<Diagnostic> fixableDiagnostics)
            => fixableDiagnostics.LastOrDefault();
    }
}
