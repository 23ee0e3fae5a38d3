using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Bench;

/// <summary>The sources of a folder as one library. They refer to what this program refers to.</summary>
internal sealed class Corpus
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Preview);

    private static readonly IReadOnlyList<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("OpenClaw.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly List<(string Path, SourceText Text)> _files;

    public Corpus(string name, string folder)
    {
        Name = name;
        char slash = Path.DirectorySeparatorChar;
        _files =
        [
            .. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Where(path => !path.Contains($"{slash}obj{slash}", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(path => (path, SourceText.From(File.ReadAllText(path)))),
        ];
        Lines = _files.Sum(file => file.Text.Lines.Count);
        _files.Add(("ImplicitUsings.cs", SourceText.From(ImplicitUsings)));
    }

    public string Name { get; }

    public int Files => _files.Count - 1;

    public int Lines { get; }

    /// <summary>A compilation that shares nothing with an earlier one but the references: what is kept by tree is built again.</summary>
    public CSharpCompilation Compile() => CSharpCompilation.Create(
        Name,
        _files.Select(file => CSharpSyntaxTree.ParseText(file.Text, Language, file.Path)),
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The files that an edit is tried in: the longest ones.</summary>
    public IEnumerable<string> Longest(int count) => _files.OrderByDescending(file => file.Text.Length).Take(count).Select(file => file.Path);
}
