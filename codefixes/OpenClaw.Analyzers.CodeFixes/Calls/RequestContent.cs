using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>"May the content of this request be sent twice": a stream is consumed by the first attempt.</summary>
internal static class RequestContent
{
    private static readonly HashSet<string> Repeatable = new(StringComparer.Ordinal)
    {
        "StringContent", "ByteArrayContent", "JsonContent", "FormUrlEncodedContent", "ReadOnlyMemoryContent",
    };

    public static bool IsRepeatable(GatewayCall call) => call.Operation.Arguments.All(argument => IsRepeatable(argument.Value));

    private static bool IsRepeatable(IOperation value)
    {
        IOperation inner = value is IConversionOperation conversion ? conversion.Operand : value;
        ITypeSymbol? type = inner.Type;
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (current.HasFullName("System.Net.Http", "HttpContent"))
            {
                return Repeatable.Contains(type!.Name);
            }

            if (current.HasFullName("System.ClientModel", "BinaryContent") || current.HasFullName("System.IO", "Stream"))
            {
                return false;
            }
        }

        return true;
    }
}
