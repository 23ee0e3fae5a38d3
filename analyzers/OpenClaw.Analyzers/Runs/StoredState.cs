using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>OCG1303: the state of a run that a program writes to a file and reads back, as a type that tells no version.</summary>
internal static class StoredState
{
    private static readonly string[] StateNames = ["Checkpoint", "State", "Snapshot", "Progress"];

    private static readonly string[] VersionNames = ["Version", "Schema", "Format", "Revision"];

    private static readonly string[] Writers = ["Serialize", "SerializeAsync", "SerializeToUtf8Bytes", "SerializeObject"];

    public static bool IsRead(string name) => name is "Deserialize" or "DeserializeAsync" or "DeserializeObject";

    /// <summary>The type that the invocation reads back without a version; null where it reads something else, or may tell one.</summary>
    public static INamedTypeSymbol? UnversionedAt(InvocationExpressionSyntax read, GatewayModel model, CancellationToken cancellationToken)
        => model.OperationAt(read, cancellationToken) is IInvocationOperation { TargetMethod: { TypeArguments: [INamedTypeSymbol type] } method }
            && IsSerializer(method)
            && model.IsDeclaredHere(type)
            && StateNames.Any(name => type.Name.EndsWith(name, StringComparison.Ordinal))
            && !TellsVersion(type)
            && UsesFile(read, "Read", "Open")
            && IsWritten(type, model, cancellationToken)
            && IsOfRun(read, model, cancellationToken)
                ? type
                : null;

    private static bool IsSerializer(IMethodSymbol method)
        => method.ContainingType.HasFullName("System.Text.Json", "JsonSerializer") || method.ContainingType.HasFullName("Newtonsoft.Json", "JsonConvert");

    private static bool TellsVersion(INamedTypeSymbol type)
        => type.SelfAndBases().SelectMany(declaring => declaring.GetMembers())
            .Any(member => member is IPropertySymbol or IFieldSymbol && VersionNames.Any(name => member.Name.IndexOf(name, StringComparison.OrdinalIgnoreCase) >= 0));

    private static bool IsWritten(INamedTypeSymbol type, GatewayModel model, CancellationToken cancellationToken)
        => Writers.SelectMany(writer => model.Index.InvocationsOf(writer, cancellationToken))
            .Any(write => UsesFile(write, "Write", "Create", "Open")
                && model.OperationAt(write, cancellationToken) is IInvocationOperation { TargetMethod: var method } call
                && IsSerializer(method)
                && call.Arguments.Any(argument => type.Equals(ValueOf(argument).Type, SymbolEqualityComparer.Default)));

    private static IOperation ValueOf(IArgumentOperation argument) => argument.Value is IConversionOperation conversion ? conversion.Operand : argument.Value;

    /// <summary>Whether the member around the code opens a file: with a method of <c>File</c>, or as a stream.</summary>
    private static bool UsesFile(SyntaxNode code, params string[] verbs)
        => SyntaxFacts.FunctionAround(code).DescendantNodes().Any(node => node switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "File" or "AtomicFile" } } file }
                => verbs.Any(verb => file.Name.Identifier.ValueText.StartsWith(verb, StringComparison.Ordinal)),
            ObjectCreationExpressionSyntax { Type: IdentifierNameSyntax { Identifier.ValueText: "FileStream" } } => true,
            _ => false,
        });

    /// <summary>Whether what is read back is part of a run: the member makes turns, or one that calls it does.</summary>
    private static bool IsOfRun(SyntaxNode read, GatewayModel model, CancellationToken cancellationToken)
    {
        SyntaxNode function = SyntaxFacts.FunctionAround(read);
        return MakesTurns(function, model, cancellationToken)
            || (model.DeclaredAt(function, cancellationToken) is IMethodSymbol method
                && model.Callers.CallsOf(method, cancellationToken).Any(call => MakesTurns(SyntaxFacts.FunctionAround(call.Syntax), model, cancellationToken)));
    }

    private static bool MakesTurns(SyntaxNode member, GatewayModel model, CancellationToken cancellationToken) => Turns.TakenIn(member, model, cancellationToken).Any();
}
