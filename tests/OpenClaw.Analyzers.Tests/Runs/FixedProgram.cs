using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.AI;
using OpenClaw.Analyzers.CodeFixes.Runs;
using OpenClaw.Analyzers.Runs;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>Code as the fix has written it, compiled into this process, so that a test can run it.</summary>
internal sealed class FixedProgram
{
    private readonly Type _agent;

    private FixedProgram(Type agent) => _agent = agent;

    /// <summary>Proves that the fix turns the one body into the other, and compiles that.</summary>
    public static async Task<FixedProgram> CreateAsync(string body, string fixedBody)
    {
        await Verify<StepAnalyzer, CheckpointSteps>.FixedAsync(Agent(body), Agent(fixedBody));
        return Of(fixedBody);
    }

    /// <summary>A program with fixed code in it, such as the next release of one.</summary>
    public static FixedProgram Of(string fixedBody) => new(Load(Agent(fixedBody)).GetType("Researcher")!);

    /// <summary>Compiles a source with the libraries of these tests, and loads it.</summary>
    public static Assembly Load(string source)
    {
        var compilation = CSharpCompilation.Create(
            "Fixed" + Guid.NewGuid().ToString("N"),
            new[] { source, RuleTest<StepAnalyzer, CheckpointSteps>.GlobalUsings }.Select(text => CSharpSyntaxTree.ParseText(text)),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        Assert.Empty(compilation.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return Assembly.Load(image.ToArray());
    }

    /// <summary>A life of the process: a new agent does the whole work, or dies of what the model throws.</summary>
    public Task<string> RunAsync(IChatClient chat, string topic)
        => (Task<string>)_agent.GetMethod("ResearchAsync")!.Invoke(Activator.CreateInstance(_agent, chat), [topic, TestContext.Current.CancellationToken])!;

    private static string Agent(string body) =>
        $$"""
        using Microsoft.Extensions.AI;
        using OpenClaw.Resilience;

        public class Researcher
        {
            private readonly IChatClient _chat;

            public Researcher(IChatClient chat) => _chat = chat;

            public async Task<string> ResearchAsync(string topic, CancellationToken cancellationToken)
            {
                {{body.ReplaceLineEndings("\n        ")}}
            }

            private async Task<string> AskAsync(string question, CancellationToken cancellationToken)
                => (await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.GetResponseAsync(question, cancellationToken: ct), cancellationToken)).Text;

            static void Main() { }
        }
        """.ReplaceLineEndings("\n").Replace("\n        \n", "\n\n", StringComparison.Ordinal);
}

/// <summary>A model that remembers what it has answered, and fails when it is told to.</summary>
internal sealed class FakeModel : IChatClient
{
    private readonly Func<string, Exception?> _failure;

    public FakeModel(Func<string, Exception?>? failure = null) => _failure = failure ?? (_ => null);

    /// <summary>The questions that were answered, in order.</summary>
    public List<string> Answered { get; } = [];

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        string question = messages.Last().Text;
        if (_failure(question) is { } failure)
        {
            throw failure;
        }

        Answered.Add(question);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, $"<{question}>")));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
