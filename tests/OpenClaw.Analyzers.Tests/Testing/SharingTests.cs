using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Formatting;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

/// <summary>What tests share makes them fast; these tests make sure that it is shared, and that nothing else is.</summary>
public class SharingTests
{
    [Fact]
    public async Task A_fix_test_analyses_each_solution_once()
    {
        var test = new CountingTest
        {
            TestCode = "class C { void [|BadA|]() { } void [|BadB|]() { } }",
            FixedCode = "class C { void GoodA() { } void GoodB() { } }",
        };
        await Outcome.PassesAsync(test);

        // The test state, the same under a pragma, after the first and after the second fix; two of them also for non-local diagnostics.
        Assert.Equal(4 + 2, test.Analyses);
    }

    [Fact]
    public async Task A_second_run_of_a_test_analyses_again()
    {
        var test = new CountingTest { TestCode = "class C { }" };
        await Outcome.PassesAsync(test);
        Assert.Equal(1, test.Analyses);

        // What counts may have been changed in the meantime, besides the sources.
        await Outcome.PassesAsync(test);
        Assert.Equal(2, test.Analyses);
    }

    [Fact]
    public async Task Tests_of_the_same_kind_read_the_framework_once()
    {
        IAssemblySymbol first = await ReadAsync(new FrameworkTest { TestCode = "class C { }" });
        IAssemblySymbol second = await ReadAsync(new FrameworkTest { TestCode = "class D { }" });

        Assert.Same(first, second);

        static async Task<IAssemblySymbol> ReadAsync(FrameworkTest test)
        {
            await Outcome.PassesAsync(test);
            return test.Framework!;
        }
    }

    [Fact]
    public async Task References_to_the_same_file_are_the_same_reference()
    {
        async Task<IAssemblySymbol> ReadAsync()
        {
            var test = new FrameworkTest { TestCode = "class C { }" };
            test.TestState.AdditionalReferences.Add(MetadataReference.CreateFromFile(typeof(FactAttribute).Assembly.Location));
            await Outcome.PassesAsync(test);
            return test.Framework!;
        }

        Assert.Same(await ReadAsync(), await ReadAsync());
    }

    [Fact]
    public async Task Options_of_one_test_do_not_reach_another()
    {
        async Task<int> IndentationAsync(int? size)
        {
            var test = new IndentationTest { TestCode = "class C { }" };
            if (size is { } changed)
            {
                test.OptionsTransforms.Add(
                    options => options.WithChangedOption(FormattingOptions.IndentationSize, LanguageNames.CSharp, changed));
            }

            await Outcome.PassesAsync(test);
            return test.Size;
        }

        int before = await IndentationAsync(null);
        Assert.Equal(before + 3, await IndentationAsync(before + 3));
        Assert.Equal(before, await IndentationAsync(null));
    }

    [Fact]
    public async Task Tests_can_run_at_the_same_time()
        => await Parallel.ForEachAsync(
            Enumerable.Range(0, 40),
            new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken, MaxDegreeOfParallelism = 8 },
            async (number, _) =>
            {
                string bad = $"class C{number} {{ void [|Bad{number}|]() {{ }} }}";
                string good = $"class C{number} {{ void Good{number}() {{ }} }}";
                var test = new SampleFixTest<BadMethodAnalyzer, BadMethodFix> { TestCode = bad, FixedCode = number % 2 == 0 ? good : bad };
                if (number % 2 == 0)
                {
                    await Outcome.PassesAsync(test);
                }
                else
                {
                    Outcome.Says($"+class C{number} {{ void Good{number}", await Outcome.FailsAsync(test));
                }
            });

    /// <summary>Counts how often a compilation is analysed.</summary>
    private sealed class CountingTest : SampleFixTest<BadMethodAnalyzer, BadMethodFix>
    {
        public int Analyses { get; private set; }

        protected override CompilationWithAnalyzers CreateCompilationWithAnalyzers(
            Compilation compilation,
            ImmutableArray<DiagnosticAnalyzer> analyzers,
            AnalyzerOptions options,
            CancellationToken cancellationToken)
        {
            Analyses++;
            return base.CreateCompilationWithAnalyzers(compilation, analyzers, options, cancellationToken);
        }
    }

    /// <summary>Keeps the symbol of the framework.</summary>
    private sealed class FrameworkTest : SampleTest<BadMethodAnalyzer>
    {
        public IAssemblySymbol? Framework { get; private set; }

        protected override CompilationWithAnalyzers CreateCompilationWithAnalyzers(
            Compilation compilation,
            ImmutableArray<DiagnosticAnalyzer> analyzers,
            AnalyzerOptions options,
            CancellationToken cancellationToken)
        {
            Framework = compilation.GetSpecialType(SpecialType.System_Object).ContainingAssembly;
            return base.CreateCompilationWithAnalyzers(compilation, analyzers, options, cancellationToken);
        }
    }

    /// <summary>Keeps an option of the workspace.</summary>
    private sealed class IndentationTest : SampleTest<BadMethodAnalyzer>
    {
        public int Size { get; private set; }

        protected override AnalyzerOptions GetAnalyzerOptions(Project project)
        {
            Size = project.Solution.Workspace.Options.GetOption(FormattingOptions.IndentationSize, LanguageNames.CSharp);
            return base.GetAnalyzerOptions(project);
        }
    }
}
