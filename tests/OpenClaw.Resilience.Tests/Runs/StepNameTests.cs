namespace OpenClaw.Resilience.Tests.Runs;

public sealed class StepNameTests
{
    [Fact]
    public void A_string_is_a_plain_name()
    {
        StepName name = "plan";

        Assert.Equal("plan", name.Name);
        Assert.False(name.IsForItem);
        Assert.Equal("plan", name.ToString());
    }

    [Fact]
    public void A_name_for_an_item_depends_on_the_item_only()
    {
        StepName first = StepName.ForItem("summarise", new Uri("https://a/"), 1);

        Assert.Equal(first, StepName.ForItem("summarise", new Uri("https://a/"), 1L));
        Assert.NotEqual(first, StepName.ForItem("summarise", new Uri("https://b/"), 1));
        Assert.NotEqual(first, StepName.ForItem("translate", new Uri("https://a/"), 1));
        Assert.True(first.IsForItem);
        Assert.Equal("summarise", first.Name);
        Assert.Matches(@"^summarise\[[0-9a-f]{24}\]$", first.Key);
    }

    [Fact]
    public void The_key_of_an_item_is_the_same_for_ever() =>
        Assert.Equal("summarise[c69d0a2428b0d86c385647ec]", StepName.ForItem("summarise", "https://example.org/1").Key);

    [Theory]
    [InlineData("act#2", "act%232")]
    [InlineData("act[x]", "act%5Bx]")]
    [InlineData("100%", "100%25")]
    [InlineData("act%232", "act%25232")]
    [InlineData("plain name/é", "plain name/é")]
    public void What_would_look_like_a_generated_key_is_escaped(string name, string key) => Assert.Equal(key, ((StepName)name).Key);

    [Fact]
    public void An_item_that_is_no_stable_scalar_is_refused_by_place_and_type()
    {
        var exception = Assert.Throws<ArgumentException>(() => StepName.ForItem("summarise", "x", new Version(1, 0)));

        Assert.Contains("item[1]", exception.Message, StringComparison.Ordinal);
        Assert.Contains("System.Version", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("{0}")]
    public void A_name_must_be_text(string? name)
    {
        // An attribute can't hold a lone surrogate.
        name = name?.Replace("{0}", "\uDC00", StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => (StepName)name!);
        Assert.ThrowsAny<ArgumentException>(() => StepName.ForItem(name!, 1));
    }

    [Fact]
    public void A_name_has_at_most_256_characters() => Assert.Throws<ArgumentException>(() => (StepName)new string('x', 257));

    [Fact]
    public void An_input_is_known_by_its_digest()
    {
        Assert.Equal(StepInput.From("prompt", 1).Digest.ToArray(), StepInput.From("prompt", 1).Digest.ToArray());
        Assert.NotEqual(StepInput.From("prompt", 1).Digest.ToArray(), StepInput.From("prompt", 2).Digest.ToArray());
        Assert.NotEqual(StepInput.FromBytes("prompt"u8).Digest.ToArray(), StepInput.From("prompt").Digest.ToArray());
        Assert.Equal(16, StepInput.FromBytes([]).Digest.Length);
        Assert.Throws<ArgumentException>(() => StepInput.From(new object()));
    }
}
