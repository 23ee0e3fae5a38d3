using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs.Checkpoints;

/// <summary>"Is this file the state of a run": its names say so, and the code reads it back.</summary>
internal sealed class StateFiles(GatewayModel model, CancellationToken cancellationToken)
{
    private readonly PathKeys _keys = new(model, cancellationToken);

    /// <summary>Whether the names around the access, or an agent at work in the same type, say that the file is the state of a run.</summary>
    public bool IsState(FileAccess access)
    {
        StateNames names = NamesOf(access);
        return names.MeanState(names.DependOnAgent && TakesTurns(access.Node));
    }

    /// <summary>Whether code of the compilation reads the file again.</summary>
    public bool IsReadBack(FileAccess write)
        => _keys.Of(write.Path) is { } written
            && Reads().Any(read => _keys.Of(read.Path) is { } key && PathKeys.IsSame(written, key));

    /// <summary>Whether an agent's turn is taken somewhere in the type around.</summary>
    public bool TakesTurns(SyntaxNode node)
        => node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type
            && type.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call => model.Reach.FromNear(call, cancellationToken) is { IsTurnOrTool: true });

    private IEnumerable<FileAccess> Reads()
        => FileAccesses.ReadingCalls.SelectMany(name => model.Index.InvocationsOf(name, cancellationToken)).AsEnumerable<ExpressionSyntax>()
            .Concat(FileAccesses.ReadingTypes.SelectMany(name => model.Index.CreationsOf(name, cancellationToken)))
            .Select(node => FileAccesses.ReadAt(node, model, cancellationToken))
            .OfType<FileAccess>();

    private StateNames NamesOf(FileAccess access)
    {
        var names = new StateNames();
        AddPath(names, access.Path);
        AddContent(names, access.Content);
        for (ISymbol? around = model.SemanticsOf(access.Node.SyntaxTree).GetEnclosingSymbol(access.Node.SpanStart, cancellationToken); around is not null; around = around.ContainingSymbol)
        {
            if (around is INamespaceSymbol)
            {
                names.AddAround(around.ToDisplayString());
                break;
            }

            names.Add(around.Name);
        }

        return names;
    }

    /// <summary>The words of the path: variables, literals, and one step back what the variables are made of.</summary>
    private void AddPath(StateNames names, IOperation path)
    {
        foreach (IOperation part in WithOrigins(path).SelectMany(origin => origin.DescendantsAndSelf()))
        {
            string? name = part switch
            {
                { ConstantValue: { HasValue: true, Value: string text } } => text,
                ILocalReferenceOperation local => local.Local.Name,
                IFieldReferenceOperation field => field.Field.Name,
                IPropertyReferenceOperation property => property.Property.Name,
                IParameterReferenceOperation parameter => parameter.Parameter.Name,
                IInvocationOperation call when model.IsDeclaredHere(call.TargetMethod) => call.TargetMethod.Name,
                _ => null,
            };
            names.Add(name ?? "");
        }
    }

    private IEnumerable<IOperation> WithOrigins(IOperation path)
    {
        yield return path;
        IEnumerable<IOperation> made = path switch
        {
            ILocalReferenceOperation { Local: var local } => model.Values.AssignedTo(local, cancellationToken),
            IFieldReferenceOperation { Field: var field } => model.Values.AssignedTo(field, cancellationToken),
            IPropertyReferenceOperation { Property: var property } => model.Values.AssignedTo(property, cancellationToken).Concat(model.Values.ReturnedBy(property, cancellationToken)),
            IInvocationOperation { TargetMethod: var method } when model.IsDeclaredHere(method) => model.Values.ReturnedBy(method.OriginalDefinition, cancellationToken),
            _ => [],
        };
        foreach (IOperation operation in made)
        {
            yield return operation;
        }
    }

    /// <summary>The type of what is serialized into the content.</summary>
    private void AddContent(StateNames names, IOperation? content)
    {
        foreach (Origin origin in content is null ? [] : model.Values.OriginsOf(content, call: null, cancellationToken))
        {
            foreach (IInvocationOperation call in origin.Operation.DescendantsAndSelf().OfType<IInvocationOperation>())
            {
                if (call.TargetMethod.Name.StartsWith("Serialize", StringComparison.Ordinal) && call.Arguments.Length > 0)
                {
                    IOperation value = call.Arguments[0].Value is IConversionOperation { IsImplicit: true, Operand: var operand } ? operand : call.Arguments[0].Value;
                    names.Add(value.Type?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat) ?? "");
                }
            }
        }
    }
}
