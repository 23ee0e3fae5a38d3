using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs.Checkpoints;

/// <summary>A place that opens a file to replace what is in it, or to read it.</summary>
/// <param name="Node">The call or the creation.</param>
/// <param name="Path">The path as it is given.</param>
/// <param name="Content">The whole new content; null where it is written to a stream afterwards, and for a read.</param>
internal sealed record FileAccess(ExpressionSyntax Node, IOperation Path, IOperation? Content)
{
    /// <summary>What names the access in the code: the method, or the type that is created.</summary>
    public SyntaxNodeOrToken Name => Node is InvocationExpressionSyntax call ? SyntaxFacts.NameOf(call) : Node is ObjectCreationExpressionSyntax { Type: var type } ? type : Node;
}

/// <summary>"Does this replace a file in place", "does this read one": the methods and streams of <c>System.IO</c>.</summary>
internal static class FileAccesses
{
    private const int Create = 2;
    private const int Open = 3;
    private const int OpenOrCreate = 4;
    private const int Truncate = 5;

    public static readonly string[] ReadingCalls =
    [
        "ReadAllText", "ReadAllTextAsync", "ReadAllBytes", "ReadAllBytesAsync", "ReadAllLines", "ReadAllLinesAsync", "ReadLines", "ReadLinesAsync", "OpenRead", "OpenText", "Open",
    ];

    public static readonly string[] ReadingTypes = ["FileStream", "StreamReader"];

    private static readonly HashSet<string> WritingCalls = new(StringComparer.Ordinal)
    {
        "WriteAllText", "WriteAllTextAsync", "WriteAllBytes", "WriteAllBytesAsync", "WriteAllLines", "WriteAllLinesAsync", "Create", "CreateText", "Open",
    };

    /// <summary>A cheap look before anything is bound. <c>new(…)</c> does not say what it makes.</summary>
    public static bool MayWrite(ExpressionSyntax node) => node switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var receiver } } call
            => WritingCalls.Contains(SourceIndex.NameOf(call)) && receiver.GetLastToken().ValueText == "File",
        ObjectCreationExpressionSyntax { Type: var type } => type.GetLastToken().ValueText is "FileStream" or "StreamWriter",
        ImplicitObjectCreationExpressionSyntax { Parent: EqualsValueClauseSyntax { Parent.Parent: VariableDeclarationSyntax { Type: var type } } }
            => type.GetLastToken().ValueText is "FileStream" or "StreamWriter",
        _ => false,
    };

    /// <summary>The access, where it takes the old content away before the new one is there.</summary>
    public static FileAccess? WriteAt(ExpressionSyntax node, GatewayModel model, CancellationToken cancellationToken)
    {
        switch (model.OperationAt(node, cancellationToken))
        {
            case IInvocationOperation call when IsFile(call.TargetMethod.ContainingType) && PathOf(call.Arguments) is { } path:
                string name = call.TargetMethod.Name;
                bool replaces = WritingCalls.Contains(name) && (name != "Open" || ModeOf(call.Arguments, model, cancellationToken) is Create or Truncate);
                IOperation? content = name.StartsWith("WriteAll", StringComparison.Ordinal) ? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 1)?.Value : null;
                return replaces ? new FileAccess(node, path, content) : null;
            case IObjectCreationOperation creation when PathOf(creation.Arguments) is { } path:
                bool truncates = creation.Type.HasFullName("System.IO", "FileStream") ? ModeOf(creation.Arguments, model, cancellationToken) is Create or Truncate
                    : creation.Type.HasFullName("System.IO", "StreamWriter") && !MayAppend(creation.Arguments);
                return truncates ? new FileAccess(node, path, Content: null) : null;
            default:
                return null;
        }
    }

    public static FileAccess? ReadAt(ExpressionSyntax node, GatewayModel model, CancellationToken cancellationToken) => model.OperationAt(node, cancellationToken) switch
    {
        IInvocationOperation call when IsFile(call.TargetMethod.ContainingType) && PathOf(call.Arguments) is { } path
            && (call.TargetMethod.Name != "Open" || ModeOf(call.Arguments, model, cancellationToken) is Open or OpenOrCreate)
            => new FileAccess(node, path, Content: null),
        IObjectCreationOperation creation when PathOf(creation.Arguments) is { } path
            && (creation.Type.HasFullName("System.IO", "StreamReader")
                || (creation.Type.HasFullName("System.IO", "FileStream") && ModeOf(creation.Arguments, model, cancellationToken) is Open or OpenOrCreate))
            => new FileAccess(node, path, Content: null),
        _ => null,
    };

    private static bool IsFile(ITypeSymbol? type) => type.HasFullName("System.IO", "File");

    private static IOperation? PathOf(IEnumerable<IArgumentOperation> arguments)
        => arguments.FirstOrDefault(argument => argument.Parameter is { Ordinal: 0, Name: "path", Type.SpecialType: SpecialType.System_String })?.Value;

    /// <summary>The mode, given as it is or in options; null where it is neither or not constant.</summary>
    private static int? ModeOf(IEnumerable<IArgumentOperation> arguments, GatewayModel model, CancellationToken cancellationToken)
    {
        foreach (IArgumentOperation argument in arguments)
        {
            if (argument.Parameter?.Type.HasFullName("System.IO", "FileMode") == true)
            {
                return argument.Value.ConstantValue is { HasValue: true, Value: int mode } ? mode : null;
            }

            if (argument.Parameter?.Type.HasFullName("System.IO", "FileStreamOptions") == true
                && model.Values.OriginsOf(argument.Value, call: null, cancellationToken) is [{ Operation: IObjectCreationOperation options }])
            {
                return new ObjectSetup(model).ValuesOf(options, "Mode", cancellationToken).Select(value => value.ConstantValue.Value as int?).FirstOrDefault();
            }
        }

        return null;
    }

    private static bool MayAppend(IEnumerable<IArgumentOperation> arguments)
        => arguments.Any(argument => (argument.Parameter?.Name == "append" && argument.Value.ConstantValue is not { HasValue: true, Value: false })
            || argument.Parameter?.Type.HasFullName("System.IO", "FileStreamOptions") == true);
}
