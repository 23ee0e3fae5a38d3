using System.Globalization;

namespace OpenClaw.Resilience.Tests.Runs;

public sealed class RunIdTests
{
    private enum Color
    {
        Red = 1,
    }

    private enum Fruit
    {
        Apple = 1,
    }

    [Fact]
    public void The_id_of_a_run_is_the_same_for_ever()
    {
        // These are in files and databases: a change orphans every unfinished run there is. Computed by another implementation of the
        // encoding.
        Assert.Equal("research-8342bd68aee51aa5f2f80595f2ff30f8", RunId.From("research", "lobsters").Value);
        Assert.Equal(
            "all-0088779a9f3b37f9e125e8149f051d73",
            RunId.From(
                "all", null, "s", 'c', true, (byte)1, -2, 3L, 4.5, 4.5f, 1.50m, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), DayOfWeek.Friday,
                new Uri("https://example.org/a?b#c"), new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc), new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2)),
                new DateOnly(2026, 3, 1), new TimeOnly(12, 30), TimeSpan.FromSeconds(90), (Half)0.5, Int128.MaxValue, (nint)7).Value);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("fa-IR")]
    public void The_culture_makes_no_difference(string culture)
    {
        RunId here = Make();
        CultureInfo previous = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            Assert.Equal(here, Make());
        }
        finally
        {
            CultureInfo.CurrentCulture = previous;
        }

        static RunId Make() =>
            RunId.From("title I", -1234567, 1234.5, 1234.5m, new DateTime(2026, 1, 2, 3, 4, 5), DayOfWeek.Friday, 'I', TimeSpan.FromDays(-1.5));
    }

    public static TheoryData<object?[], object?[]> DifferentInputs => new()
    {
        { [], [null] },
        { [null], [""] },
        { [""], ["", ""] },
        { ["a", "b"], ["ab"] },
        { ["a", "b"], ["ab", ""] },
        { ["a", "b"], ["b", "a"] },
        { ["1"], [1] },
        { ["a"], ['a'] },
        { [true], [1] },
        { [1], [1.0] },
        { [1], [1m] },
        { [1.0], [1m] },
        { [Color.Red], [1] },
        { [Color.Red], [Fruit.Apple] },
        { [Guid.Empty], [Guid.Empty.ToString("N")] },
        { [new Uri("https://a/")], ["https://a/"] },
        { [new DateTime(1, DateTimeKind.Utc)], [new DateTime(1, DateTimeKind.Local)] },
        { [new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero)], [new DateTimeOffset(2026, 1, 1, 13, 0, 0, TimeSpan.FromHours(1))] },
        { [TimeSpan.FromTicks(5)], [5L] },
        { [TimeSpan.FromTicks(5)], [new TimeOnly(5)] },
        { ["\uD800"], ["\uD801"] },
        { ["\uD800"], ["\uFFFD"] },
        { ["a\0b"], ["a", "b"] },
        { [0.1], [0.1f] },
    };

    [Theory]
    [MemberData(nameof(DifferentInputs), DisableDiscoveryEnumeration = true)]
    public void Different_inputs_give_different_runs(object?[] one, object?[] other) =>
        Assert.NotEqual(RunId.From("run", one), RunId.From("run", other));

    public static TheoryData<object?[], object?[]> EqualInputs => new()
    {
        { [5], [5L] },
        { [(byte)5], [(ulong)5] },
        { [(Int128)(-5)], [(nint)(-5)] },
        { [0.5], [0.5f] },
        { [0.5f], [(Half)0.5] },
        { [0.0], [-0.0] },
        { [double.NaN], [float.NaN] },
        { [1.0m], [1.00m] },
        { [100m], [100.000m] },
        { [new Uri("https://a/b")], [new Uri("https://a/b")] },
    };

    [Theory]
    [MemberData(nameof(EqualInputs), DisableDiscoveryEnumeration = true)]
    public void The_same_number_in_another_width_is_the_same_run(object?[] one, object?[] other) =>
        Assert.Equal(RunId.From("run", one), RunId.From("run", other));

    [Fact]
    public void The_name_counts_also_where_it_looks_the_same()
    {
        Assert.NotEqual(RunId.From("a b", 1), RunId.From("a-b", 1));
        Assert.NotEqual(RunId.From("A", 1), RunId.From("a", 1));
        Assert.NotEqual(RunId.From(new string('x', 50), 1), RunId.From(new string('x', 51), 1));
    }

    [Fact]
    public void A_null_array_is_one_null_input() => Assert.Equal(RunId.From("run", [null]), RunId.From("run", null!));

    [Theory]
    [InlineData("research", "research-")]
    [InlineData("Nightly report: EU/West", "Nightly-report-EU-West-")]
    [InlineData("漢字", "")]
    [InlineData("--", "")]
    public void The_id_begins_with_what_can_be_read_of_the_name(string name, string prefix)
    {
        string value = RunId.From(name, 1).Value;

        Assert.Matches($"^{prefix}[0-9a-f]{{32}}$", value);
    }

    [Fact]
    public void The_id_does_not_show_its_inputs() =>
        Assert.DoesNotContain("lobster", RunId.From("research", "lobster").Value, StringComparison.Ordinal);

    public static TheoryData<object, string> Unstable => new()
    {
        { new List<string> { "a" }, "System.Collections.Generic.List`1[System.String]" },
        { new object(), "System.Object" },
        { Array.Empty<int>(), "System.Int32[]" },
        { CancellationToken.None, "System.Threading.CancellationToken" },
        { Stream.Null, "System.IO.Stream" },
        { (1, 2), "System.ValueTuple`2[System.Int32,System.Int32]" },
    };

    [Theory]
    [MemberData(nameof(Unstable), DisableDiscoveryEnumeration = true)]
    public void An_input_that_is_no_stable_scalar_is_refused_by_place_and_type(object value, string type)
    {
        var exception = Assert.Throws<ArgumentException>(() => RunId.From("run", "first", value));

        Assert.Contains("inputs[1]", exception.Message, StringComparison.Ordinal);
        Assert.Contains(type, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("half {0} pair")]
    public void A_name_or_id_must_be_text(string? text)
    {
        // An attribute can't hold a lone surrogate.
        text = text?.Replace("{0}", "\uD800", StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => RunId.Create(text!));
        Assert.ThrowsAny<ArgumentException>(() => RunId.From(text!, 1));
    }

    [Fact]
    public void An_id_has_at_most_512_characters()
    {
        Assert.Equal(512, RunId.Create(new string('x', 512)).Value.Length);
        Assert.Throws<ArgumentException>(() => RunId.Create(new string('x', 513)));
    }

    [Fact]
    public void An_own_id_is_kept_as_it_is_and_case_matters()
    {
        Assert.Equal("Order/4711", RunId.Create("Order/4711").Value);
        Assert.NotEqual(RunId.Create("a"), RunId.Create("A"));
        Assert.Equal("Order/4711", RunId.Create("Order/4711").ToString());
    }

    [Fact]
    public void The_default_value_names_no_run()
    {
        Assert.Throws<InvalidOperationException>(() => default(RunId).Value);
        Assert.Equal("", default(RunId).ToString());
    }
}
