using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.CheckpointSteps>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>Runs whose state is kept somewhere: by the code itself or by the host that replays it.</summary>
public sealed class DurableCodeTests
{
    private const string Loop =
        """
        string last = topic;
        for (int i = 0; i < 10; i++)
        {
            last = await AskAsync(last, cancellationToken);
            SAVE
        }

        return last;
        """;

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_run_of_ours_is_durable() => SilentAsync(
        """
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("research", topic), cancellationToken);
        for (int i = 0; i < 10; i++)
        {
            last = await run.StepAsync("ask", (_, ct) => AskAsync(last, ct), cancellationToken);
        }

        await run.CompleteAsync(cancellationToken);
        return last;
        """);

    [Theory]
    [InlineData("await SaveCheckpointAsync(last);", "private Task SaveCheckpointAsync(string text) => Task.CompletedTask;")]
    [InlineData("await KeepAsync(last);", "private Task KeepAsync(string text) => File.AppendAllTextAsync(\"notes\", text);")]
    [InlineData("await File.WriteAllTextAsync(\"state\", last);", "")]
    [InlineData("File.AppendAllLines(\"state\", new[] { last });", "")]
    [InlineData("await _file.WriteLineAsync(last);", "private readonly StreamWriter _file = new(\"notes\");")]
    [InlineData("await _states.SaveAsync(last);", "private readonly IStateStore _states = null!;")]
    [InlineData("await _notes.AddAsync(last);", "private readonly INoteRepository _notes = null!;")]
    [InlineData("_db.Add(last); await _db.SaveChangesAsync();", "private readonly NotesDbContext _db = new();")]
    [InlineData("await _command.ExecuteNonQueryAsync();", "private readonly System.Data.Common.DbCommand _command = null!;")]
    [InlineData("await _transaction.CommitAsync();", "private readonly System.Data.Common.DbTransaction _transaction = null!;")]
    [InlineData("await _redis.StringSetAsync(topic, last);", "private readonly IDatabase _redis = null!;")]
    [InlineData("await _container.UpsertItemAsync(last);", "private readonly Container _container = null!;")]
    public Task A_checkpoint_of_the_users_own_is_durable(string save, string member) => Verifier.SilentAsync(AgentCode.InMethod(
        Loop.Replace("SAVE", save, StringComparison.Ordinal),
        members: member,
        types: """
        interface IStateStore { Task SaveAsync(string text); }
        interface INoteRepository { Task AddAsync(string text); }
        interface IDatabase { Task StringSetAsync(string key, string value); }
        class Container { public Task UpsertItemAsync(string item) => Task.CompletedTask; }
        class NotesDbContext { public void Add(string note) { } public Task SaveChangesAsync() => Task.CompletedTask; }
        """));

    [Theory]
    [InlineData("_list.Add(last);", "private readonly List<string> _list = new();")]
    [InlineData("_shared.Add(last);", "private readonly System.Collections.Concurrent.BlockingCollection<string> _shared = new();")]
    [InlineData("_bound.Insert(0, last);", "private readonly System.Collections.ObjectModel.Collection<string> _bound = new();")]
    [InlineData("Console.WriteLine(last);", "")]
    [InlineData("_text.Write(last);", "private readonly StringWriter _text = new();")]
    [InlineData("await StepAsync(last);", "private Task StepAsync(string text) => Task.CompletedTask;")]
    [InlineData("string snap = last.Replace(\"a\", \"b\");", "")]
    public Task What_stays_in_memory_is_no_checkpoint(string save, string member) => Verifier.ReportedAsync(AgentCode.InMethod(
        Loop.Replace("SAVE", save, StringComparison.Ordinal).Replace("= await AskAsync", "= await {|OCG1301:AskAsync|}", StringComparison.Ordinal), members: member));

    [Fact]
    public Task A_step_method_of_the_users_own_is_a_turn_like_any_other() => Verifier.ReportedAsync(AgentCode.InMethod(
        """
        string last = topic;
        for (int i = 0; i < 10; i++)
        {
            last = await {|OCG1301:StepAsync|}(last, cancellationToken);
        }

        return last;
        """,
        members: "private Task<string> StepAsync(string text, CancellationToken cancellationToken) => AskAsync(text, cancellationToken);"));

    [Fact]
    public Task A_sequence_with_a_checkpoint_is_durable() => SilentAsync(
        """
        string a = await AskAsync(topic);
        a = await AskAsync(a);
        a = await AskAsync(a);
        await File.WriteAllTextAsync("state", a);
        a = await AskAsync(a);
        a = await AskAsync(a);
        a = await AskAsync(a);
        return a;
        """);

    [Theory]
    [InlineData("namespace Microsoft.DurableTask { public abstract class TaskOrchestrationContext { } }", "Microsoft.DurableTask.TaskOrchestrationContext context", "", "")]
    [InlineData("namespace Microsoft.DurableTask { public abstract class TaskOrchestrator<TIn, TOut> { } }", "", " : Microsoft.DurableTask.TaskOrchestrator<string, string>", "")]
    [InlineData("namespace Microsoft.Azure.WebJobs.Extensions.DurableTask { public interface IDurableOrchestrationContext { } }", "Microsoft.Azure.WebJobs.Extensions.DurableTask.IDurableOrchestrationContext context", "", "")]
    [InlineData("namespace Temporalio.Workflows { public class WorkflowAttribute : Attribute { } }", "", "", "[Temporalio.Workflows.Workflow]")]
    [InlineData("namespace Dapr.Workflow { public abstract class Workflow<TIn, TOut> { } }", "", " : Dapr.Workflow.Workflow<string, string>", "")]
    [InlineData("namespace Orleans { public abstract class Grain { } }", "", " : Orleans.Grain", "")]
    [InlineData("namespace Orleans { public interface IGrain { } } interface IResearcher : Orleans.IGrain { }", "", " : IResearcher", "")]
    [InlineData("namespace Microsoft.Agents.AI.Workflows { public interface IWorkflowContext { } }", "Microsoft.Agents.AI.Workflows.IWorkflowContext context", "", "")]
    [InlineData("namespace Microsoft.Agents.AI.Workflows { public abstract class Executor<T> { } }", "", " : Microsoft.Agents.AI.Workflows.Executor<string>", "")]
    public Task A_host_that_replays_the_code_is_durable(string types, string parameter, string bases, string attribute) => Verifier.SilentAsync(AgentCode.InMethod(
        Loop.Replace("SAVE", "", StringComparison.Ordinal),
        signature: AgentCode.Signature.Replace("CancellationToken cancellationToken", parameter.Length > 0 ? $"{parameter}, CancellationToken cancellationToken" : "CancellationToken cancellationToken", StringComparison.Ordinal),
        types: types,
        head: $"{attribute} class Researcher{bases}"));

    [Theory]
    [InlineData("[Workflow]", "", "")]
    [InlineData("", " : DurableResearcher", "")]
    [InlineData("", "", "WorkflowContext context, ")]
    public async Task A_host_whose_package_is_not_restored_may_be_durable(string attribute, string bases, string parameter)
    {
        foreach ((string directive, string turn) in new[] { ("using Temporalio.Workflows;", "AskAsync"), ("using Contoso.Workflows;", "{|OCG1301:AskAsync|}") })
        {
            await new RuleTest<OpenClaw.Analyzers.Runs.StepAnalyzer, Microsoft.CodeAnalysis.Testing.EmptyCodeFixProvider>
            {
                TestCode = directive + "\n" + AgentCode.InMethod(
                    Loop.Replace("SAVE", "", StringComparison.Ordinal).Replace("await AskAsync", "await " + turn, StringComparison.Ordinal),
                    signature: AgentCode.Signature.Replace("CancellationToken cancellationToken", parameter + "CancellationToken cancellationToken", StringComparison.Ordinal),
                    head: $"{attribute} class Researcher{bases}"),
                CompilerDiagnostics = Microsoft.CodeAnalysis.Testing.CompilerDiagnostics.None,
            }.RunAsync(TestContext.Current.CancellationToken);
        }
    }

    private static Task SilentAsync(string body) => Verifier.SilentAsync(AgentCode.InMethod(body));
}
