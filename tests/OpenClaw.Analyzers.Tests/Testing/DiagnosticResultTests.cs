using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.Tests.Testing.Samples;
using Verify = Microsoft.CodeAnalysis.CSharp.Testing.CSharpAnalyzerVerifier<
    OpenClaw.Analyzers.Tests.Testing.Samples.BadMethodAnalyzer, Microsoft.CodeAnalysis.Testing.DefaultVerifier>;

namespace OpenClaw.Analyzers.Tests.Testing;

public class DiagnosticResultTests
{
    [Fact]
    public void A_descriptor_gives_id_severity_and_message()
    {
        DiagnosticResult result = new DiagnosticResult(BadMethodAnalyzer.Descriptor).WithArguments("BadM");

        Assert.Equal(BadMethodAnalyzer.Id, result.Id);
        Assert.Equal(DiagnosticSeverity.Warning, result.Severity);
        Assert.Equal("The method 'BadM' is bad", result.Message);
        Assert.False(result.HasLocation);
        Assert.Null(result.IsSuppressed);
    }

    [Fact]
    public void An_id_alone_says_nothing_about_the_message()
    {
        Assert.Null(DiagnosticResult.CompilerWarning("CS0414").WithArguments("x").Message);
        Assert.Equal(DiagnosticSeverity.Warning, DiagnosticResult.CompilerWarning("CS0414").Severity);
        Assert.Equal(DiagnosticSeverity.Error, DiagnosticResult.CompilerError("CS0246").Severity);
    }

    [Fact]
    public void A_stated_message_wins_over_the_format_and_null_over_both()
    {
        DiagnosticResult result = new DiagnosticResult(BadMethodAnalyzer.Descriptor).WithArguments("BadM");

        Assert.Equal("mine", result.WithMessage("mine").Message);
        Assert.Null(result.WithMessage("mine").WithMessage(null).Message);
        Assert.Equal("<BadM>", result.WithMessageFormat("<{0}>").Message);
    }

    [Fact]
    public void A_format_without_enough_arguments_is_the_message_itself()
        => Assert.Equal(
            "{0} {1}", new DiagnosticResult("X", DiagnosticSeverity.Info).WithMessageFormat("{0} {1}").WithArguments("a").Message);

    [Fact]
    public void Locations_count_from_one_and_add_up()
    {
        DiagnosticResult result = DiagnosticResult.CompilerError("X").WithSpan("a.cs", 1, 2, 3, 4).WithLocation(5, 6);

        Assert.Equal(new LinePosition(0, 1), result.Spans[0].Span.StartLinePosition);
        Assert.Equal(new LinePosition(2, 3), result.Spans[0].Span.EndLinePosition);
        Assert.Equal(DiagnosticLocationOptions.None, result.Spans[0].Options);
        Assert.Equal(new LinePosition(4, 5), result.Spans[1].Span.StartLinePosition);
        Assert.Equal(DiagnosticLocationOptions.IgnoreLength, result.Spans[1].Options);
        Assert.Empty(result.WithNoLocation().Spans);
    }

    [Fact]
    public void A_default_path_goes_where_none_is_stated()
    {
        DiagnosticResult result = DiagnosticResult.CompilerError("X").WithSpan("a.cs", 1, 1, 1, 1).WithSpan(1, 1, 1, 1).WithLocation(0);

        Assert.Equal(["a.cs", "b.cs", string.Empty], result.WithDefaultPath("b.cs").Spans.Select(location => location.Span.Path));
    }

    [Fact]
    public void An_offset_moves_all_locations()
        => Assert.Equal(
            new LinePosition(3, 0),
            DiagnosticResult.CompilerError("X").WithSpan(1, 1, 1, 1).WithLineOffset(3).Spans[0].Span.StartLinePosition);

    [Fact]
    public void The_text_is_like_compiler_output()
    {
        DiagnosticResult result = new(BadMethodAnalyzer.Descriptor);

        Assert.Equal("a.cs(1,2,1,5): warning TST001: The method '{0}' is bad", result.WithSpan("a.cs", 1, 2, 1, 5).ToString());
        Assert.Equal(
            "?(1,2): hidden TST001",
            result.WithLocation(1, 2).WithSeverity(DiagnosticSeverity.Hidden).WithMessage(null).ToString());
        Assert.Equal("error CS0246", DiagnosticResult.CompilerError("CS0246").ToString());
    }

    [Fact]
    public void The_short_form_expects_the_only_diagnostic_of_an_analyzer()
    {
        Assert.Equal(BadMethodAnalyzer.Id, Verify.Diagnostic().Id);
        Assert.Equal(BadMethodAnalyzer.Id, Verify.Diagnostic(BadMethodAnalyzer.Id).Id);
        Assert.Throws<InvalidOperationException>(() => Verify.Diagnostic("other"));
        Assert.Throws<InvalidOperationException>(() => CSharpAnalyzerVerifier<EmptyDiagnosticAnalyzer, DefaultVerifier>.Diagnostic());
    }

    [Fact]
    public async Task The_short_form_verifies_an_analyzer()
    {
        await Verify.VerifyAnalyzerAsync("class C { void [|BadM|]() { } }");
        await Verify.VerifyAnalyzerAsync("class C { void BadM() { } }", Verify.Diagnostic().WithSpan(1, 16, 1, 20).WithArguments("BadM"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Verify.VerifyAnalyzerAsync("class C { void BadM() { } }"));
    }
}
