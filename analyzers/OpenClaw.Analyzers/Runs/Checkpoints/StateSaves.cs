using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs.Checkpoints;

/// <summary>"Does this call keep the state of a run": by its name, by the store it is made on, or by the file it writes.</summary>
internal static class StateSaves
{
    // Not what is done in memory as well: a list is appended to, a property is set.
    private static readonly HashSet<string> Verbs = new(StringComparer.OrdinalIgnoreCase) { "save", "persist", "write", "store", "flush", "upsert", "checkpoint" };

    /// <summary>A cheap look at the name before anything is bound. A method that tries tells by its result whether it did.</summary>
    public static bool MaySave(InvocationExpressionSyntax call)
        => StateNames.WordsOf(SourceIndex.NameOf(call)).FirstOrDefault() is { } verb && Verbs.Contains(verb);

    public static bool IsSave(InvocationExpressionSyntax call, GatewayModel model, CancellationToken cancellationToken)
    {
        if (!MaySave(call) || model.OperationAt(call, cancellationToken) is not IInvocationOperation { TargetMethod: var method } operation)
        {
            return false;
        }

        var files = new StateFiles(model, cancellationToken);
        if (FileAccesses.MayWrite(call) && FileAccesses.WriteAt(call, model, cancellationToken) is { } write)
        {
            return files.IsState(write);
        }

        // What a log records and what a client sends is no checkpoint, whatever it is called.
        if (method.ContainingType.IsWithin("System") || method.ContainingType.IsWithin("Microsoft") || model.CallAt(call, cancellationToken) is not null)
        {
            return false;
        }

        var names = new StateNames();
        names.Add(method.Name);
        names.Add(method.ContainingType.Name);
        names.Add((operation.Instance as IFieldReferenceOperation)?.Field.Name ?? "");
        files.AddSurroundings(names, call);
        return names.MeanState(names.DependOnAgent && files.TakesTurns(call));
    }
}
