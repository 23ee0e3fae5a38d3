namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>
/// Judges from what steps did and what was acknowledged, written outside the store, and from the store's journal, whether a run kept its
/// promises.
/// </summary>
internal sealed class EffectLogChecker
{
    private readonly Dictionary<(string Generation, string Step), StepTrace> _steps = [];
    private readonly HashSet<string> _complete = [];
    private readonly List<string> _violations = [];

    private EffectLogChecker()
    {
    }

    public IReadOnlyList<string> Violations => _violations;

    public int Acknowledged => _steps.Values.Count(step => step.Acknowledged is not null);

    public int InDoubt => _steps.Values.Sum(step => step.InDoubt);

    public int Generations => _complete.Count;

    public static EffectLogChecker Check(IEnumerable<string> lines, IEnumerable<StepRecord> journal, int generation)
    {
        var checker = new EffectLogChecker();
        foreach (string line in lines)
        {
            checker.Read(line);
        }

        checker.CheckKeys();
        checker.CheckJournal([.. journal], $"{generation}");
        return checker;
    }

    private void Read(string line)
    {
        if (line.Split('\t') is not [string what, string generation, string step, string value])
        {
            _violations.Add($"unreadable line '{line}'");
            return;
        }

        if (_complete.Contains(generation))
        {
            _violations.Add($"{line}: generation {generation} was complete");
        }

        if (what == "C")
        {
            _complete.Add(generation);
            return;
        }

        if (!_steps.TryGetValue((generation, step), out StepTrace? trace))
        {
            _steps.Add((generation, step), trace = new StepTrace());
        }

        if (trace.Read(what, value) is { } violation)
        {
            _violations.Add($"generation {generation}, step {step}: {violation}");
        }
    }

    /// <summary>Each step has one idempotency key, and no two have the same.</summary>
    private void CheckKeys()
    {
        Dictionary<string, (string, string)> owners = [];
        foreach (((string, string) step, StepTrace trace) in _steps)
        {
            foreach (string key in trace.IdempotencyKeys)
            {
                if (!owners.TryAdd(key, step))
                {
                    _violations.Add($"steps {step} and {owners[key]} share an idempotency key");
                }
            }

            if (trace.IdempotencyKeys.Count > 1)
            {
                _violations.Add($"step {step} had several idempotency keys");
            }
        }
    }

    private void CheckJournal(List<StepRecord> journal, string generation)
    {
        var results = journal.Where(record => record.Kind == StepRecordKind.StepCompleted)
            .ToLookup(record => record.Step, record => System.Text.Json.JsonSerializer.Deserialize<string>(record.Payload.Span)!);
        foreach (IGrouping<string, string> step in results.Where(step => step.Count() > 1))
        {
            _violations.Add($"step {step.Key} stands {step.Count()} times in the journal");
        }

        foreach (((string stepGeneration, string key), StepTrace trace) in _steps)
        {
            if (stepGeneration == generation && trace.Acknowledged is { } value && !results[key].Contains(value))
            {
                _violations.Add($"step {key} was acknowledged and is not in the journal");
            }
        }
    }

    private sealed class StepTrace
    {
        private readonly HashSet<string> _produced = [];
        private bool _mayRun = true;

        public string? Acknowledged { get; private set; }

        public int InDoubt { get; private set; }

        public HashSet<string> IdempotencyKeys { get; } = [];

        /// <summary>What is wrong with the next event of this step; null when nothing.</summary>
        public string? Read(string what, string value)
        {
            switch (what)
            {
                case "E":
                    bool allowed = _mayRun;
                    _mayRun = false;
                    _produced.Add(value);
                    IdempotencyKeys.Add(value.Split('|')[1]);
                    return Acknowledged is not null ? "executed again after it was acknowledged" : allowed ? null : "repeated without having been in doubt";
                case "D":
                    InDoubt++;
                    _mayRun = true;
                    return Acknowledged is not null ? "in doubt after it was acknowledged" : null;
                case "A":
                    string? before = Acknowledged;
                    Acknowledged = value;
                    return before is not null && before != value ? "acknowledged with another result" : _produced.Contains(value) ? null : "acknowledged with a result that it never produced";
                default:
                    return $"unknown event '{what}'";
            }
        }
    }
}
