using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class CodeActionSelectionTests
{
    [Theory]
    [InlineData(null, null, "OneM")]
    [InlineData(0, null, "OneM")]
    [InlineData(1, null, "TwoM")]
    [InlineData(2, null, "ThreeM")]
    [InlineData(null, "two", "TwoM")]
    [InlineData(2, "three", "ThreeM")]
    public Task Index_and_key_select_an_action_also_in_submenus(int? index, string? key, string name)
        => Outcome.PassesAsync(Test(index, key, name));

    [Theory]
    [InlineData(3, null)]
    [InlineData(null, "four")]
    public async Task An_action_that_is_not_offered_fails_and_the_offered_ones_are_named(int? index, string? key)
        => Outcome.Says(
            "Offered: 'To One' (equivalence key 'one'), 'To Two' (equivalence key 'two'), 'To Three' (equivalence key 'three').",
            await Outcome.FailsAsync(Test(index, key, "OneM")));

    [Fact]
    public async Task Index_and_key_must_mean_the_same_action()
        => Outcome.Says("The code action 1 should have the equivalence key 'three'", await Outcome.FailsAsync(Test(1, "three", "TwoM")));

    [Fact]
    public async Task A_test_can_leave_out_actions()
    {
        var test = new SecondOnlyTest { TestCode = "class C { void [|BadM|]() { } }", FixedCode = "class C { void TwoM() { } }" };
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task Several_providers_offer_in_their_order()
    {
        TwoProvidersTest Two(int index, string name) => new()
        {
            TestCode = "class C { void [|BadM|]() { } }",
            FixedCode = $"class C {{ void {name}() {{ }} }}",
            CodeActionIndex = index,
        };

        await Outcome.PassesAsync(Two(0, "OneM"));
        await Outcome.PassesAsync(Two(3, "GoodM"));
    }

    private static SampleFixTest<BadMethodAnalyzer, MenuFix> Test(int? index, string? key, string name) => new()
    {
        TestCode = "class C { void [|BadM|]() { } }",
        FixedCode = $"class C {{ void {name}() {{ }} }}",
        CodeActionIndex = index,
        CodeActionEquivalenceKey = key,
    };

    /// <summary>Offers one name, and two more in a submenu of a submenu.</summary>
    private sealed class MenuFix : BadMethodFix
    {
        public override FixAllProvider? GetFixAllProvider() => null;

        public override Task RegisterCodeFixesAsync(CodeFixContext context)
        {
            CodeAction To(string name) => CodeAction.Create(
                "To " + name, cancellation => new NamingFix(name).ApplyAsync(context, cancellation), name.ToLowerInvariant());
            var inner = CodeAction.Create("Still more", [To("Two")], isInlinable: false);
            context.RegisterCodeFix(To("One"), context.Diagnostics);
            context.RegisterCodeFix(CodeAction.Create("More", [inner, To("Three")], isInlinable: false), context.Diagnostics);
            return Task.CompletedTask;
        }

        private sealed class NamingFix(string name) : BadMethodFix
        {
            public Task<Document> ApplyAsync(CodeFixContext context, CancellationToken cancellation)
                => RenameAsync(context.Document, context.Diagnostics[0], cancellation);

            protected override string NewName(string oldName) => name + oldName["Bad".Length..];
        }
    }

    /// <summary>Sees only the second action.</summary>
    private sealed class SecondOnlyTest : SampleFixTest<BadMethodAnalyzer, MenuFix>
    {
        protected override ImmutableArray<CodeAction> FilterCodeActions(ImmutableArray<CodeAction> actions)
            => [base.FilterCodeActions(actions)[1]];
    }

    /// <summary>Has two providers.</summary>
    private sealed class TwoProvidersTest : SampleFixTest<BadMethodAnalyzer, MenuFix>
    {
        public TwoProvidersTest() => CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck;

        protected override IEnumerable<CodeFixProvider> GetCodeFixProviders() => [new MenuFix(), new BadMethodFix()];
    }
}
