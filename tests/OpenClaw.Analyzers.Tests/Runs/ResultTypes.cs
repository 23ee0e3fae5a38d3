namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>What a step may return: for the rule, which must report what is lost, and for the runtime, which must refuse the same.</summary>
internal static class ResultTypes
{
    public const string Types = """
        record Plan(string Text, int Tokens);

        record Draft(Plan Plan, List<string> Notes) { public int Length => Notes.Count; }

        class Settable { public string? Text { get; set; } public int Count { get; init; } public string Kind { get; } = "plan"; }

        class WithField { public string Text = ""; }

        class Kept { [JsonInclude] public string Text = ""; [JsonInclude] public int Count { get; private set; } [JsonIgnore] public int Seen; }

        class OneWay { public OneWay() => Made = Guid.NewGuid().ToString(); public string Made { get; } }

        class Labelled { public Labelled() => Kind = "plan"; public string Kind { get; } public string? Text { get; set; } public int Unused { get; private set; } }

        class Filled { public Filled(string first) => Notes = new() { first }; public Filled() : this("") { } public List<string> Notes { get; } }

        class Counted { public int Count { get; private set; } public static Counted Of(int count) => new() { Count = count }; }

        class Given { public Given(string text) => Text = text; public string Text { get; } }

        class Hidden { private Hidden() { } public static Hidden Make() => new(); public string? Text { get; set; } }

        class Chosen { [JsonConstructor] private Chosen(string text) => Text = text; public string Text { get; } public static Chosen Make() => new(""); }

        class Several { public Several(string text) => Text = text; public Several(string text, int count) : this(text) { } public string Text { get; } }

        class Nested { public (int X, int Y) Place { get; set; } }

        class Tree { public List<Tree> Children { get; set; } = new(); }

        interface IPlan { string Text { get; } }

        abstract class Step { public string? Text { get; set; } }

        [JsonDerivedType(typeof(Search), "search")] abstract class Action { public string? Text { get; set; } }

        class Search : Action { }

        class RealPlan : IPlan { public string Text => "a"; }

        class RealStep : Step { }

        [JsonConverter(typeof(Converter))] class Converted { public string Text = ""; }

        class Converter : JsonConverter<Converted>
        {
            public override Converted Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new() { Text = reader.GetString()! };

            public override void Write(Utf8JsonWriter writer, Converted value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
        }
        """;

    public static readonly IReadOnlyList<ResultType> All =
    [
        new("(string, int)", "(\"a\", 1)", "holds a tuple, whose elements are fields, which the serializer does not write"),
        new("(string Text, int Tokens)?", "(\"a\", 1)", "holds a tuple, whose elements are fields, which the serializer does not write"),
        new("List<(string, int)>", "new() { (\"a\", 1) }", "holds a tuple, whose elements are fields, which the serializer does not write"),
        new("(int, int)[]", "new[] { (1, 2) }", "holds a tuple, whose elements are fields, which the serializer does not write"),
        new("Dictionary<string, (int, int)>", "new() { [\"a\"] = (1, 2) }", "holds a tuple, whose elements are fields, which the serializer does not write"),
        new("Nested", "new() { Place = (1, 2) }", "holds a tuple, whose elements are fields, which the serializer does not write"),
        new("WithField", "new() { Text = \"a\" }", "holds the field 'Text', which the serializer does not write"),
        new("List<WithField>", "new() { new() { Text = \"a\" } }", "holds the field 'Text', which the serializer does not write"),
        new("OneWay", "new()", "holds the property 'Made', which the serializer writes but cannot set"),
        new("Counted", "Counted.Of(1)", "holds the property 'Count', which the serializer writes but cannot set"),
        new("Filled", "new(\"a\")", "holds the property 'Notes', which the serializer writes but cannot set"),
        new("Hidden", "Hidden.Make()", "has no public constructor, so that nothing can be made of it when it is read"),
        new("Several", "new(\"a\")", "has several constructors, of which the serializer takes none"),
        new("IPlan", "new RealPlan()", "is abstract, so that nothing can be made of it when it is read"),
        new("Step", "new RealStep()", "is abstract, so that nothing can be made of it when it is read"),
        new("Stream", "new MemoryStream()", "is something to read"),
        new("MemoryStream", "new()", "is something to read"),
        new("IAsyncEnumerable<string>", "null!", "is something to read"),
        new("Task<string>", "Task.FromResult(\"a\")", "is work to wait for"),
        new("HttpResponseMessage", "new()", "holds a connection"),
        new("Func<string>", "() => \"a\"", "is code, not data"),
        new("System.ClientModel.ClientResult<OpenAI.Chat.ChatCompletion>", "null!", "has no public constructor, so that nothing can be made of it when it is read"),
        new("string", "\"a\"", null),
        new("int?", "1", null),
        new("Uri", "new(\"http://a/\")", null),
        new("DayOfWeek", "DayOfWeek.Monday", null),
        new("Plan", "new(\"a\", 1)", null),
        new("Draft", "new(new(\"a\", 1), new() { \"b\" })", null),
        new("Settable", "new() { Text = \"a\", Count = 1 }", null),
        new("Labelled", "new() { Text = \"a\" }", null),
        new("Given", "new(\"a\")", null),
        new("Kept", "new() { Text = \"a\", Seen = 1 }", null),
        new("Chosen", "Chosen.Make()", null),
        new("Action", "new Search { Text = \"a\" }", null),
        new("Converted", "new() { Text = \"a\" }", null),
        new("Tree", "new() { Children = { new() } }", null),
        new("List<Plan>", "new() { new(\"a\", 1) }", null),
        new("IReadOnlyList<Plan>", "new[] { new Plan(\"a\", 1) }", null),
        new("IEnumerable<string>", "new[] { \"a\" }", null),
        new("Dictionary<string, Plan[]>", "new() { [\"a\"] = new[] { new Plan(\"a\", 1) } }", null),
        new("Tuple<int, string>", "Tuple.Create(1, \"a\")", null),
        new("Version", "new(1, 2)", null),
        new("System.Text.Json.JsonElement", "JsonDocument.Parse(\"[1]\").RootElement", null),
        new("System.Text.Json.Nodes.JsonNode", "System.Text.Json.Nodes.JsonNode.Parse(\"[1]\")!", null),
        new("OpenAI.Chat.ChatCompletion", "OpenAI.Chat.OpenAIChatModelFactory.ChatCompletion(id: \"a\", model: \"m\")", null),
        new("Microsoft.Extensions.AI.ChatResponse", "new(new Microsoft.Extensions.AI.ChatMessage(Microsoft.Extensions.AI.ChatRole.Assistant, \"a\"))", null),
        new("object", "JsonDocument.Parse(\"[1]\").RootElement", null),
    ];

    public static TheoryData<string> Lost => [.. All.Where(row => row.Problem is not null).Select(row => row.Type)];

    public static TheoryData<string> Kept => [.. All.Where(row => row.Problem is null).Select(row => row.Type)];

    public static ResultType Of(string type) => All.Single(row => row.Type == type);
}

/// <summary>A type that a step returns.</summary>
/// <param name="Type">As the source writes it.</param>
/// <param name="Value">An expression of a value.</param>
/// <param name="Problem">What the rule says of the type; null where the value comes back.</param>
internal sealed record ResultType(string Type, string Value, string? Problem);
