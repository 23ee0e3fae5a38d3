using System.Text.RegularExpressions;

namespace OpenClaw.Package.Tests;

/// <summary>A folder outside of the repository, with nothing in it but what a user would write, and the feed as one more source.</summary>
internal sealed partial class Sandbox : IDisposable
{
    /// <summary>A file with one finding of each of two rules.</summary>
    public const string NaiveCode = """
        using OpenAI.Chat;

        namespace Sample;

        public sealed class Assistant(ChatClient chat)
        {
            public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
            {
                ChatCompletion reply = await chat.CompleteChatAsync([new UserChatMessage(question)], cancellationToken: cancellationToken);
                return reply.Content[0].Text;
            }

            public async Task<List<string>> ResearchAsync(string topic, int steps, CancellationToken cancellationToken)
            {
                var notes = new List<string>();
                for (int step = 0; step < steps; step++)
                {
                    string note = await AskAsync($"{topic}: {step}", cancellationToken);
                    notes.Add(note);
                }

                return notes;
            }
        }
        """;

    public Sandbox(PackedFeed feed)
    {
        Folder = Directory.CreateTempSubdirectory("openclaw-user-").FullName;
        Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="feed" value="{feed.Folder}" />
              </packageSources>
            </configuration>
            """);
    }

    public string Folder { get; }

    public void Write(string path, string content)
    {
        string file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Folder, path));

    /// <summary>A project of net10.0 that uses the OpenAI client.</summary>
    public void WriteProject(string path, string outputType = "Exe", string more = "", bool centralVersions = false)
        => Write(path, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>{outputType}</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="OpenAI" {(centralVersions ? "" : "Version=\"2.15.0\" ")}/>
              </ItemGroup>
              {more}
            </Project>
            """);

    /// <summary>A program that does nothing, and the code with the findings.</summary>
    public void WriteNaiveProgram(string folder = "")
    {
        Write(Path.Combine(folder, "Program.cs"), "System.Console.WriteLine(\"started\");\n");
        Write(Path.Combine(folder, "Assistant.cs"), NaiveCode);
    }

    public Task<string> RunAsync(string arguments) => DotNet.RunAsync(Folder, arguments, TestContext.Current.CancellationToken);

    public Task<(int ExitCode, string Output)> TryRunAsync(string arguments) => DotNet.TryRunAsync(Folder, arguments, TestContext.Current.CancellationToken);

    /// <summary>Builds and returns the ids of our diagnostics in order, one word for each finding; fails when the compiler could not use the analyzers.</summary>
    public async Task<(int ExitCode, string Ids)> BuildAsync(string arguments = "")
    {
        (int exitCode, string output) = await TryRunAsync($"build --no-incremental {arguments}");
        Assert.DoesNotMatch("CS8032|CS9057|AD0001", output);
        Assert.DoesNotMatch("error (?!OCG)[A-Z]+[0-9]+", output);
        string[] findings = [.. FindingPattern().Matches(output).Select(match => match.Value).Distinct(StringComparer.Ordinal)];
        return (exitCode, string.Join(' ', findings.Select(finding => finding[^7..]).Order(StringComparer.Ordinal)));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    [GeneratedRegex(@"\S+\.cs\(\d+,\d+\): (warning|error) OCG\d{4}")]
    private static partial Regex FindingPattern();
}
