using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Calls;

/// <summary>OCG1005: a call in an execution does not get the token by which the execution ends it.</summary>
/// <remarks>A call that could take a token and stands in no execution is another rule's business, CA2016.</remarks>
internal sealed class DroppedToken : CallSiteRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.DroppedToken;

    public override bool MayApply(InvocationExpressionSyntax invocation)
    {
        for (SyntaxNode? node = invocation.Parent; node is not (null or MemberDeclarationSyntax or LocalFunctionStatementSyntax); node = node.Parent)
        {
            if (node is AnonymousFunctionExpressionSyntax { Parent: ArgumentSyntax } lambda && HasParameters(lambda))
            {
                return true;
            }
        }

        return false;
    }

    public override void Check(CallSite site)
    {
        if (Find(site) is not { } dropped)
        {
            return;
        }

        string given = dropped.Passed is { } passed ? $"passes '{passed.Value.Syntax}'" : "passes no token";
        site.Report(
            Descriptor,
            dropped.Passed?.Value.Syntax.GetLocation() ?? SyntaxFacts.NameOf(site.Syntax).GetLocation(),
            MatterOfStyle(dropped, site) ? DiagnosticSeverity.Info : Descriptor.DefaultSeverity,
            NameOf(site.Operation),
            given,
            NameOf(dropped.Execution.Call));
    }

    /// <summary>The token that goes astray; null where the call takes none, or gets the one that it should.</summary>
    public static (Execution Execution, IArgumentOperation? Passed)? Find(CallSite site)
    {
        IMethodSymbol method = site.Operation.TargetMethod;
        IArgumentOperation? passed = TokenParameter.PassedBy(site.Operation);
        bool isJudgedHere = site.Call.Operation == site.Operation || site.Model.IsDeclaredHere(method) || ResilienceSymbols.IsExecution(method);
        if (!isJudgedHere
            || site.Call.Kind == CallKind.Receive
            || (passed is null && (!TokenParameter.Exists(method) || CarriesOptions(site.Operation)))
            || Execution.Around(site.Syntax, site.Model, site.CancellationToken) is not { } execution)
        {
            return null;
        }

        bool reaches = passed is not null
            ? execution.MayCancel(passed.Value, site.Model, site.CancellationToken)
            : execution.Mentions(site.Syntax.ArgumentList);
        return reaches || IsEnumeratedWith(execution, site.Syntax) ? null : (execution, passed);
    }

    /// <summary>
    /// Where no pipeline of the sources limits the time and the caller's token arrives all the same, the two tokens are one, until a limit is added.
    /// </summary>
    private static bool MatterOfStyle((Execution Execution, IArgumentOperation? Passed) dropped, CallSite site)
    {
        IArgumentOperation? ofExecution = TokenParameter.PassedBy(dropped.Execution.Call);
        bool losesCaller = ofExecution is not null && !TokenParameter.IsNone(ofExecution.Value) && (dropped.Passed is null || TokenParameter.IsNone(dropped.Passed.Value));
        return !losesCaller && !dropped.Execution.MayLimitTime(site.Model, site.CancellationToken);
    }

    /// <summary>Options of a request may carry a token.</summary>
    private static bool CarriesOptions(IInvocationOperation call)
        => call.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Type.Name == "RequestOptions");

    private static bool IsEnumeratedWith(Execution execution, SyntaxNode call)
        => call.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WithCancellation", Parent: InvocationExpressionSyntax stream } && execution.Mentions(stream.ArgumentList);

    private static bool HasParameters(AnonymousFunctionExpressionSyntax lambda) => lambda switch
    {
        SimpleLambdaExpressionSyntax => true,
        ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters.Count: > 0 } => true,
        AnonymousMethodExpressionSyntax { ParameterList.Parameters.Count: > 0 } => true,
        _ => false,
    };

    private static string NameOf(IInvocationOperation call) => $"{(call.TargetMethod.ReducedFrom ?? call.TargetMethod).ContainingType?.Name}.{call.TargetMethod.Name}".TrimStart('.');
}
