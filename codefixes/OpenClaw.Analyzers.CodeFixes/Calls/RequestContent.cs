using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>"May the content of this request be sent twice": a stream is consumed by the first attempt.</summary>
internal static class RequestContent
{
    private static readonly HashSet<string> Repeatable = new(StringComparer.Ordinal)
    {
        "StringContent", "ByteArrayContent", "JsonContent", "FormUrlEncodedContent", "ReadOnlyMemoryContent",
    };

    public static bool IsRepeatable(FixSite site, GatewayCall call)
        => call.Operation.Arguments.All(argument => site.Model.Values.OriginsOf(argument.Value, call: null, site.CancellationToken)
            .All(origin => origin.Operation.ConstantValue.HasValue || IsRepeatable(origin.Operation.Type)));

    private static bool IsRepeatable(ITypeSymbol? type)
    {
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
