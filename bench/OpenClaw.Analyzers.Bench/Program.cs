using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis.Diagnostics;
using OpenClaw.Analyzers.Bench;

// What the analyzers add to a build and to a keystroke, beside analyzers that do a known amount of work, in interleaved rounds of one process.
if (args.Length == 0 || args.Any(arg => !arg.Contains('=', StringComparison.Ordinal)))
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/OpenClaw.Analyzers.Bench -- NAME=FOLDER… [rounds=5] [edits=8]");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Dictionary<string, string> settings = args.Select(arg => arg.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
int rounds = Take("rounds", 5);
int edits = Take("edits", 8);
(string Name, ImmutableArray<DiagnosticAnalyzer> Analyzers)[] contenders =
[
    ("compiler alone", []),
    ("empty", [new Empty()]),
    ("named invocations", [new NamedInvocations()]),
    ("all invocations", [new AllInvocations()]),
    ("ours", [.. OurAnalyzers()]),
];

foreach ((string name, string folder) in settings)
{
    var corpus = new Corpus(name, folder);
    Console.WriteLine($"\n{name}: {corpus.Files} files, {corpus.Lines:N0} lines");
    List<Cost>[] added = [.. contenders.Select(_ => new List<Cost>())];
    for (int round = 0; round <= rounds; round++)
    {
        Cost[] costs = [.. contenders.Select(contender => Measurement.Build(corpus, contender.Analyzers))];
        // The first round loads and compiles the code.
        for (int i = 0; round > 0 && i < costs.Length; i++)
        {
            added[i].Add(i == 0 ? costs[i] : costs[i] - costs[0]);
        }
    }

    double named = Median(added[2], cost => cost.Milliseconds), all = Median(added[3], cost => cost.Milliseconds);
    Console.WriteLine("| | added CPU | of named invocations | of all invocations | allocated | edit |");
    Console.WriteLine("|---|---:|---:|---:|---:|---:|");
    for (int i = 0; i < contenders.Length; i++)
    {
        double time = Median(added[i], cost => cost.Milliseconds);
        string edit = i == 0 || edits == 0 ? "" : $"{Measurement.Edits(corpus, contenders[i].Analyzers, edits).Order().ElementAt(edits / 2):N0} ms";
        string ratios = i == 0 ? "| " : $"{time / named:0.00} | {time / all:0.00}";
        Console.WriteLine($"| {contenders[i].Name} | {time:N0} ms | {ratios} | {Median(added[i], cost => cost.Megabytes):N0} MB | {edit} |");
    }
}

return 0;

int Take(string name, int otherwise) => settings.Remove(name, out string? value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

static double Median(IReadOnlyList<Cost> costs, Func<Cost, double> part) => costs.Select(part).Order().ElementAtOrDefault(costs.Count / 2);

static IEnumerable<DiagnosticAnalyzer> OurAnalyzers() => typeof(OpenClaw.Analyzers.Calls.GatewayCallAnalyzer).Assembly.GetTypes()
    .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(DiagnosticAnalyzer)))
    .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!);
