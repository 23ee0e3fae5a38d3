using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;

namespace OpenClaw.Analyzers.Tests.Stubs;

/// <summary>
/// Client libraries that no test machine can restore: as much of their public surface as programs call, declared after their documentation, in assemblies
/// of their names.
/// </summary>
internal static class StubLibraries
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>The libraries, compiled against the framework of the analysed sources and the libraries at hand.</summary>
    public static IReadOnlyList<MetadataReference> Compile(IReadOnlyList<MetadataReference> references)
    {
        MetadataReference[] framework = [.. ReferenceAssemblies.Net.Net100.ResolveAsync(LanguageNames.CSharp, CancellationToken.None).GetAwaiter().GetResult(), .. references];
        return
        [
            Compile("Microsoft.SemanticKernel.Core", StubSources.SemanticKernel, framework),
            Compile("Microsoft.Agents.AI.Abstractions", StubSources.AgentFramework, framework),
            Compile("Azure.AI.OpenAI.Version2", StubSources.AzureOpenAI, framework),
            Compile("Azure.AI.Inference", StubSources.AzureInference, framework),
            Compile("Anthropic.SDK", StubSources.AnthropicSdk, framework),
            Compile("OllamaSharp", StubSources.OllamaSharp, framework),
            Compile("RestSharp", StubSources.RestSharp, framework),
            Compile("Flurl.Http", StubSources.Flurl, framework),
            Compile("Refit", StubSources.Refit, framework),
            Compile("OpenClaw.Client", StubSources.OpenClawClient, framework),
            Compile("OpenClaw.Shared", StubSources.OpenClawShared, framework),
        ];
    }

    private static PortableExecutableReference Compile(string assembly, string source, IEnumerable<MetadataReference> references)
    {
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = CSharpCompilation.Create(
            assembly,
            [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(source)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(image);
        return result.Success
            ? MetadataReference.CreateFromImage(image.ToArray())
            : throw new InvalidOperationException($"{assembly}: {string.Join(Environment.NewLine, result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))}");
    }
}
