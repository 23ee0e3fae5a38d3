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
            && Reads().Any(read => _keys.Of(read.Path) is { } key
                && PathKeys.IsSame(written, key)
                && (!PathKeys.IsAnyFile(written) || SymbolEqualityComparer.Default.Equals(TypeAround(read.Node), TypeAround(write.Node))));

    private INamedTypeSymbol? TypeAround(SyntaxNode node) => Around(node).OfType<INamedTypeSymbol>().FirstOrDefault();

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
        foreach (ISymbol around in Around(access.Node))
        {
            names.Add(around.Name);
        }

        AddSurroundings(names, access.Node);
        return names;
    }

    /// <summary>Who keeps the state: the methods, types and the namespace around, and the types these work with, such as an agent and its messages.</summary>
    public void AddSurroundings(StateNames names, SyntaxNode node)
    {
        foreach (ISymbol around in Around(node))
        {
            names.AddAround(around.Name);
            names.AddAround(around is INamedTypeSymbol { ContainingNamespace: var containing } ? containing.ToDisplayString() : "");
            AddTypesOf(names, around as INamedTypeSymbol);
        }
    }

    private IEnumerable<ISymbol> Around(SyntaxNode node)
    {
        for (ISymbol? around = model.SemanticsOf(node.SyntaxTree).GetEnclosingSymbol(node.SpanStart, cancellationToken); around is not (null or INamespaceSymbol); around = around.ContainingSymbol)
        {
            yield return around;
        }
    }

    private static void AddTypesOf(StateNames names, INamedTypeSymbol? type)
    {
        foreach (ISymbol member in type is null ? [] : type.GetMembers().AsEnumerable())
        {
            IEnumerable<ITypeSymbol> types = member switch
            {
                IFieldSymbol field => [field.Type],
                IMethodSymbol method => method.Parameters.Select(parameter => parameter.Type).Append(method.ReturnType),
                _ => [],
            };
            foreach (ITypeSymbol used in types)
            {
                names.AddAround(used.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat));
            }
        }
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
                if (call.TargetMethod.Name.StartsWith("Serialize", StringComparison.Ordinal) && SerializedBy(call) is { } value)
                {
                    names.Add(value.Type?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat) ?? "");
                }
            }
        }
    }

    /// <summary>What is given to a serializer, or what serializes itself.</summary>
    private static IOperation? SerializedBy(IInvocationOperation call)
    {
        IOperation? value = call.Instance is { Type.Name: var name } instance && !name.EndsWith("Serializer", StringComparison.Ordinal) ? instance : call.Arguments.FirstOrDefault()?.Value;
        return value is IConversionOperation { IsImplicit: true, Operand: var operand } ? operand : value;
    }
}
