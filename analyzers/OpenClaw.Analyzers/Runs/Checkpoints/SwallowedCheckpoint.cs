using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs.Checkpoints;

/// <summary>OCG1306: a checkpoint could not be saved, nobody hears of it, and the run goes on.</summary>
internal static class SwallowedCheckpoint
{
    // A failure that is only written where nobody looks is not told.
    private static readonly HashSet<string> QuietLogs = new(StringComparer.Ordinal) { "LogDebug", "LogTrace", "Debug", "Trace", "Verbose" };

    // What is done at the end of an object's or a service's life is done as well as it can be.
    private static readonly HashSet<string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        "dispose", "close", "stop", "shutdown", "exit", "terminate", "unload", "closing", "stopping", "delete", "remove", "cleanup", "clear", "try",
    };

    // These say that somebody gave up, or that there was nothing to read.
    private static readonly HashSet<string> NoFailuresOfSaving = new(StringComparer.Ordinal)
    {
        "OperationCanceledException", "TaskCanceledException", "ObjectDisposedException", "FileNotFoundException", "DirectoryNotFoundException", "JsonException",
    };

    /// <summary>A cheap look before anything is bound: the catch does nothing, and a save may have failed.</summary>
    public static bool MaySwallow(CatchClauseSyntax clause)
        => clause is { Filter: null, Parent: TryStatementSyntax statement }
            && clause.Block.Statements.All(IsSilent)
            && !(clause.Declaration?.Type.GetLastToken().ValueText is { } type && NoFailuresOfSaving.Contains(type))
            && CallsIn(statement).Any(StateSaves.MaySave);

    public static Diagnostic? Find(CatchClauseSyntax clause, GatewayModel model, CancellationToken cancellationToken)
    {
        var statement = (TryStatementSyntax)clause.Parent!;
        return !TellsOfSuccess(statement)
            && !IsEnding(clause)
            && CallsIn(statement).FirstOrDefault(call => StateSaves.IsSave(call, model, cancellationToken)) is { } save
            && RetryLoop.Around(save, model.SemanticsOf(clause.SyntaxTree))?.RetryingCatches.Contains(clause) != true
            && !Plumbing.IsTest(clause, model, cancellationToken)
                ? Diagnostic.Create(
                    Descriptors.SwallowedCheckpoint,
                    clause.CatchKeyword.GetLocation(),
                    additionalLocations: [SyntaxFacts.NameOf(save).GetLocation()],
                    properties: null,
                    SourceIndex.NameOf(save))
                : null;
    }

    private static IEnumerable<InvocationExpressionSyntax> CallsIn(TryStatementSyntax statement)
        => SyntaxFacts.DescendantsInSameFunction(statement.Block).OfType<InvocationExpressionSyntax>();

    private static bool IsSilent(StatementSyntax statement) => statement switch
    {
        EmptyStatementSyntax or ContinueStatementSyntax or ReturnStatementSyntax { Expression: null } => true,
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } => QuietLogs.Contains(SourceIndex.NameOf(call)) || IsDebugOutput(call),
        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" }, Right: IdentifierNameSyntax } } => true,
        _ => false,
    };

    private static bool IsDebugOutput(InvocationExpressionSyntax call)
        => call.Expression is MemberAccessExpressionSyntax { Expression: var receiver } && receiver.GetLastToken().ValueText is "Debug" or "Trace";

    /// <summary>Whether the end of the try block says that all went well: it returns something, or sets a variable that the code behind can ask.</summary>
    private static bool TellsOfSuccess(TryStatementSyntax statement)
        => SyntaxFacts.DescendantsInSameFunction(statement.Block).Any(node => node is ReturnStatementSyntax { Expression: not null }
            or AssignmentExpressionSyntax { Right.RawKind: (int)SyntaxKind.TrueLiteralExpression or (int)SyntaxKind.FalseLiteralExpression });

    private static bool IsEnding(SyntaxNode node) => node.Ancestors().Any(ancestor => ancestor switch
    {
        MethodDeclarationSyntax method => StateNames.WordsOf(method.Identifier.ValueText).Any(Endings.Contains),
        LocalFunctionStatementSyntax function => StateNames.WordsOf(function.Identifier.ValueText).Any(Endings.Contains),
        DestructorDeclarationSyntax or FinallyClauseSyntax or CatchClauseSyntax => ancestor != node,
        _ => false,
    });
}
