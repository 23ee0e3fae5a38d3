using OpenClaw.Analyzers.CodeFixes;

namespace OpenClaw.Analyzers.Tests;

public sealed class ProjectXmlTests
{
    [Fact]
    public void The_item_stands_behind_the_last_one_of_its_kind_and_is_indented_like_it() => Assert.Equal(
        """
        <Project Sdk="Microsoft.NET.Sdk">
        	<ItemGroup>
        		<PackageReference Include="OpenAI" Version="2.15.0" /> <!-- pinned -->
        		<PackageReference Include="Polly" Version="8.9.1" />
        		<PackageReference Include="OpenClaw.Resilience" Version="1.0.0" />
        	</ItemGroup>
        </Project>
        """,
        Add("""
        <Project Sdk="Microsoft.NET.Sdk">
        	<ItemGroup>
        		<PackageReference Include="OpenAI" Version="2.15.0" /> <!-- pinned -->
        		<PackageReference Include="Polly" Version="8.9.1" />
        	</ItemGroup>
        </Project>
        """));

    [Fact]
    public void Without_an_item_of_its_kind_it_gets_a_group_at_the_end() => Assert.Equal(
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <ItemGroup>
            <PackageReference Include="OpenClaw.Resilience" Version="1.0.0" />
          </ItemGroup>

        </Project>
        """,
        Add("""
        <Project Sdk="Microsoft.NET.Sdk">
        </Project>
        """));

    [Fact]
    public void An_item_over_several_lines_is_left_whole() => Assert.Equal(
        """
        <Project>
          <ItemGroup>
            <PackageReference Include="A" Version="1">
              <PrivateAssets>all</PrivateAssets>
            </PackageReference>
          </ItemGroup>
          <ItemGroup>
            <PackageReference Include="OpenClaw.Resilience" Version="1.0.0" />
          </ItemGroup>

        </Project>
        """,
        Add("""
        <Project>
          <ItemGroup>
            <PackageReference Include="A" Version="1">
              <PrivateAssets>all</PrivateAssets>
            </PackageReference>
          </ItemGroup>
        </Project>
        """));

    [Theory]
    [InlineData("<Project><ItemGroup><PackageReference Include=\"openclaw.resilience\" Version=\"0.9.0\" /></ItemGroup></Project>")]
    [InlineData("not a project")]
    public void What_is_there_or_cannot_be_edited_stays_as_it_is(string xml) => Assert.Equal(xml, Add(xml));

    [Fact]
    public void Line_ends_are_those_of_the_file() => Assert.Equal(
        "<Project>\r\n  <ItemGroup>\r\n    <PackageReference Include=\"A\" />\r\n    <PackageReference Include=\"OpenClaw.Resilience\" Version=\"1.0.0\" />\r\n  </ItemGroup>\r\n</Project>\r\n",
        Add("<Project>\r\n  <ItemGroup>\r\n    <PackageReference Include=\"A\" />\r\n  </ItemGroup>\r\n</Project>\r\n"));

    [Fact]
    public void Under_central_management_the_item_has_no_version() => Assert.Contains(
        "<PackageReference Include=\"OpenClaw.Resilience\" />",
        ProjectXml.WithItem("<Project>\n</Project>\n", "PackageReference", "OpenClaw.Resilience", version: null),
        StringComparison.Ordinal);

    private static string Add(string xml) => ProjectXml.WithItem(xml, "PackageReference", "OpenClaw.Resilience", "1.0.0");
}
