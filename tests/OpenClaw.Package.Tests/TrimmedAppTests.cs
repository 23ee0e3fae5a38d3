using System.Reflection;

namespace OpenClaw.Package.Tests;

/// <summary>
/// A program of the whole library, trimmed by the linker that <c>dotnet publish</c> uses. That command itself needs runtime packs, which not every feed
/// has; the framework is therefore kept as it is, and only the program and its packages are trimmed.
/// </summary>
public sealed class TrimmedAppTests : IDisposable
{
    private const string App = "OpenClaw.Resilience.TrimmedApp";

    // The analyzers in the compiler want suppressions where the linker, which sees more, finds them unused.
    private const string UnusedSuppression = "IL2121";

    private readonly string _folder = Directory.CreateTempSubdirectory("openclaw-trim-").FullName;

    // .../artifacts/bin/PROJECT/CONFIGURATION
    private static string Built
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(own.Parent!.Parent!.FullName, App, own.Name);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_library_is_trimmed_without_a_warning_and_works_all_the_same()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] frameworkNames = [.. Directory.GetFiles(framework, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file))];
        string responseFile = Path.Combine(_folder, "link.rsp");
        string trimmed = Path.Combine(_folder, "trimmed");
        await File.WriteAllLinesAsync(
            responseFile,
            [
                $"-a \"{Path.Combine(Built, App + ".dll")}\" entrypoint",
                $"-d \"{Built}\"",
                $"-d \"{framework}\"",
                $"-out \"{trimmed}\"",
                "--trim-mode link --action link --singlewarn-",
                .. frameworkNames.Select(name => $"--action copy {name}"),
            ],
            TestContext.Current.CancellationToken);

        string output = await DotNet.RunAsync(_folder, $"\"{Linker()}\" @\"{responseFile}\"", TestContext.Current.CancellationToken);

        Assert.DoesNotContain(
            output.Split('\n'),
            line => line.Contains("warning IL", StringComparison.Ordinal)
                && line.Contains("OpenClaw.", StringComparison.Ordinal)
                && !line.Contains(UnusedSuppression, StringComparison.Ordinal));

        // With less of it the program would not have been trimmed at all.
        Assert.InRange(SizeOf(trimmed, "OpenClaw.Resilience.dll"), 1, SizeOf(Built, "OpenClaw.Resilience.dll") - 1);
        Array.ForEach(frameworkNames, name => File.Delete(Path.Combine(trimmed, name + ".dll")));
        File.Copy(Path.Combine(Built, App + ".runtimeconfig.json"), Path.Combine(trimmed, App + ".runtimeconfig.json"));
        Assert.Contains(
            "all parts work",
            await DotNet.RunAsync(trimmed, App + ".dll", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    private static long SizeOf(string folder, string file) => new FileInfo(Path.Combine(folder, file)).Length;

    /// <summary>The linker of this framework, which the restore of a program with <c>EnableTrimAnalyzer</c> has fetched.</summary>
    private static string Linker()
    {
        string root = typeof(TrimmedAppTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "NuGetPackageRoot").Value!;
        string versions = Path.Combine(root, "microsoft.net.illink.tasks");
        return Directory.GetDirectories(versions)
            .Where(folder => Path.GetFileName(folder).StartsWith($"{Environment.Version.Major}.", StringComparison.Ordinal))
            .Select(folder => Path.Combine(folder, "tools", "net", "illink.dll"))
            .Where(File.Exists)
            .Max(StringComparer.Ordinal)
            ?? throw new InvalidOperationException($"There is no linker of .NET {Environment.Version.Major} in {versions}.");
    }
}
