using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What the kind of a project and its references allow to conclude.</summary>
internal static class CompilationFacts
{
    /// <summary>Whether a client that comes from outside could be given its resilience outside of these sources.</summary>
    /// <remarks>
    /// A program holds its own composition: what no source of it registers, nothing attaches, except a project of shared defaults that it refers to.
    /// A library's clients are composed by programs out of sight.
    /// </remarks>
    public static bool MayProtectElsewhere(Compilation compilation)
        => !IsProgram(compilation)
            || compilation.ReferencedAssemblyNames.Any(reference => reference.Name.EndsWith("ServiceDefaults", StringComparison.Ordinal));

    /// <summary>Whether every caller of a method is in these sources, whatever its accessibility.</summary>
    public static bool IsProgram(Compilation compilation)
        => compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication or OutputKind.WindowsRuntimeApplication;
}
