using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>A thread that waits for the task of a call: <c>.Result</c>, <c>.Wait()</c>, <c>.GetAwaiter().GetResult()</c>.</summary>
/// <param name="Task">What is waited for.</param>
/// <param name="Wait">The whole expression.</param>
/// <param name="Name">The member that blocks.</param>
internal sealed record BlockingWait(ExpressionSyntax Task, ExpressionSyntax Wait, SimpleNameSyntax Name)
{
    /// <summary>Whether an exception comes out wrapped.</summary>
    public bool Aggregates => Name.Identifier.ValueText is "Result" or "Wait";

    /// <summary>The wait for the invocation's own task; null where nothing blocks on it, or nothing does in the same expression.</summary>
    public static BlockingWait? Of(InvocationExpressionSyntax call)
    {
        ExpressionSyntax task = call;
        while (true)
        {
            switch (task.Parent)
            {
                case ParenthesizedExpressionSyntax parenthesized:
                    task = parenthesized;
                    continue;
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next, Name.Identifier.ValueText: "ConfigureAwait" or "AsTask" or "WaitAsync" } access
                    when access.Expression == task:
                    task = next;
                    continue;
                case MemberAccessExpressionSyntax access when access.Expression == task:
                    return At(access, task);
                default:
                    return null;
            }
        }
    }

    private static BlockingWait? At(MemberAccessExpressionSyntax access, ExpressionSyntax task) => (access.Name.Identifier.ValueText, access.Parent) switch
    {
        ("Result", not InvocationExpressionSyntax) => new(task, access, access.Name),
        ("Wait", InvocationExpressionSyntax wait) => new(task, wait, access.Name),
        ("GetAwaiter", InvocationExpressionSyntax { Parent: MemberAccessExpressionSyntax { Name: { Identifier.ValueText: "GetResult" } end, Parent: InvocationExpressionSyntax wait } })
            => new(task, wait, end),
        _ => null,
    };
}
