namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>How a run broke its promises.</summary>
internal enum Breach
{
    /// <summary>A step was acknowledged, and its result is gone or another one.</summary>
    Lost,

    /// <summary>A step was executed again although it had been acknowledged.</summary>
    ExecutedAgain,

    /// <summary>A step that may have been executed was executed again, and nobody was asked.</summary>
    SilentlyRepeated,

    /// <summary>Anything else that must not be.</summary>
    Other,
}

/// <summary>
/// Judges from what steps did and what was acknowledged, written outside the store, and from the store's journal, whether a run kept its
/// promises.
/// </summary>
internal sealed class EffectLogChecker
{
    private readonly Dictionary<(string Generation, string Step), StepTrace> _steps = [];
    private readonly HashSet<string> _complete = [];
    private readonly List<string> _violations = [];
    private readonly int[] _counts = new int[Enum.GetValues<Breach>().Length];
    private readonly bool _ownersWerePaused;

    private EffectLogChecker(bool ownersWerePaused) => _ownersWerePaused = ownersWerePaused;

    public IReadOnlyList<string> Violations => _violations;

    public int Acknowledged => _steps.Values.Count(step => step.Acknowledged is not null);

    public int InDoubt => _steps.Values.Sum(step => step.InDoubt);

    public int Generations => _complete.Count;

    /// <summary>How often a worker was told that it had lost the run.</summary>
    public int FencedOff { get; private set; }

    /// <summary>How many steps of a worker that had lost the run took effect before it knew.</summary>
    public int Late => _steps.Values.Sum(step => step.Late);

    /// <param name="lines">The effect log.</param>
    /// <param name="journal">The records of the open generation.</param>
    /// <param name="generation">Which one that is.</param>
    /// <param name="ownersWerePaused">
    /// Workers lost the run in their sleep and went on. No store can prevent that such a worker executes the step that it has already
    /// marked; but each mark allows one execution, and what was stored stays.
    /// </param>
    public static EffectLogChecker Check(IEnumerable<string> lines, IEnumerable<StepRecord> journal, int generation, bool ownersWerePaused = false)
    {
        var checker = new EffectLogChecker(ownersWerePaused);
        foreach (string line in lines)
        {
            checker.Read(line);
        }

        checker.CheckKeys();
        checker.CheckJournal([.. journal], $"{generation}");
        return checker;
    }

    public int Count(Breach breach) => _counts[(int)breach];

    private void Add(Breach breach, string violation)
    {
        _counts[(int)breach]++;
        _violations.Add(violation);
    }

    private void Read(string line)
    {
        if (line.Split('\t') is not [string what, string generation, string step, string value])
        {
            Add(Breach.Other, $"unreadable line '{line}'");
            return;
        }

        if (what == "F")
        {
            FencedOff++;
            return;
        }

        if (_complete.Contains(generation) && !_ownersWerePaused)
        {
            Add(Breach.ExecutedAgain, $"{line}: generation {generation} was complete");
        }

        if (what == "C")
        {
            _complete.Add(generation);
            return;
        }

        if (!_steps.TryGetValue((generation, step), out StepTrace? trace))
        {
            _steps.Add((generation, step), trace = new StepTrace(_ownersWerePaused));
        }

        if (trace.Read(what, value) is var (breach, violation))
        {
            Add(breach, $"generation {generation}, step {step}: {violation}");
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
                    Add(Breach.Other, $"steps {step} and {owners[key]} share an idempotency key");
                }
            }

            if (trace.IdempotencyKeys.Count > 1)
            {
                Add(Breach.Other, $"step {step} had several idempotency keys");
            }
        }
    }

    private void CheckJournal(List<StepRecord> journal, string generation)
    {
        var results = journal.Where(record => record.Kind == StepRecordKind.StepCompleted)
            .ToLookup(record => record.Step, record => System.Text.Json.JsonSerializer.Deserialize<string>(record.Payload.Span)!);
        foreach (IGrouping<string, string> step in results.Where(step => step.Count() > 1))
        {
            Add(Breach.Other, $"step {step.Key} stands {step.Count()} times in the journal");
        }

        foreach (((string stepGeneration, string key), StepTrace trace) in _steps)
        {
            if (stepGeneration == generation && trace.Acknowledged is { } value && !results[key].Contains(value))
            {
                Add(Breach.Lost, $"step {key} was acknowledged and is not in the journal");
            }
        }
    }

    private sealed class StepTrace(bool ownersWerePaused)
    {
        private readonly HashSet<string> _produced = [];
        private readonly HashSet<int> _attempts = [];
        private int _permits = 1;

        public string? Acknowledged { get; private set; }

        public int InDoubt { get; private set; }

        public int Late { get; private set; }

        public HashSet<string> IdempotencyKeys { get; } = [];

        /// <summary>What is wrong with the next event of this step; null when nothing.</summary>
        public (Breach Breach, string Violation)? Read(string what, string value)
        {
            switch (what)
            {
                case "E":
                    _produced.Add(value);
                    IdempotencyKeys.Add(value.Split('|')[1]);
                    return Execute(AttemptOf(value));
                case "D":
                    InDoubt++;
                    _permits = ownersWerePaused ? _permits + 1 : 1;
                    return Acknowledged is not null && !ownersWerePaused ? (Breach.Lost, "in doubt after it was acknowledged") : null;
                case "A":
                    string? before = Acknowledged;
                    Acknowledged = value;
                    return before is not null && before != value ? (Breach.Lost, "acknowledged with another result")
                        : _produced.Contains(value) ? null
                        : (Breach.Lost, "acknowledged with a result that it never produced");
                default:
                    return (Breach.Other, $"unknown event '{what}'");
            }
        }

        private (Breach, string)? Execute(int attempt)
        {
            bool isNew = !_attempts.Contains(attempt);
            bool isLate = ownersWerePaused && isNew && attempt < Math.Max(_attempts.DefaultIfEmpty().Max(), AttemptOf(Acknowledged));
            bool isAllowed = _permits-- > 0 && (isNew || !ownersWerePaused);
            _attempts.Add(attempt);
            Late += isLate ? 1 : 0;
            return isLate ? null
                : Acknowledged is not null ? (Breach.ExecutedAgain, "executed again after it was acknowledged")
                : isAllowed ? null
                : (Breach.SilentlyRepeated, "repeated without having been in doubt");
        }

        private static int AttemptOf(string? value) => value is null ? 0 : int.Parse(value.Split('|')[2], System.Globalization.CultureInfo.InvariantCulture);
    }
}
