using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>The program's own contracts and options decide what survives.</summary>
public sealed partial class StepResultTests
{
    [Fact]
    public async Task With_generated_contracts_results_survive_too()
    {
        AgentRun run = await ResumeAsync();
        await run.StepAsync("person", Returns(new Person("Ann", 7, ["a"])), Context.Default.Person);
        Crash();

        await using AgentRun next = await ResumeAsync();
        Person person = await next.StepAsync("person", MustNotRun<Person>, Context.Default.Person);

        Assert.Equal("Ann", person.Name);
        Assert.Equal(["a"], person.Tags!);
    }

    [Fact]
    public async Task With_generated_contracts_tuples_are_refused_too()
    {
        await using AgentRun run = await ResumeAsync();

        var exception = await Assert.ThrowsAsync<StepResultNotStorableException>(() => run.StepAsync("act", MustNotRun<Nested>, Context.Default.Nested));

        Assert.False(exception.StepHasRun);
        Assert.Equal("$.Pair.Item1", exception.Member);
    }

    [Fact]
    public async Task Without_a_contract_for_the_type_the_step_does_not_run()
    {
        await using AgentRun run = await AgentRun.ResumeAsync(
            Run, new AgentRunOptions { Store = Store, TimeProvider = Clock, SerializerOptions = new JsonSerializerOptions { TypeInfoResolver = Context.Default } });

        var exception = await Assert.ThrowsAsync<StepResultNotStorableException>(() => run.StepAsync("act", MustNotRun<Uri>));
        Assert.False(exception.StepHasRun);
        Assert.Equal(typeof(Uri), exception.ResultType);
        Assert.Equal("Ann", (await run.StepAsync("person", Returns(new Person("Ann", 7)))).Name);
    }

    [Fact]
    public async Task The_programs_own_serializer_options_count()
    {
        JsonSerializerOptions options = new()
        {
            IncludeFields = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        await using AgentRun run = await AgentRun.ResumeAsync(Run, new AgentRunOptions { Store = Store, TimeProvider = Clock, SerializerOptions = options });

        Assert.Equal(("answer", 42), await run.StepAsync("tuple", Returns(("answer", 42))));
        Assert.Equal(double.NaN, await run.StepAsync("nan", Returns(double.NaN)));
        await run.StepAsync("person", Returns(new Person("Ann", 7)));
        Assert.True(Store.Appended[^1].Payload.Span.IndexOf("\"name\""u8) > 0);
    }
}
