using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>OCG1302: the file is replaced as a whole, by the method of <c>AtomicFile</c> that is called as the one of <c>File</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WriteAtomically))]
public sealed class WriteAtomically() : GatewayCodeFix(Descriptors.TornCheckpoint)
{
    private const string Title = "Write the file atomically";

    private protected override FixPlan? Plan(FixSite site)
    {
        SyntaxNode? access = site.Find<ExpressionSyntax>()?.AncestorsAndSelf().FirstOrDefault(node => node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax);
        return access switch
        {
            InvocationExpressionSyntax call when SourceIndex.NameOf(call).StartsWith("WriteAll", StringComparison.Ordinal) => ReplaceReceiver(site, call),
            ExpressionSyntax stream => StreamWrite.Find(stream, site)?.Plan(site, Title),
            _ => null,
        };
    }

    /// <summary><c>File.WriteAllTextAsync(…)</c>: the names of the methods and of their parameters are the same.</summary>
    private static FixPlan? ReplaceReceiver(FixSite site, InvocationExpressionSyntax call)
    {
        if (call.Expression is not MemberAccessExpressionSyntax { Expression: var receiver }
            || site.Model.OperationAt(call, site.CancellationToken) is not IInvocationOperation { TargetMethod: var method }
            || !HasCounterpart(method))
        {
            return null;
        }

        string name = Imports.NameFor(Imports.Runtime, "AtomicFile", site.Semantics, call.SpanStart, out bool needsImport);
        var plan = new FixPlan(Title);
        plan.Add([receiver], rewriter =>
        {
            rewriter.Replace(receiver, current => SyntaxFactory.ParseExpression(name).WithTriviaFrom(current));
            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        return plan;
    }

    /// <summary>Lines have no encoding there, and newer overloads take spans of characters.</summary>
    private static bool HasCounterpart(IMethodSymbol method)
        => method.Parameters[1].Type is IArrayTypeSymbol or { SpecialType: SpecialType.System_String } or INamedTypeSymbol { Name: "IEnumerable" }
            && !(method.Name.StartsWith("WriteAllLines", StringComparison.Ordinal) && method.Parameters.Any(parameter => parameter.Type.HasFullName("System.Text", "Encoding")));
}
