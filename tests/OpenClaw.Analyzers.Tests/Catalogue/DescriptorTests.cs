using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>What every rule has to have.</summary>
public sealed class DescriptorTests
{
    private static readonly Dictionary<string, string> CategoryByRange = new()
    {
        ["OCG10"] = "OpenClaw.Calls",
        ["OCG11"] = "OpenClaw.Retry",
        ["OCG12"] = "OpenClaw.Clients",
        ["OCG13"] = "OpenClaw.Runs",
    };

    [Theory]
    [MemberData(nameof(Rules.Ids), MemberType = typeof(Rules))]
    public void The_id_is_in_the_range_of_its_category(string id)
        => Assert.Equal(CategoryByRange[id[..5]], Rules.Find(id).Category);

    [Theory]
    [MemberData(nameof(Rules.Ids), MemberType = typeof(Rules))]
    public void One_analyzer_reports_the_rule(string id)
        => Assert.Single(Rules.Analyzers, analyzer => analyzer.SupportedDiagnostics.Any(rule => rule.Id == id));

    [Theory]
    [MemberData(nameof(Rules.Ids), MemberType = typeof(Rules))]
    public void Nothing_is_an_error_by_default(string id)
        => Assert.NotEqual(DiagnosticSeverity.Error, Rules.Find(id).DefaultSeverity);

    [Theory]
    [MemberData(nameof(Rules.Ids), MemberType = typeof(Rules))]
    public void The_release_notes_list_the_rule_as_it_is(string id)
    {
        DiagnosticDescriptor rule = Rules.Find(id);
        string severity = rule.IsEnabledByDefault ? rule.DefaultSeverity.ToString() : "Disabled";
        string notes = Repository.Read("analyzers/OpenClaw.Analyzers/AnalyzerReleases.Shipped.md") + Repository.Read("analyzers/OpenClaw.Analyzers/AnalyzerReleases.Unshipped.md");
        Assert.Contains($"{id} | {rule.Category} | {severity} | {rule.Title}", notes, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rules.Ids), MemberType = typeof(Rules))]
    public void The_rule_has_a_page_of_its_title_category_and_sections(string id)
    {
        DiagnosticDescriptor rule = Rules.Find(id);
        string page = Repository.Read($"docs/rules/{id}.md");
        Assert.StartsWith($"# {id}: {rule.Title}\n", page, StringComparison.Ordinal);
        Assert.Contains($"| Category | {rule.Category} |", page, StringComparison.Ordinal);
        Assert.Contains($"| Default | {LevelOf(rule)}", page, StringComparison.Ordinal);
        Assert.EndsWith($"/docs/rules/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
        Assert.All(["## Cause", "## Why", "## Example", "## When it stays silent", "## Suppress"], section => Assert.Contains(section + "\n", page, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rules.Ids), MemberType = typeof(Rules))]
    public void A_rule_whose_page_promises_a_fix_has_one_for_document_project_and_solution(string id)
    {
        CodeFixProvider[] fixes = [.. Rules.Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(id))];
        Assert.Equal(Repository.Read($"docs/rules/{id}.md").Contains("| Fix | yes", StringComparison.Ordinal), fixes.Length > 0);
        Assert.All(fixes, fix => Assert.Equal(
            [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution],
            fix.GetFixAllProvider()!.GetSupportedFixAllScopes().Order()));
    }

    [Theory]
    [MemberData(nameof(Rules.Ids), MemberType = typeof(Rules))]
    public void The_readme_lists_the_rule(string id)
    {
        DiagnosticDescriptor rule = Rules.Find(id);
        Assert.Contains($"| [{id}](docs/rules/{id}.md) | {rule.Title} |", Repository.Read("README.md"), StringComparison.Ordinal);
    }

    private static string LevelOf(DiagnosticDescriptor rule) => (rule.IsEnabledByDefault, rule.DefaultSeverity) switch
    {
        (false, _) => "off",
        (_, DiagnosticSeverity.Warning) => "warning",
        _ => "suggestion",
    };
}
