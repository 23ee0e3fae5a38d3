namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>Tests that run fixed programs: one after the other, since a program finds the folder of its runs in an environment variable.</summary>
[Collection(nameof(FixedProgram))]
public abstract class FixedProgramTests : IDisposable
{
    private const string Variable = "OPENCLAW_RUNS_DIRECTORY";

    protected FixedProgramTests() => Environment.SetEnvironmentVariable(Variable, Directory);

    protected string Directory { get; } = Path.Combine(Path.GetTempPath(), "openclaw-fixed-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }

        GC.SuppressFinalize(this);
    }
}
