using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OpenClaw.Resilience;

/// <summary>
/// How results become JSON when the program says nothing: by reflection, and the types of the SDKs that System.ClientModel serves, such as OpenAI's and Azure's,
/// by that library's own converter. By themselves they write what they can't read.
/// </summary>
internal sealed class SdkResults : JsonConverterFactory
{
    private const string Model = "System.ClientModel.Primitives.IJsonModel`1";
    private const string Converter = "System.ClientModel.Primitives.JsonModelConverter";

    private static JsonSerializerOptions? _options;

    private SdkResults()
    {
    }

    /// <summary>The options; the same for all runs, for they hold what was found out of each type.</summary>
    [RequiresUnreferencedCode("Results go through System.Text.Json by reflection.")]
    [RequiresDynamicCode("Results go through System.Text.Json by reflection.")]
    public static JsonSerializerOptions GetOptions() => _options ??= new JsonSerializerOptions
    {
        Converters = { new SdkResults() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public override bool CanConvert(Type typeToConvert) => typeToConvert is { IsValueType: false } && ModelOf(typeToConvert) is not null;

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only made by GetOptions, which requires unreferenced code.")]
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
        => ModelOf(typeToConvert)!.Assembly.GetType(Converter) is { } converter
            ? (JsonConverter)Activator.CreateInstance(converter)!
            : throw new NotSupportedException(
                $"'{typeToConvert}' is a model of System.ClientModel in a version without {Converter}. Return what you need of it, in a type of your own.");

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Only made by GetOptions, which requires unreferenced code.")]
    private static Type? ModelOf(Type type)
        => Array.Find(type.GetInterfaces(), static candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition().FullName == Model);
}
