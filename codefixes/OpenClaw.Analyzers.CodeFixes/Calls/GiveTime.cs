using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>OCG1003: gives the turn more time, where its limit is written.</summary>
/// <remarks>The limit is raised, not taken away: other calls of the same client keep one, and none becomes a call that can wait for ever.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GiveTime))]
public sealed class GiveTime() : GatewayCodeFix(Descriptors.ShortTurn)
{
    // The attempt limit of the runtime's presets.
    private const int Minutes = 10;

    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } invocation
            || site.Model.CallAt(invocation, site.CancellationToken) is not { } call
            || new TurnLimits(site.Model).ShortestOf(call, site.CancellationToken) is not { } limit
            || (limit.Value?.Syntax ?? limit.Setting?.Owner.Syntax) is not ExpressionSyntax place
            || site.Document.Project.Solution.GetDocument(place.SyntaxTree) is null
            || (limit.Value is { } value && !IsWrittenInPlace(value)))
        {
            return null;
        }

        var settings = new AnalyzerSettings(site.Document.Project.AnalyzerOptions, invocation.SyntaxTree);
        int minutes = Math.Max(Minutes, (int)Math.Ceiling(settings.MinTurn.TotalMinutes));
        string timeSpan = Imports.NameFor("System", "TimeSpan", site.Model.SemanticsOf(place.SyntaxTree), place.SpanStart, out bool needsImport);
        string time = $"{timeSpan}.FromMinutes({minutes})";
        var plan = new FixPlan($"Give the turn {minutes} minutes");
        plan.Add(
            [place],
            rewriter =>
            {
                rewriter.Replace(place, current => limit.Setting is { } setting
                    ? Initializers.Append((BaseObjectCreationExpressionSyntax)current, $"{setting.Property} = {time}")
                    : SyntaxFactory.ParseExpression(time).WithTriviaFrom(current));
                if (needsImport)
                {
                    rewriter.Import("System");
                }
            },
            key: nameof(GiveTime));
        return plan;
    }

    /// <summary>Whether the time is spelled out here: a constant or a setting may be somebody else's as well.</summary>
    private static bool IsWrittenInPlace(IOperation value) => value switch
    {
        IConversionOperation conversion => IsWrittenInPlace(conversion.Operand),
        ILiteralOperation => true,
        IInvocationOperation { TargetMethod.ContainingType.Name: "TimeSpan", Arguments: var arguments } => arguments.All(IsLiteral),
        IObjectCreationOperation { Type.Name: "TimeSpan", Arguments: var arguments } => arguments.All(IsLiteral),
        _ => false,
    };

    private static bool IsLiteral(IArgumentOperation argument) => argument.ArgumentKind != ArgumentKind.Explicit || IsWrittenInPlace(argument.Value);
}
