using System.Collections.Immutable;
using System.Dynamic;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>Which results survive, which are refused, and what the refusal says.</summary>
public sealed partial class StepResultTests : RunTestBase
{
    [Fact]
    public Task A_string() => SurvivesAsync("Grüße 🦞 \u0000 \"quoted\"");

    [Fact]
    public Task An_empty_string() => SurvivesAsync("");

    [Fact]
    public Task A_long_text() => SurvivesAsync(string.Concat(Enumerable.Repeat("\"Grüße\" <b>🦞</b>\n", 5_000)));

    [Fact]
    public Task Null() => SurvivesAsync<string?>(null);

    [Fact]
    public Task A_null_number() => SurvivesAsync<int?>(null);

    [Fact]
    public Task Large_integers() => SurvivesAsync(new[] { long.MinValue, long.MaxValue, 9007199254740993 });

    [Fact]
    public Task A_huge_integer() => SurvivesAsync(ulong.MaxValue);

    [Fact]
    public Task Doubles() => SurvivesAsync(new[] { 0.1, -0.0, double.Epsilon, double.MaxValue, 1e300 });

    [Fact]
    public Task A_decimal() => SurvivesAsync(1.10000m);

    [Fact]
    public Task A_boolean() => SurvivesAsync(true);

    [Fact]
    public Task An_enum() => SurvivesAsync(DayOfWeek.Friday);

    [Fact]
    public Task A_guid() => SurvivesAsync(Guid.NewGuid());

    [Fact]
    public Task A_time_with_offset() => SurvivesAsync(new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, TimeSpan.FromHours(5.5)).AddTicks(7));

    [Fact]
    public Task Times_of_every_kind() => SurvivesAsync(new[] { DateTime.UtcNow, DateTime.Now, new DateTime(2026, 3, 1) });

    [Fact]
    public Task Bytes() => SurvivesAsync(new byte[] { 0, 1, 255 });

    [Fact]
    public Task A_record() => SurvivesAsync(new Person("Ann", 7, ["a", "b"]));

    [Fact]
    public Task A_record_of_records() => SurvivesAsync(new Node("a", new Node("b", null)));

    [Fact]
    public Task A_record_struct() => SurvivesAsync(new Point(1, 2));

    [Fact]
    public Task A_record_struct_that_may_be_missing() => SurvivesAsync(new Point?[] { new Point(1, 2), null });

    [Fact]
    public Task A_missing_record_struct() => SurvivesAsync<Point?>(null);

    [Fact]
    public Task An_empty_record() => SurvivesAsync(new Marker());

    [Fact]
    public Task An_anonymous_type() => SurvivesAsync(new { Name = "Ann", Point = new Point(1, 2) });

    [Fact]
    public Task An_init_only_class() => SurvivesAsync(new InitOnly { Name = "a", Counts = { ["x"] = 1 } });

    [Fact]
    public Task A_class_with_a_constructor_and_a_computed_property() => SurvivesAsync(new ConstructorOnly("ann"));

    [Fact]
    public Task A_private_setter_that_is_included() => SurvivesAsync(IncludedPrivateSetter.Of("ann"));

    [Fact]
    public Task A_field_that_is_included_beside_one_that_is_ignored() =>
        SurvivesAsync(new IncludedField { Count = 3, Cache = 4 }, ignoredDiffers: true);

    [Fact]
    public Task A_registered_derived_type() => SurvivesAsync<Shape>(new Circle(2));

    [Fact]
    public Task Dictionaries() => SurvivesAsync(new Dictionary<string, List<Person>> { ["a"] = [new("x", 1)], [""] = [] });

    [Fact]
    public Task A_dictionary_with_numbers_as_keys() => SurvivesAsync(new Dictionary<int, string> { [1] = "a", [-2] = "b" });

    [Fact]
    public Task An_interface_of_a_collection() =>
        SurvivesAsync<IReadOnlyDictionary<string, int>>(new Dictionary<string, int> { ["a"] = 1 });

    [Fact]
    public Task An_immutable_collection() => SurvivesAsync(ImmutableArray.Create(1, 2, 3));

    [Fact]
    public Task A_set() => SurvivesAsync(new HashSet<string> { "a", "b" });

    [Fact]
    public Task A_json_element() => SurvivesAsync(JsonSerializer.SerializeToElement(new { a = 1, b = 1.50m }));

    [Fact]
    public Task A_json_node() => SurvivesAsync<JsonNode>(new JsonObject { ["a"] = 1 }, ignoredDiffers: true);

    [Fact]
    public Task An_object_that_holds_a_json_element() => SurvivesAsync(new Holder(JsonSerializer.SerializeToElement(5)));

    [Fact]
    public Task A_key_value_pair() => SurvivesAsync(KeyValuePair.Create("a", 1));

    [Fact]
    public Task A_uri_and_a_version() => SurvivesAsync(Tuple.Create(new Uri("https://example.org/a b"), new Version(1, 2)));

    [Fact]
    public async Task A_lazy_sequence_is_run_once_and_comes_back_as_a_list()
    {
        int runs = 0;
        await using AgentRun run = await ResumeAsync();

        IEnumerable<int> result = await run.StepAsync("lazy", (_, _) => Task.FromResult(Lazy()));

        Assert.Equal([1, 2], result);
        Assert.Equal([1, 2], result);
        Assert.Equal(1, runs);

        IEnumerable<int> Lazy()
        {
            runs++;
            yield return 1;
            yield return 2;
        }
    }

    [Fact]
    public async Task The_first_execution_gets_what_a_resumed_one_will_get()
    {
        var original = new Person("Ann", 7, ["a"]);
        await using AgentRun run = await ResumeAsync();

        Person result = await run.StepAsync("person", Returns(original));

        Assert.NotSame(original, result);
        Assert.IsType<List<string>>(result.Tags);
    }

    [Fact]
    public async Task A_text_is_the_same_string_for_it_cannot_change()
    {
        string original = new('x', 100);
        await using AgentRun run = await ResumeAsync();

        Assert.Same(original, await run.StepAsync("text", Returns(original)));
        Assert.Same(original, await run.StepAsync("text", Returns(original), Context.Default.String));
    }

    [Fact]
    public async Task A_text_goes_through_the_programs_own_converter()
    {
        JsonSerializerOptions options = new() { Converters = { new Trimming() }, TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        await using AgentRun run = await AgentRun.ResumeAsync(Run, new AgentRunOptions { Store = Store, TimeProvider = Clock, SerializerOptions = options });

        Assert.Equal("a", await run.StepAsync("trimmed", Returns("a")));
        var exception = await Assert.ThrowsAsync<StepResultNotStorableException>(() => run.StepAsync("untrimmed", Returns(" a ")));
        Assert.True(exception.StepHasRun);
        Assert.Contains("another value", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_tuple_is_refused_before_the_step_runs() =>
        RefusedBeforeAsync(("answer", 42), "$.Item1", typeof(ValueTuple<string, int>), "tuple");

    [Fact]
    public Task A_tuple_inside_is_refused_before_the_step_runs() =>
        RefusedBeforeAsync(new Nested("a", (1, 2)), "$.Pair.Item1", typeof(ValueTuple<int, int>), "'Item1'");

    [Fact]
    public Task A_list_of_tuples_is_refused_before_the_step_runs() =>
        RefusedBeforeAsync(new List<(int, int)> { (1, 2) }, "$[].Item1", typeof(ValueTuple<int, int>), "'Item1'");

    [Fact]
    public Task A_public_field_is_refused_before_the_step_runs() =>
        RefusedBeforeAsync(new PublicField { Count = 1 }, "$.Count", typeof(PublicField), "[JsonInclude]");

    [Fact]
    public Task State_without_properties_is_refused_before_the_step_runs() =>
        RefusedBeforeAsync(new Hidden(5), "$", typeof(Hidden), "no public property");

    [Fact]
    public Task A_property_on_a_collection_is_refused_before_the_step_runs() =>
        RefusedBeforeAsync(new Paged { Next = "x" }, "$.Next", typeof(Paged), "'Next'");

    [Fact]
    public Task A_private_setter_is_refused() => RefusedAsync(PrivateSetter.Of("ann"), "$.Name", typeof(string), "another value");

    [Fact]
    public Task An_unregistered_derived_type_is_refused() => RefusedAsync<Animal>(new Dog("Rex", "roll"), "$", typeof(Dog), "Animal");

    [Fact]
    public Task An_unregistered_derived_type_in_a_list_is_refused() =>
        RefusedAsync<List<Animal>>([new("Ann"), new Dog("Rex", "roll")], "$[1]", typeof(Dog), "Animal");

    [Fact]
    public Task An_object_is_refused() => RefusedAsync<object>(new Person("Ann", 7), "$", typeof(Person), "JsonElement");

    [Fact]
    public Task A_dynamic_object_is_refused()
    {
        dynamic expando = new ExpandoObject();
        expando.Name = "Ann";
        return RefusedAsync<ExpandoObject>(expando, "$[0].Value", typeof(string), "JsonElement");
    }

    [Fact]
    public Task A_number_in_an_object_is_refused() => RefusedAsync(new Holder(5), "$.Value", typeof(int), "JsonElement");

    [Fact]
    public Task A_number_in_a_dictionary_of_objects_is_refused() =>
        RefusedAsync(new Dictionary<string, object> { ["a"] = "text" }, "$[a]", typeof(string), "JsonElement");

    [Fact]
    public Task A_converter_that_loses_something_is_refused() =>
        RefusedAsync(new Lossy(new DateTime(2026, 3, 1, 12, 0, 0)), "$.At", typeof(DateTime), "another value");

    [Fact]
    public Task A_converter_that_reads_less_than_it_writes_is_refused() =>
        RefusedAsync(new Opaque("state"), "$", typeof(Opaque), "written differently");

    [Fact]
    public Task A_stack_is_refused_because_it_comes_back_reversed() =>
        RefusedAsync(new Stack<int>([1, 2]), "$[0]", typeof(int), "another value");

    [Fact]
    public Task Not_a_number_is_refused() => RefusedAsync(double.NaN, "$", typeof(double), "be written");

    [Fact]
    public Task Half_a_surrogate_pair_is_refused() => RefusedAsync(new TextHolder("a\uD800"), null, null, "");

    [Fact]
    public Task A_text_with_half_a_surrogate_pair_is_refused() => RefusedAsync("a\uD800", "$", typeof(string), "");

    [Fact]
    public Task A_stream_is_refused_before_the_step_runs() =>
        RefusedBeforeAsync<Stream>(new MemoryStream([1, 2]), "$", typeof(Stream), "inside the step");

    [Fact]
    public Task A_stream_of_elements_is_refused_before_the_step_runs() =>
        RefusedBeforeAsync(AsyncEnumerable.Range(0, 3), "$", typeof(IAsyncEnumerable<int>), "inside the step");

    [Fact]
    public Task A_task_is_refused_before_the_step_runs() => RefusedBeforeAsync(Task.FromResult(1), "$", typeof(Task<int>), "Await it");

    [Fact]
    public Task An_abstract_type_is_refused_before_the_step_runs() =>
        RefusedBeforeAsync<IFormattable>(5, "$", typeof(IFormattable), "abstract");

    [Fact]
    public Task A_type_that_cannot_be_made_is_refused() =>
        RefusedAsync(new TwoConstructors(1), "$", typeof(TwoConstructors), "be read back");

    [Fact]
    public Task A_getter_that_throws_is_refused() => RefusedAsync(new Throwing(), "$", typeof(Throwing), "getter");

    [Fact]
    public Task A_cycle_is_refused()
    {
        var loop = new List<object>();
        loop.Add(loop);
        return RefusedAsync(loop, null, typeof(List<object>), "cycle");
    }

    [Fact]
    public async Task After_a_refusal_the_next_process_finds_the_step_in_doubt()
    {
        AgentRun run = await ResumeAsync();
        await Assert.ThrowsAsync<StepResultNotStorableException>(() => run.StepAsync("act", Returns(double.NaN)));
        Crash();

        await using AgentRun next = await ResumeAsync();
        var doubt = await Assert.ThrowsAsync<StepInDoubtException>(() => next.StepAsync("act", MustNotRun<string>));

        Assert.Contains(nameof(StepResultNotStorableException), doubt.Message, StringComparison.Ordinal);
    }

    /// <summary>The result comes back in this process and in the next one, and both write it alike.</summary>
    private async Task SurvivesAsync<T>(T result, bool ignoredDiffers = false)
    {
        AgentRun run = await ResumeAsync();
        T first = await run.StepAsync("step", Returns(result));
        Crash();
        await using AgentRun next = await ResumeAsync();
        T second = await next.StepAsync("step", MustNotRun<T>);

        string expected = JsonSerializer.Serialize(result);
        Assert.Equal(expected, JsonSerializer.Serialize(first));
        Assert.Equal(expected, JsonSerializer.Serialize(second));
        if (!ignoredDiffers)
        {
            Assert.Equivalent(result, second);
        }
    }

    private async Task RefusedAsync<T>(T result, string? member, Type? type, string part)
    {
        await using AgentRun run = await ResumeAsync();
        bool ran = false;
        var exception = await Assert.ThrowsAsync<StepResultNotStorableException>(() => run.StepAsync("act", (_, _) =>
        {
            ran = true;
            return Task.FromResult(result);
        }));

        Assert.True(ran);
        Assert.True(exception.StepHasRun);
        Assert.Equal("act", exception.Step);
        Assert.Contains("'act'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("has run", exception.Message, StringComparison.Ordinal);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.Equal(member ?? exception.Member, exception.Member);
        Assert.Equal(type ?? exception.ResultType, exception.ResultType);
        Assert.DoesNotContain(Store.Appended, record => record.Kind == StepRecordKind.StepCompleted);
        Assert.True(Store.Appended[^1] is { Kind: StepRecordKind.StepFailed, MayHaveRun: true });
    }

    private async Task RefusedBeforeAsync<T>(T example, string? member, Type? type, string part)
    {
        Assert.NotNull(example);
        await using AgentRun run = await ResumeAsync();

        var exception = await Assert.ThrowsAsync<StepResultNotStorableException>(() => run.StepAsync("act", MustNotRun<T>));

        Assert.False(exception.StepHasRun);
        Assert.Contains("has not run", exception.Message, StringComparison.Ordinal);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.Equal(member ?? exception.Member, exception.Member);
        Assert.Equal(type ?? exception.ResultType, exception.ResultType);
        Assert.Single(Store.Appended);
    }
}
