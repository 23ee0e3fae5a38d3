using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>What a test says about one project.</summary>
public class ProjectState
{
    /// <summary>Makes an empty project.</summary>
    /// <param name="name">The name of the project and of its assembly.</param>
    /// <param name="language">One of <see cref="LanguageNames"/>.</param>
    /// <param name="defaultPrefix">The path, before the number, of sources that are added without a name.</param>
    /// <param name="defaultExtension">The extension of such sources, without the dot.</param>
    public ProjectState(string name, string language, string defaultPrefix, string defaultExtension)
    {
        Name = name;
        Language = language;
        DefaultPrefix = defaultPrefix;
        DefaultExtension = defaultExtension;
        Sources = new SourceFileList(defaultPrefix, defaultExtension);
    }

    /// <summary>The name of the project.</summary>
    public string Name { get; }

    /// <summary>The name of the assembly that the project makes: its own.</summary>
    public string AssemblyName => Name;

    /// <summary>One of <see cref="LanguageNames"/>.</summary>
    public string Language { get; }

    /// <summary>The framework; <see langword="null"/> for that of the test.</summary>
    public ReferenceAssemblies? ReferenceAssemblies { get; set; }

    /// <summary>What is compiled; <see langword="null"/> for a library.</summary>
    public OutputKind? OutputKind { get; set; }

    /// <summary>How documentation comments are read; <see langword="null"/> for <see cref="DocumentationMode.Diagnose"/>.</summary>
    public DocumentationMode? DocumentationMode { get; set; }

    /// <summary>The files that are compiled. Their texts may hold markup.</summary>
    public SourceFileList Sources { get; }

    /// <summary>The files that analyzers can read. Their texts may hold markup.</summary>
    public SourceFileCollection AdditionalFiles { get; } = [];

    /// <summary>
    /// The <c>.editorconfig</c> and <c>.globalconfig</c> files. Only those with an absolute path apply (<c>/.editorconfig</c> to all
    /// sources). Their texts may hold markup.
    /// </summary>
    public SourceFileCollection AnalyzerConfigFiles { get; } = [];

    /// <summary>Make further additional files when the test runs.</summary>
    public List<Func<IEnumerable<(string filename, SourceText content)>>> AdditionalFilesFactories { get; } = [];

    /// <summary>The names of the projects that this one refers to.</summary>
    public List<string> AdditionalProjectReferences { get; } = [];

    /// <summary>The assemblies that this project refers to besides its <see cref="ReferenceAssemblies"/>.</summary>
    public MetadataReferenceCollection AdditionalReferences { get; } = [];

    /// <summary>The path, before the number, of sources that are added without a name.</summary>
    internal string DefaultPrefix { get; }

    private protected string DefaultExtension { get; }

    /// <summary>Copies all but the files.</summary>
    internal ProjectState CopyWithoutFiles()
    {
        var copy = new ProjectState(Name, Language, DefaultPrefix, DefaultExtension)
        {
            ReferenceAssemblies = ReferenceAssemblies,
            OutputKind = OutputKind,
            DocumentationMode = DocumentationMode,
        };
        copy.AdditionalProjectReferences.AddRange(AdditionalProjectReferences);
        copy.AdditionalReferences.AddRange(AdditionalReferences);
        return copy;
    }

    /// <summary>The additional files with those that the factories make.</summary>
    internal IEnumerable<(string filename, SourceText content)> AllAdditionalFiles()
        => AdditionalFiles.Concat(AdditionalFilesFactories.SelectMany(make => make()));
}
