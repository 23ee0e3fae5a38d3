using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Tests.Testing;

public class MarkupTests
{
    [Theory]
    [InlineData("plain text", "plain text", "")]
    [InlineData("a [|b|] c", "a b c", "[2..3)")]
    [InlineData("a {|ID:b|} c", "a b c", "ID[2..3)")]
    [InlineData("{|ID:a|} {|ID:b|}", "a b", "ID[0..1) ID[2..3)")]
    [InlineData("[|a [|b|] c|]", "a b c", "[2..3) [0..5)")]
    [InlineData("{|A:a {|B:b|} c|}", "a b c", "A[0..5) B[2..3)")]
    [InlineData("{|A:|}", "", "A[0..0)")]
    [InlineData("{|#0:a|} {|#1:b|#1}", "a b", "#0[0..1) #1[2..3)")]
    [InlineData("{|#0:a {|#1:b|#0} c|#1}", "a b c", "#0[0..3) #1[2..5)")]
    [InlineData("{|#0:a {|#1:b|} c|#1}", "a b c", "#0[0..3) #1[2..5)")]
    [InlineData("{|#0:a [|b|#0} c|]", "a b c", "[2..5) #0[0..3)")]
    [InlineData("int[] x = [|new int[]|]", "int[] x = new int[]", "[10..19)")]
    [InlineData("x[|[|]", "x[", "[1..2)")]
    [InlineData("{|A:[|}", "[", "A[0..1)")]
    [InlineData("{|A:{|}", "{", "A[0..1)")]
    [InlineData("a || b | c", "a || b | c", "")]
    public void Spans_are_read_and_removed(string markup, string text, string spans)
    {
        TestFileMarkupParser.GetSpans(markup, out string output, out ImmutableDictionary<string, ImmutableArray<TextSpan>> read);

        Assert.Equal(text, output);
        Assert.Equal(spans, string.Join(' ', read.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .SelectMany(pair => pair.Value.Select(span => pair.Key + span))));
    }

    [Fact]
    public void Positions_are_read_where_they_are_not_code()
    {
        TestFileMarkupParser.GetPositionsAndSpans("a$$b [|c$$|]", out string output, out ImmutableArray<int> positions, out _);

        Assert.Equal("ab c", output);
        Assert.Equal([1, 4], positions);

        TestFileMarkupParser.GetSpans("a$$b [|c|]", treatPositionIndicatorsAsCode: true, out output, out _);

        Assert.Equal("a$$b c", output);
    }

    [Fact]
    public void A_single_position_is_read()
    {
        TestFileMarkupParser.GetPosition("a$$b", out string output, out int position);

        Assert.Equal(("ab", 1), (output, position));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("$$a$$b")]
    public void A_single_position_must_be_there_once(string markup)
        => Assert.Throws<ArgumentException>(() => TestFileMarkupParser.GetPosition(markup, out _, out _));

    [Fact]
    public void A_single_span_is_read()
    {
        TestFileMarkupParser.GetSpan("a [|b|]", out string output, out TextSpan span);

        Assert.Equal(("a b", new TextSpan(2, 1)), (output, span));
        Assert.Throws<ArgumentException>(() => TestFileMarkupParser.GetSpan("[|a|] [|b|]", out _, out _));
    }

    [Theory]
    [InlineData("a [|b", "opens the span '[|'")]
    [InlineData("a {|ID:b", "opens the span 'ID'")]
    [InlineData("a|] b", "position 1")]
    [InlineData("a|} b", "position 1")]
    [InlineData("a {|#0:b|#1}", "closes the span '#1'")]
    [InlineData("{|#0:a|} {|#0:b|}", "more than one span '#0'")]
    [InlineData("{|#0:a {|#0:b|}|}", "more than one span '#0'")]
    public void Markup_that_does_not_fit_together_is_an_error(string markup, string complaint)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => TestFileMarkupParser.GetSpans(markup, out _, out ImmutableArray<TextSpan> _));

        Assert.Contains(complaint, exception.Message, StringComparison.Ordinal);
        Assert.Contains(markup, exception.Message, StringComparison.Ordinal);
    }
}
