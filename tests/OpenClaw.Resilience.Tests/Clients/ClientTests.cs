namespace OpenClaw.Resilience.Tests.Clients;

/// <summary>The real client libraries over real sockets: what reaches the caller's <c>catch</c>, what it means, how often the gateway was asked.</summary>
public sealed class ClientTests
{
    public static TheoryData<string> Libraries => [.. Clients().Select(static client => client.Library).Distinct()];

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (ClientUnderTest client in Clients())
            {
                foreach (Fault fault in Fault.All.Where(fault => fault.Concerns(client)))
                {
                    cases.Add(client.Library, client.Use, fault.Name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_failure_is_known_and_the_call_is_sent_no_more_often_than_its_effect_allows(string library, string use, string fault)
    {
        Fault happening = Fault.All.Single(known => known.Name == fault);
        Func<ClientUnderTest> client = Find(library, use);

        Observation turn = await Observation.OfAsync(client, happening, CallEffect.Unknown);
        Observation read = await Observation.OfAsync(client, happening, CallEffect.None);

        Assert.NotNull(turn.Failure);
        using ClientUnderTest under = client();
        // A handshake is not a turn. Otherwise a library that drops what the gateway said may make us too careful, never too bold.
        Assert.True(turn.Failure.MayHaveRun || !happening.MayHaveRun || under.IsHandshake);
        Assert.True(turn.Failure.MayHaveRun ? turn.Sent <= 1 : turn.Sent <= 3, $"sent {turn.Sent} times");
        Assert.True(under.IsHandshake || turn.Sent <= happening.Turns, $"sent {turn.Sent} times");
        Assert.True(under.IsHandshake || read.Sent <= happening.Reads, $"sent {read.Sent} times");
        Assert.True(!under.CanRepeat || (turn.Caught, turn.Failure.Kind) == (read.Caught, read.Failure!.Kind));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task The_documentation_says_what_is_caught(string library)
    {
        Func<ClientUnderTest>[] clients = [.. ClientUnderTest.All.Where(create => Is(create, library))];
        List<string> table = [Row(["Failure", .. clients.Select(UseOf)]), $"|---|{string.Concat(clients.Select(static _ => "---|"))}"];
        foreach (Fault fault in Fault.All)
        {
            string[] cells = await Task.WhenAll(clients.Select(client => CellAsync(client, fault)));
            if (cells.Any(static cell => cell.Length > 0))
            {
                table.Add(Row([fault.Name, .. cells]));
            }
        }

        ClientPage.AssertTable(library, table);
    }

    [Fact]
    public void The_documentation_says_what_each_failure_means()
    {
        List<string> table = [Row(["Failure", "`Kind`", "May have run", "A turn is sent", "A read is sent"]), "|---|---|---|---|---|"];
        foreach (Fault fault in Fault.All)
        {
            table.Add(Row([fault.Name, $"`{fault.Kind}`", fault.MayHaveRun ? "yes" : "no", $"{fault.Turns}", $"{fault.Reads}"]));
        }

        ClientPage.AssertTable("What each failure means", table);
    }

    private static async Task<string> CellAsync(Func<ClientUnderTest> create, Fault fault)
    {
        using ClientUnderTest client = create();
        return fault.Concerns(client) ? (await Observation.OfAsync(create, fault, CallEffect.Unknown)).Describe(fault) : "";
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |".Replace("|  |", "| |", StringComparison.Ordinal);

    private static IEnumerable<ClientUnderTest> Clients()
    {
        foreach (Func<ClientUnderTest> create in ClientUnderTest.All)
        {
            using ClientUnderTest client = create();
            yield return client;
        }
    }

    private static string UseOf(Func<ClientUnderTest> create)
    {
        using ClientUnderTest client = create();
        return client.Use;
    }

    private static bool Is(Func<ClientUnderTest> create, string library)
    {
        using ClientUnderTest client = create();
        return client.Library == library;
    }

    private static Func<ClientUnderTest> Find(string library, string use)
        => ClientUnderTest.All.Single(create => Is(create, library) && UseOf(create) == use);
}
