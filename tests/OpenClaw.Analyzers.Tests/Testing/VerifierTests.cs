using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace OpenClaw.Analyzers.Tests.Testing;

public class VerifierTests
{
    private static readonly DefaultVerifier Verifier = new();

    [Fact]
    public void Claims_that_hold_return()
    {
        Verifier.Empty("list", Array.Empty<int>());
        Verifier.NotEmpty("list", [1]);
        Verifier.Equal(1, 1);
        Verifier.SequenceEqual([1, 2], [1, 2]);
        Verifier.SequenceEqual(["a"], ["A"], StringComparer.OrdinalIgnoreCase);
        Verifier.True(true);
        Verifier.False(false);
        Verifier.LanguageIsSupported(LanguageNames.CSharp);
        Verifier.EqualOrDiff("a", "a");
    }

    [Fact]
    public void Claims_that_do_not_hold_throw_what_they_are_about()
    {
        Throws("list", () => Verifier.Empty("list", [1]));
        Throws("list", () => Verifier.NotEmpty("list", Array.Empty<int>()));
        Throws("Expected '1', was '2'.", () => Verifier.Equal(1, 2));
        Throws("mine", () => Verifier.Equal(1, 2, "mine"));
        Throws("Expected [1, 2], was [2, 1].", () => Verifier.SequenceEqual([1, 2], [2, 1]));
        Throws("mine", () => Verifier.True(false, "mine"));
        Throws("mine", () => Verifier.False(true, "mine"));
        Throws("mine", () => Verifier.Fail("mine"));
        Throws("Cobol", () => Verifier.LanguageIsSupported("Cobol"));
    }

    [Fact]
    public void The_context_stands_before_the_message_outermost_first()
        => Assert.Equal(
            "[outer > inner]" + Environment.NewLine + "message",
            Assert.Throws<InvalidOperationException>(() => Verifier.PushContext("outer").PushContext("inner").Fail("message")).Message);

    [Fact]
    public void A_derived_verifier_must_make_its_own_context()
        => Throws("must override PushContext", () => new DerivedVerifier().PushContext("context"));

    [Fact]
    public void Different_texts_are_shown_line_by_line()
        => Throws(
            """
            heading
             a
            -b
            +B
             c
            +d
            """,
            () => Verifier.EqualOrDiff("a\nb\nc", "a\nB\nc\nd", "heading"));

    [Fact]
    public void Different_line_endings_are_made_visible()
        => Throws(
            """
            -a<CR><LF>
            +a<LF>
             b
            """,
            () => Verifier.EqualOrDiff("a\r\nb", "a\nb"));

    [Fact]
    public void A_long_equal_stretch_is_cut()
    {
        string[] lines = [.. Enumerable.Range(1, 100).Select(number => $"line {number}")];
        string expected = string.Join('\n', lines);
        lines[49] = "changed";

        Throws(
            """
              ... 43 equal lines
             line 44
             line 45
             line 46
             line 47
             line 48
             line 49
            -line 50
            +changed
             line 51
             line 52
             line 53
             line 54
             line 55
             line 56
              ... 44 equal lines
            """,
            () => Verifier.EqualOrDiff(expected, string.Join('\n', lines)));
    }

    private static void Throws(string message, Action claim)
        => Outcome.Says(message, Assert.Throws<InvalidOperationException>(claim).Message);

    private sealed class DerivedVerifier : DefaultVerifier;
}
