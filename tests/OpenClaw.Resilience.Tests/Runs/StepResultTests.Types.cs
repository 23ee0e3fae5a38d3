using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenClaw.Resilience.Tests.Runs;

/// <content>The types of the results.</content>
public sealed partial class StepResultTests
{
    private sealed record Person(string Name, int Age, IReadOnlyList<string>? Tags = null);

    private sealed record Node(string Name, Node? Next);

    private sealed record Marker;

    private readonly record struct Point(double X, double Y);

    private sealed class InitOnly
    {
        public required string Name { get; init; }

        public Dictionary<string, int> Counts { get; init; } = [];
    }

    private sealed class ConstructorOnly(string name)
    {
        public string Name { get; } = name;

        public string Shouted => Name.ToUpperInvariant();
    }

    [JsonPolymorphic]
    [JsonDerivedType(typeof(Circle), "circle")]
    private abstract record Shape;

    private sealed record Circle(double Radius) : Shape;

    private record Animal(string Name);

    private sealed record Dog(string Name, string Trick) : Animal(Name);

    private sealed class PrivateSetter
    {
        public string Name { get; private set; } = "";

        public static PrivateSetter Of(string name) => new() { Name = name };
    }

    private sealed class IncludedPrivateSetter
    {
        [JsonInclude]
        public string Name { get; private set; } = "";

        public static IncludedPrivateSetter Of(string name) => new() { Name = name };
    }

    private sealed class PublicField
    {
        public int Count;

        public string Name { get; set; } = "";
    }

    private sealed class IncludedField
    {
        [JsonInclude]
        public int Count;

        [JsonIgnore]
        public int Cache;
    }

    private sealed class Hidden(int state)
    {
        public int Read() => state;
    }

    private sealed class Paged : List<string>
    {
        public string? Next { get; set; }
    }

    private sealed record Holder(object? Value);

    private sealed record Nested(string Name, (int A, int B) Pair);

    private sealed record Lossy([property: JsonConverter(typeof(DayConverter))] DateTime At);

    private sealed record TextHolder(string Text);

    private sealed class TwoConstructors
    {
        public TwoConstructors(int number) => Number = number;

        public TwoConstructors(string number) => Number = number.Length;

        public int Number { get; }
    }

    private sealed class Throwing
    {
        private readonly int _value = -1;

        public int Value => _value < 0 ? throw new InvalidTimeZoneException("getter") : _value;
    }

    [JsonConverter(typeof(OpaqueConverter))]
    private sealed class Opaque(string state)
    {
        public string State => state;
    }

    private sealed class OpaqueConverter : JsonConverter<Opaque>
    {
        public override Opaque Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new("lost");

        public override void Write(Utf8JsonWriter writer, Opaque value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.State);
    }

    private sealed class DayConverter : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTime().Date;

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Date);
    }

    private sealed class Trimming : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!.Trim();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    [JsonSerializable(typeof(string))]
    [JsonSerializable(typeof(Person))]
    [JsonSerializable(typeof(Nested))]
    private sealed partial class Context : JsonSerializerContext;
}
