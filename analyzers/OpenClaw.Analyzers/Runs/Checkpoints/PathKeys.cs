using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs.Checkpoints;

/// <summary>"Do these two paths lead to the same file": a text for a path that is equal where the code makes it of the same parts.</summary>
internal sealed class PathKeys(GatewayModel model, CancellationToken cancellationToken)
{
    private const string Anything = "*";
    private const int MaxDepth = 8;

    /// <summary>Null where no part of the path is known but how the name ends.</summary>
    public string? Of(IOperation path)
    {
        string key = KeyOf(path, depth: 0);
        int dot = key.LastIndexOf('.');
        string withoutExtension = dot > key.LastIndexOfAny(['/', '>']) ? key.Substring(0, dot) : key;
        return withoutExtension.Any(char.IsLetterOrDigit) ? key : null;
    }

    /// <summary>Whether what is read may be what is written: the same path, or any file of the folder it is written to.</summary>
    public static bool IsSame(string written, string read)
        => written == read || (read.EndsWith("/" + Anything, StringComparison.Ordinal) && written.StartsWith(read.Substring(0, read.Length - 1), StringComparison.Ordinal));

    /// <summary>Whether no part of the file's name is known: in a folder that others use as well it may be any of theirs.</summary>
    public static bool IsAnyFile(string key) => key.EndsWith("/" + Anything, StringComparison.Ordinal);

    private string KeyOf(IOperation operation, int depth)
    {
        if (depth > MaxDepth)
        {
            return Anything;
        }

        switch (operation)
        {
            case { ConstantValue: { HasValue: true, Value: string text } }:
                return text;
            case IConversionOperation conversion:
                return KeyOf(conversion.Operand, depth);
            case IParenthesizedOperation parenthesized:
                return KeyOf(parenthesized.Operand, depth);
            case ILocalReferenceOperation { Local: var local }:
                return model.Values.AssignedTo(local, cancellationToken) is [var only] ? KeyOf(only, depth + 1)
                    : CollectionOf(local) is { } collection ? KeyOf(collection, depth + 1)
                    : Anything;
            case IFieldReferenceOperation { Field: var field }:
                return $"<{field.OriginalDefinition.ToDisplayString()}>";
            case IPropertyReferenceOperation { Property: var property }:
                return $"<{property.OriginalDefinition.ToDisplayString()}>";
            case IParameterReferenceOperation { Parameter: { ContainingSymbol: { } method } parameter } when depth == 0:
                return $"<{method.ContainingType?.ToDisplayString()}({parameter.Name})>";
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum:
                return KeyOf(sum.LeftOperand, depth + 1) + KeyOf(sum.RightOperand, depth + 1);
            case IInterpolatedStringOperation text:
                return string.Concat(text.Parts.Select(part => KeyOf(part is IInterpolationOperation hole ? hole.Expression : ((IInterpolatedStringTextOperation)part).Text, depth + 1)));
            case IInvocationOperation call:
                return KeyOf(call, depth);
            case IArgumentOperation argument:
                return KeyOf(argument.Value, depth);
            default:
                return Anything;
        }
    }

    private string KeyOf(IInvocationOperation call, int depth)
    {
        IMethodSymbol method = call.TargetMethod;
        bool isPath = method.ContainingType.HasFullName("System.IO", "Path");
        if (isPath && method.Name is "Combine" or "Join")
        {
            IEnumerable<IOperation> parts = call.Arguments.SelectMany(argument => argument.Value is IArrayCreationOperation { Initializer.ElementValues: var values } ? values : (IEnumerable<IOperation>)[argument.Value]);
            return string.Join("/", parts.Select(part => KeyOf(part, depth + 1)));
        }

        if (isPath && method.Name == "GetFullPath" && call.Arguments.Length == 1)
        {
            return KeyOf(call.Arguments[0].Value, depth);
        }

        if (method.ContainingType.HasFullName("System.IO", "Directory") && method.Name is "EnumerateFiles" or "GetFiles" && call.Arguments.Length > 0)
        {
            return KeyOf(call.Arguments[0].Value, depth + 1) + "/" + Anything;
        }

        return model.IsDeclaredHere(method) ? $"<{method.OriginalDefinition.ToDisplayString()}>" : Anything;
    }

    /// <summary>What a loop takes the variable from, without what only orders or filters it.</summary>
    private IOperation? CollectionOf(ILocalSymbol local)
    {
        ExpressionSyntax? collection = local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is ForEachStatementSyntax loop ? loop.Expression : null;
        while (collection is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax inner } })
        {
            collection = inner;
        }

        return collection is null ? null : model.OperationAt(collection, cancellationToken);
    }
}
