using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes.Calls;
using OpenClaw.Analyzers.Runs.Checkpoints;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>
/// A stream that is opened, written to by one awaited call and closed: <c>await using var stream = File.Create(path); await SerializeAsync(stream, …);</c>.
/// The call becomes the delegate of <c>AtomicFile.WriteAsync</c>.
/// </summary>
internal sealed class StreamWrite
{
    private readonly StatementSyntax _opening;
    private readonly StatementSyntax? _writing;
    private readonly InvocationExpressionSyntax _call;
    private readonly ExpressionSyntax _path;
    private readonly string _stream;
    private readonly bool _returnsTask;

    private StreamWrite(StatementSyntax opening, StatementSyntax? writing, InvocationExpressionSyntax call, ExpressionSyntax path, string stream, bool returnsTask)
    {
        _opening = opening;
        _writing = writing;
        _call = call;
        _path = path;
        _stream = stream;
        _returnsTask = returnsTask;
    }

    /// <summary>Null where the stream is not only written to by one call that is awaited, and closed.</summary>
    public static StreamWrite? Find(ExpressionSyntax access, FixSite site)
    {
        if (FileAccesses.WriteAt(access, site.Model, site.CancellationToken) is not { Path.Syntax: ExpressionSyntax path }
            || access.Parent is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } } variable }
            || site.Semantics.GetDeclaredSymbol(variable, site.CancellationToken) is not ILocalSymbol local
            || local.Type.HasFullName("System.IO", "StreamWriter"))
        {
            return null;
        }

        // The declaration with the statement behind it, or the statement with its block.
        (StatementSyntax? opening, StatementSyntax? writing, bool isBlock) = variable.Parent!.Parent switch
        {
            LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0, Parent: BlockSyntax block } declaration
                => (declaration, block.Statements.SkipWhile(statement => statement != declaration).Skip(1).FirstOrDefault(), false),
            UsingStatementSyntax { Statement: BlockSyntax { Statements: [var only] } } scope => (scope, only, true),
            UsingStatementSyntax { Statement: ExpressionStatementSyntax only } scope => (scope, only, true),
            _ => ((StatementSyntax?)null, (StatementSyntax?)null, false),
        };
        if (opening is null
            || writing is not ExpressionStatementSyntax { Expression: AwaitExpressionSyntax awaited }
            || CallIn(awaited) is not { } call
            || HasComments(opening, writing, isBlock)
            || site.Semantics.GetTypeInfo(call, site.CancellationToken).Type is not { } type
            || UsesOf(local, opening, site) != call.ArgumentList.Arguments.Count(argument => IsUse(argument.Expression, local, site))
            || call.DescendantNodes().Any(node => node is AwaitExpressionSyntax or ArgumentSyntax { RefKindKeyword.RawKind: not 0 }))
        {
            return null;
        }

        bool returnsTask = type.HasFullName("System.Threading.Tasks", "Task");
        return returnsTask || type.HasFullName("System.Threading.Tasks", "ValueTask")
            ? new StreamWrite(opening, isBlock ? null : writing, call, path, local.Name, returnsTask)
            : null;
    }

    public FixPlan Plan(FixSite site, string title)
    {
        ExpressionSyntax? token = TokenArgument.InScope(site, _call);
        bool passesToken = token is not null && _call.ArgumentList.Arguments.Any(argument => argument.Expression.ToString() == token.ToString());
        string parameter = passesToken ? Names.ForParameter("ct", _opening, _call) : Names.Discard(site.LanguageVersion, _opening, _call);
        InvocationExpressionSyntax call = passesToken
            ? _call.ReplaceNodes(
                _call.ArgumentList.Arguments.Select(argument => argument.Expression).Where(argument => argument.ToString() == token!.ToString()),
                (original, _) => SyntaxFactory.IdentifierName(parameter).WithTriviaFrom(original))
            : _call;
        string name = Imports.NameFor(Imports.Runtime, "AtomicFile", site.Semantics, _opening.SpanStart, out bool needsImport);
        string body = _returnsTask ? call.WithoutTrivia().ToString() : $"await {call.WithoutTrivia()}";
        string configure = _call.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax configured }
            ? ".ConfigureAwait" + configured.ArgumentList
            : "";
        string statement = $"await {name}.WriteAsync({_path}, {(_returnsTask ? "" : "async ")}({_stream}, {parameter}) => {body}{(token is null ? "" : $", {token}")}){configure};";
        var plan = new FixPlan(title);
        plan.Add(_writing is null ? [_opening] : [_opening, _writing], rewriter =>
        {
            if (_writing is not null)
            {
                rewriter.Remove(_writing);
            }

            rewriter.Replace(_opening, [SyntaxFactory.ParseStatement(statement)]);
            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        return plan;
    }

    private static InvocationExpressionSyntax? CallIn(AwaitExpressionSyntax awaited)
        => awaited.Expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Expression: InvocationExpressionSyntax inner } }
            ? inner
            : awaited.Expression as InvocationExpressionSyntax;

    /// <summary>What stands between the two statements, or in the block, would be lost with them.</summary>
    private static bool HasComments(StatementSyntax opening, StatementSyntax writing, bool isBlock)
        => opening.ContainsDirectives
            || writing.ContainsDirectives
            || writing.DescendantTrivia().Any(IsComment)
            || (isBlock && opening.DescendantTrivia().Any(trivia => IsComment(trivia) && !opening.GetLeadingTrivia().Contains(trivia)))
            || opening.GetTrailingTrivia().Any(IsComment);

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia;

    private static int UsesOf(ILocalSymbol local, StatementSyntax opening, FixSite site)
        => (opening.Parent ?? opening).DescendantNodes().OfType<IdentifierNameSyntax>().Count(name => IsUse(name, local, site));

    private static bool IsUse(ExpressionSyntax expression, ILocalSymbol local, FixSite site)
        => expression is IdentifierNameSyntax name
            && name.Identifier.ValueText == local.Name
            && local.Equals(site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol, SymbolEqualityComparer.Default);
}
