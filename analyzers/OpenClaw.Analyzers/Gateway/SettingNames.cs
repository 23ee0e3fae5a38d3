using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Settings that are named after the gateway: an environment variable <c>OPENCLAW_…</c>, a configuration key <c>OpenClaw:…</c>.</summary>
internal static class SettingNames
{
    private static readonly char[] Separators = [':', '_', '.'];

    /// <summary>Whether the value is read from such a setting, or from a section of that name.</summary>
    public static bool NameGateway(IOperation value)
    {
        IEnumerable<IArgumentOperation> arguments = value switch
        {
            IInvocationOperation call when IsReader(call.TargetMethod) => call.Arguments.AsEnumerable(),
            IPropertyReferenceOperation { Property: { IsIndexer: true, ContainingType.Name: "IConfiguration" or "IConfigurationSection" or "IConfigurationRoot" } } indexer
                => indexer.Arguments,
            _ => [],
        };
        IOperation? section = value switch
        {
            IPropertyReferenceOperation { Property.ContainingType.Name: "IConfiguration" or "IConfigurationSection" or "IConfigurationRoot" } property => property.Instance,
            IInvocationOperation { TargetMethod.Name: "GetValue" or "GetSection" or "GetRequiredSection" } call => call.Instance ?? call.Arguments.FirstOrDefault()?.Value,
            IConversionOperation conversion => conversion.Operand,
            _ => null,
        };
        return arguments.Any(argument => argument.Value.ConstantValue is { HasValue: true, Value: string name } && IsGatewayName(name))
            || (section is not null && NameGateway(section));
    }

    private static bool IsReader(IMethodSymbol method)
        => method is { Name: "GetEnvironmentVariable", ContainingType.Name: "Environment" }
            or { Name: "GetValue" or "GetSection" or "GetRequiredSection" or "GetConnectionString" };

    private static bool IsGatewayName(string name)
        => name.Split(Separators).Any(part => part.Equals("openclaw", StringComparison.OrdinalIgnoreCase));
}
