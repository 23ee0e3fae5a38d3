using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes;

namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>Every fix on code that is laid out as few would: it refuses, or what it leaves compiles. On code that is half typed it may not throw.</summary>
public sealed class EveryFixTests
{
    private const int Cuts = 12;

    public enum Shape
    {
        AsWritten,
        OnOneLine,
        WindowsLineEnds,
        CommentBeforeEachToken,
        DirectiveBeforeEachStatement,
        BodiesInSwitchSections,
        BodiesInLocalFunctions,
        BodiesInLambdas,
    }

    public static TheoryData<Shape> Shapes => new(Enum.GetValues<Shape>());

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task What_a_fix_leaves_compiles(Shape shape)
    {
        Assert.InRange(await ApplyEachAsync(Shaped(shape)), 30, int.MaxValue);
    }

    /// <summary>Statements without a method around them: what a fix looks for above them is not there.</summary>
    [Fact]
    public async Task What_a_fix_leaves_of_a_program_without_a_class_compiles()
    {
        int applied = 0;
        foreach (string program in ProgramsWithoutClass())
        {
            applied += await ApplyEachAsync(program);
        }

        Assert.InRange(applied, 15, int.MaxValue);
    }

    /// <summary>Applies each fix alone; none may leave an error. Returns how many were offered.</summary>
    private static async Task<int> ApplyEachAsync(string source)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        (Document document, CSharpCompilation compilation) = await OpenAsync(source);
        Assert.True(Errors(compilation) is [], $"{string.Join('\n', Errors(compilation))}\n{source}");
        List<string> broken = [];
        int applied = 0;
        foreach ((GatewayCodeFix fix, Diagnostic diagnostic) in await FixableAsync(compilation))
        {
            if (await fix.PlanAsync(document, diagnostic, cancellationToken) is not { } plan)
            {
                continue;
            }

            applied++;
            Solution after = await FixPlan.ApplyAsync([plan], document.Project.Solution, cancellationToken);
            string[] errors = Errors((await after.GetProject(document.Project.Id)!.GetCompilationAsync(cancellationToken))!);
            broken.AddRange(errors.Select(error => $"{fix.Key} at {diagnostic.Location.GetLineSpan().StartLinePosition}: {error}"));
        }

        Assert.Empty(broken);
        return applied;
    }

    /// <summary>As who takes over a code base does: all of one rule, then all of the next, until nothing more is offered.</summary>
    [Fact]
    public async Task All_fixes_together_come_to_an_end_and_leave_code_that_compiles()
    {
        const int Rounds = 3;
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        (Document document, CSharpCompilation compilation) = await OpenAsync(Breaches.Source);
        int changes = 0;
        for (int round = 0; round < Rounds; round++)
        {
            changes = 0;
            foreach (GatewayCodeFix fix in Rules.Fixes.Cast<GatewayCodeFix>())
            {
                List<FixPlan> plans = [];
                foreach ((GatewayCodeFix _, Diagnostic diagnostic) in (await FixableAsync(compilation)).Where(pair => pair.Fix == fix))
                {
                    plans.AddRange(await fix.PlanAsync(document, diagnostic, cancellationToken) is { } plan ? [plan] : []);
                }

                if (plans.Count == 0)
                {
                    continue;
                }

                changes += plans.Count;
                document = (await FixPlan.ApplyAsync(plans, document.Project.Solution, cancellationToken)).GetDocument(document.Id)!;
                compilation = (CSharpCompilation)(await document.Project.GetCompilationAsync(cancellationToken))!;
                Assert.True(Errors(compilation) is [], $"{fix.Key} left\n{string.Join('\n', Errors(compilation))}\n{await document.GetTextAsync(cancellationToken)}");
            }
        }

        Assert.True(changes == 0, $"{changes} changes in the last round of\n{await document.GetTextAsync(cancellationToken)}");
    }

    [Fact]
    public async Task No_fix_throws_on_half_a_file()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        SyntaxToken[] tokens = [.. (await Analysis.Parse(Breaches.Source).GetRootAsync(cancellationToken)).DescendantTokens()];
        for (int i = tokens.Length / Cuts; i < tokens.Length; i += tokens.Length / Cuts)
        {
            (Document document, CSharpCompilation compilation) = await OpenAsync(Breaches.Source[..tokens[i].Span.End]);
            foreach ((GatewayCodeFix fix, Diagnostic diagnostic) in await FixableAsync(compilation))
            {
                if (await fix.PlanAsync(document, diagnostic, cancellationToken) is { } plan)
                {
                    await FixPlan.ApplyAsync([plan], document.Project.Solution, cancellationToken);
                }
            }
        }
    }

    private static async Task<(Document Document, CSharpCompilation Compilation)> OpenAsync(string source)
    {
        CSharpCompilation compilation = await Analysis.CompilationAsync(source);
        Project project = new AdhocWorkspace().AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "App", "App", LanguageNames.CSharp, compilationOptions: compilation.Options, parseOptions: Analysis.Language, metadataReferences: compilation.References));
        Document document = project.AddDocument("File.cs", source, filePath: compilation.SyntaxTrees[0].FilePath);
        return (document, (CSharpCompilation)(await document.Project.GetCompilationAsync(TestContext.Current.CancellationToken))!);
    }

    private static async Task<IReadOnlyList<(GatewayCodeFix Fix, Diagnostic Diagnostic)>> FixableAsync(CSharpCompilation compilation)
    {
        ImmutableArray<Diagnostic> diagnostics = await Analysis.RunAsync(compilation);
        return [.. from diagnostic in diagnostics from fix in Rules.Fixes where fix.FixableDiagnosticIds.Contains(diagnostic.Id) select ((GatewayCodeFix)fix, diagnostic)];
    }

    private static string[] Errors(Compilation compilation)
        => [.. compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString())];

    private static string Shaped(Shape shape)
    {
        SyntaxNode root = Analysis.Parse(Breaches.Source).GetRoot(TestContext.Current.CancellationToken);
        return shape switch
        {
            Shape.AsWritten => root.ToFullString(),
            Shape.OnOneLine => string.Join(' ', root.DescendantTokens().Select(token => token.Text)),
            Shape.WindowsLineEnds => root.ToFullString().Replace("\n", "\r\n", StringComparison.Ordinal),
            Shape.CommentBeforeEachToken => string.Join(' ', root.DescendantTokens().Select(token => "/* ~ */ " + token.Text)),
            Shape.DirectiveBeforeEachStatement => root.ReplaceNodes(
                root.DescendantNodes().OfType<StatementSyntax>().Where(statement => statement.Parent is BlockSyntax),
                static (_, statement) => statement.WithLeadingTrivia(statement.GetLeadingTrivia().InsertRange(0, SyntaxFactory.ParseLeadingTrivia("\n#line 1\n")))).ToFullString(),
            _ => root.ReplaceNodes(
                root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(method => method.Body is not null && method.Identifier.ValueText != "Main"),
                (_, method) => method.WithBody((BlockSyntax)SyntaxFactory.ParseStatement(Wrapped(shape, method)))).ToFullString(),
        };
    }

    /// <summary>The method's body in another construct. An asynchronous method stays one.</summary>
    private static string Wrapped(Shape shape, MethodDeclarationSyntax method)
    {
        string inner = string.Join("\n", method.Body!.Statements.Select(statement => statement.ToFullString()));
        bool returns = method.ReturnType is GenericNameSyntax;
        string last = returns ? "return await" : "await";
        return shape switch
        {
            Shape.BodiesInSwitchSections => $"{{\nswitch (Environment.TickCount)\n{{\ndefault:\n{{\n{inner}\n}}\nbreak;\n}}\n{(returns ? "throw new InvalidOperationException();" : "")}\n}}",
            Shape.BodiesInLocalFunctions => $"{{\n{last} InnerAsync();\n\nasync {method.ReturnType} InnerAsync()\n{{\n{inner}\n}}\n}}",
            Shape.BodiesInLambdas => $"{{\n{last} Task.Run(async () =>\n{{\n{inner}\n}});\n}}",
            _ => throw new ArgumentOutOfRangeException(nameof(shape)),
        };
    }

    /// <summary>Each method of the classes that have fields and methods only: the fields become locals, and what is returned is used.</summary>
    private static IEnumerable<string> ProgramsWithoutClass()
    {
        var unit = (CompilationUnitSyntax)Analysis.Parse(Breaches.Source).GetRoot(TestContext.Current.CancellationToken);
        foreach (ClassDeclarationSyntax type in unit.Members.OfType<ClassDeclarationSyntax>().Where(type => type.Identifier.ValueText is "Calls" or "Retries"))
        {
            IEnumerable<string> fields = type.Members.OfType<FieldDeclarationSyntax>().Select(field => (field.Modifiers.Any(SyntaxKind.ConstKeyword) ? "const " : "") + (field.Declaration.Variables[0].Initializer is null
                ? $"{field.Declaration.Type} {field.Declaration.Variables[0].Identifier} = new({(field.Declaration.Type.ToString() == "ChatClient" ? "\"m\", \"k\"" : "")});"
                : field.Declaration + ";"));
            foreach (MethodDeclarationSyntax method in type.Members.OfType<MethodDeclarationSyntax>())
            {
                IEnumerable<string> parameters = method.ParameterList.Parameters.Select(parameter => $"{parameter.Type} {parameter.Identifier} = {(parameter.Type!.ToString() == "string" ? "Console.ReadLine()" : "new()")};");
                string body = method.Body is { } block
                    ? string.Concat(block.ReplaceNodes(block.DescendantNodes().OfType<ReturnStatementSyntax>(), static (_, leave) => SyntaxFactory.ParseStatement($"{{ Console.WriteLine({leave.Expression}); return; }}\n")).Statements.Select(statement => statement.ToFullString()))
                    : $"Console.WriteLine({method.ExpressionBody!.Expression});\n";
                yield return $"{unit.Usings.ToFullString()}\n{string.Join('\n', fields)}\n{string.Join('\n', parameters)}\n{body}";
            }
        }
    }
}
