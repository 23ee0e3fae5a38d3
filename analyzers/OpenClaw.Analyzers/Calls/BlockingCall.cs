using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Calls;

/// <summary>OCG1006: a thread waits for the task of a gateway call.</summary>
internal sealed class BlockingCall : CallSiteRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.BlockingCall;

    public override bool MayApply(InvocationExpressionSyntax invocation) => BlockingWait.Of(invocation) is not null;

    public override void Check(CallSite site)
    {
        // A type of the user's own may have members of these names.
        if (BlockingWait.Of(site.Syntax) is { } wait && site.Operation.Type.IsWithin("System.Threading.Tasks") && !IsInSynchronousMain(site))
        {
            site.Report(Descriptor, wait.Name.GetLocation(), Descriptor.DefaultSeverity, wait.Name.Identifier.ValueText, site.Call.Name);
        }
    }

    /// <summary>The first thread of a program has nothing else to do, and no context that it could lock.</summary>
    private static bool IsInSynchronousMain(CallSite site)
        => site.Model.SemanticsOf(site.Syntax.SyntaxTree).GetEnclosingSymbol(site.Syntax.SpanStart, site.CancellationToken) is IMethodSymbol { IsAsync: false } method
            && method.Equals(site.Model.Compilation.GetEntryPoint(site.CancellationToken), SymbolEqualityComparer.Default);
}
