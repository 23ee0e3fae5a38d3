using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.CodeFixes;

namespace OpenClaw.Analyzers.Tests;

/// <summary>A project whose code begins to use the runtime gets its package, and no other does.</summary>
public sealed class RuntimeReferenceTests
{
    private const string Path = "/app/App.csproj";
    private const string Empty = "<Project Sdk=\"Microsoft.NET.Sdk\">\n</Project>\n";

    [Theory]
    [InlineData("using OpenClaw.Resilience;", true)]
    [InlineData("class A { object B(object b) => b.AddOpenClawResilience(); }", true)]
    [InlineData("class A { object B(object b) => b.AddStandardResilienceHandler(); }", false)]
    public async Task The_package_comes_with_the_first_word_of_it(string edited, bool isAdded)
    {
        using var workspace = new AdhocWorkspace();
        Project project = workspace.AddProject(ProjectInfo.Create(ProjectId.CreateNewId(), VersionStamp.Default, "App", "App", LanguageNames.CSharp, filePath: Path));
        TextDocument file = project.AddAdditionalDocument("App.csproj", Empty, filePath: Path);
        Document document = file.Project.AddDocument("A.cs", "class A { }");

        Solution after = await RuntimeReference.AddWhereMissingAsync(
            document.Project.Solution,
            document.Project.Solution.WithDocumentText(document.Id, SourceText.From(edited)),
            TestContext.Current.CancellationToken);

        string written = (await after.GetAdditionalDocument(file.Id)!.GetTextAsync(TestContext.Current.CancellationToken)).ToString();
        Assert.Equal(isAdded, written.Contains("PackageReference Include=\"OpenClaw.Resilience\"", StringComparison.Ordinal));
        Assert.Equal(isAdded, written != Empty);
    }
}
