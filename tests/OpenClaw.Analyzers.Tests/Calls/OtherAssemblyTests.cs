using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Calls;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>Wrappers in a project of their own: known by their mark or name, their bodies are out of sight.</summary>
public sealed class OtherAssemblyTests
{
    private const string Wrapper = """
        using System.Threading.Tasks;

        public class Backend
        {
            [OpenClaw.Resilience.GatewayCall]
            public Task AskAsync() => Task.CompletedTask;

            public Task PingAsync() => Task.CompletedTask;
        }

        public class OpenClawClient
        {
            public Task CallRawAsync(string method, object arguments) => Task.CompletedTask;

            public Task LogAsync(string method) => Task.CompletedTask;
        }

        namespace Acme.Hosting
        {
            public static class Agents
            {
                public static System.Net.Http.HttpClient Open() => new();
            }
        }

        namespace OpenClaw.Resilience
        {
            internal sealed class GatewayCallAttribute : System.Attribute { }
        }
        """;

    private const string Unmarked = """
        public class OpenClawClient
        {
            public System.Threading.Tasks.Task CallRawAsync(string method, object arguments) => null;
        }
        """;

    [Theory]
    [InlineData("new Backend().{|OCG1001:AskAsync|}()")]
    [InlineData("new OpenClawClient().{|OCG1001:CallRawAsync|}(\"chat.send\", null)")]
    [InlineData("new OpenClawClient().{|OCG1001:CallRawAsync|}(name, null)")]
    public Task A_program_that_nothing_protects_is_reported(string call) => VerifyAsync(call, Wrapper);

    [Theory]
    [InlineData("new Backend().PingAsync()")]
    [InlineData("new OpenClawClient().LogAsync(name)")]
    [InlineData("new OpenClawClient().CallRawAsync(\"status\", null)")]
    [InlineData("new OpenClawClient().CallRawAsync(\"my.method\", null)")]
    public Task Other_methods_and_probes_are_silent(string call) => VerifyAsync(call, Wrapper);

    [Fact]
    public Task A_client_that_another_assembly_hands_out_may_be_protected_there()
        => VerifyAsync("Acme.Hosting.Agents.Open().PostAsync(\"http://box:18789/v1/responses\", null)", Wrapper);

    [Fact]
    public Task A_wrapper_whose_assembly_uses_a_resilience_library_may_be_protected_inside() => VerifyAsync(
        "new OpenClawClient().CallRawAsync(\"chat.send\", null)",
        Wrapper + "\n\npublic class Policies { public Polly.ResiliencePipeline Pipeline; }");

    [Fact]
    public Task A_project_that_could_use_a_resilience_library_and_does_not_is_no_protection()
        => VerifyAsync("new OpenClawClient().{|OCG1001:CallRawAsync|}(\"chat.send\", null)", Unmarked, asProject: true);

    [Fact]
    public Task A_project_that_names_a_resilience_library_may_use_it() => VerifyAsync(
        "new OpenClawClient().CallRawAsync(\"chat.send\", null)",
        "using Polly;\n" + Unmarked,
        asProject: true);

    /// <param name="call">What the program calls.</param>
    /// <param name="wrapper">The sources of the other assembly.</param>
    /// <param name="asProject">Whether it is referred to as in an editor, with its sources.</param>
    private static async Task VerifyAsync(string call, string wrapper, bool asProject = false)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        var test = new CSharpAnalyzerTest<GatewayCallAnalyzer, DefaultVerifier>
        {
            ReferenceAssemblies = ReferenceAssemblies.Net.Net100,
            TestCode = $$"""
                static class Program
                {
                    static System.Threading.Tasks.Task RunAsync(string name) => {{call}};

                    static void Main() { }
                }
                """,
        };
        test.TestState.OutputKind = OutputKind.ConsoleApplication;
        IEnumerable<MetadataReference> framework = await ReferenceAssemblies.Net.Net100.ResolveAsync(LanguageNames.CSharp, cancellationToken);
        using var image = new MemoryStream();
        CSharpCompilation library = CSharpCompilation.Create(
            "Wrappers",
            [CSharpSyntaxTree.ParseText(wrapper, cancellationToken: cancellationToken)],
            framework.Concat(Libraries.All.Where(reference => reference.Display?.Contains("Polly.Core") == true)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.True(library.Emit(image, cancellationToken: cancellationToken).Success);
        test.TestState.AdditionalReferences.Add(asProject ? library.ToMetadataReference() : MetadataReference.CreateFromImage(image.ToArray()));
        await test.RunAsync(cancellationToken);
    }
}
