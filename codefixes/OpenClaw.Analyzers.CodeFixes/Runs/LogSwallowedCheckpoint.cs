using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>OCG1306: the failure is logged as a warning. The run goes on as before, since whether it must end only the author knows; but somebody hears of it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LogSwallowedCheckpoint))]
public sealed class LogSwallowedCheckpoint() : GatewayCodeFix(Descriptors.SwallowedCheckpoint)
{
    private const string Logging = "Microsoft.Extensions.Logging";

    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<CatchClauseSyntax>() is not { } clause || clause.Block.ContainsDirectives)
        {
            return null;
        }

        var plan = new FixPlan("Log the failed checkpoint as a warning");
        if (QuietLogIn(clause, site) is { } quiet)
        {
            plan.Add([quiet], rewriter => rewriter.Replace(quiet, current => SyntaxFactory.IdentifierName("LogWarning").WithTriviaFrom(current)));
            return plan;
        }

        if (LoggerAt(clause, site) is not { } logger)
        {
            return null;
        }

        string exception = clause.Declaration is { Identifier: { RawKind: not 0, Text: var name } } ? name : Names.Unique("exception", clause);
        string type = Imports.NameFor("System", "Exception", site.Semantics, clause.SpanStart, out bool needsImport);
        plan.Add([clause.Block, clause], rewriter =>
        {
            StatementSyntax log = SyntaxFactory.ParseStatement($"{logger}.LogWarning({exception}, \"The state of the run could not be saved\");");
            rewriter.Replace(clause.Block, block => WithFirst(block, log));
            rewriter.Replace(clause, current => WithVariable(current, type, exception));
            rewriter.Import(Logging);
            if (needsImport && clause.Declaration is null)
            {
                rewriter.Import("System");
            }
        });
        return plan;
    }

    /// <summary>The name of the logger's method in a block that logs where nobody looks.</summary>
    private static IdentifierNameSyntax? QuietLogIn(CatchClauseSyntax clause, FixSite site)
        => clause.Block.Statements.OfType<ExpressionStatementSyntax>()
            .Select(statement => statement.Expression).OfType<InvocationExpressionSyntax>()
            .Where(call => site.Semantics.GetSymbolInfo(call, site.CancellationToken).Symbol is IMethodSymbol { Name: "LogDebug" or "LogTrace" } method && method.ContainingType.IsWithin(Logging))
            .Select(call => (call.Expression as MemberAccessExpressionSyntax)?.Name as IdentifierNameSyntax)
            .FirstOrDefault();

    /// <summary>The name of the one logger that the code can use there; null where there is none, or more than one.</summary>
    private static string? LoggerAt(CatchClauseSyntax clause, FixSite site)
    {
        bool isStatic = clause.Ancestors().Any(node => node is MemberDeclarationSyntax member && member.Modifiers.Any(SyntaxKind.StaticKeyword) && node is not TypeDeclarationSyntax
            || node is LocalFunctionStatementSyntax local && local.Modifiers.Any(SyntaxKind.StaticKeyword)
            || node is AnonymousFunctionExpressionSyntax lambda && lambda.Modifiers.Any(SyntaxKind.StaticKeyword));
        ISymbol[] loggers = [.. site.Semantics.LookupSymbols(clause.Block.SpanStart).Where(symbol => IsLogger(symbol) && (symbol.IsStatic || !isStatic))];
        return loggers is [var only] ? RunInputs.Identifier(only.Name) : null;
    }

    /// <summary>A logger that is there for certain: one that may be null would be another failure.</summary>
    private static bool IsLogger(ISymbol symbol)
    {
        ITypeSymbol? type = symbol switch
        {
            IFieldSymbol { IsImplicitlyDeclared: false } field => field.Type,
            IPropertySymbol { IsIndexer: false } property => property.Type,
            IParameterSymbol parameter => parameter.Type,
            _ => null,
        };
        return type is { NullableAnnotation: not NullableAnnotation.Annotated }
            && (type.HasFullName(Logging, "ILogger") || type.AllInterfaces.Any(implemented => implemented.HasFullName(Logging, "ILogger")));
    }

    private static BlockSyntax WithFirst(BlockSyntax block, StatementSyntax log)
    {
        SyntaxTrivia lineEnd = SyntaxFactory.ElasticCarriageReturnLineFeed;
        log = log.WithTrailingTrivia(lineEnd);
        if (block.Statements is [var first, ..])
        {
            return block.WithStatements(block.Statements.Replace(first, first.WithLeadingTrivia()).Insert(0, log.WithLeadingTrivia(first.GetLeadingTrivia())));
        }

        // Comments of an empty block hang on its closing brace: they stay above the log.
        bool saysSomething = block.CloseBraceToken.LeadingTrivia.Concat(block.OpenBraceToken.TrailingTrivia)
            .Any(trivia => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia);
        return saysSomething
            ? block.WithStatements(SyntaxFactory.SingletonList(log.WithLeadingTrivia(block.CloseBraceToken.LeadingTrivia)))
                .WithCloseBraceToken(block.CloseBraceToken.WithLeadingTrivia(SyntaxFactory.ElasticMarker))
            : SyntaxFactory.Block(log).WithTriviaFrom(block);
    }

    private static CatchClauseSyntax WithVariable(CatchClauseSyntax clause, string type, string name) => clause.Declaration switch
    {
        null => clause.WithCatchKeyword(clause.CatchKeyword.WithTrailingTrivia(SyntaxFactory.Space))
            .WithDeclaration(SyntaxFactory.CatchDeclaration(SyntaxFactory.ParseTypeName(type), SyntaxFactory.Identifier(name))
                .NormalizeWhitespace().WithTrailingTrivia(clause.CatchKeyword.TrailingTrivia)),
        { Identifier.RawKind: 0 } declaration => clause.WithDeclaration(declaration.WithType(declaration.Type.WithTrailingTrivia(SyntaxFactory.Space)).WithIdentifier(SyntaxFactory.Identifier(name))),
        _ => clause,
    };
}
