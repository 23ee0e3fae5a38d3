using System.Collections.Concurrent;

namespace OpenClaw.Resilience;

/// <summary>The turns that a run knows of, by session. All of them are lower bounds: what is not known is not missed.</summary>
internal sealed class SessionLedger
{
    private readonly ConcurrentDictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <summary>Takes in what a step has recorded of its session, if anything.</summary>
    public void Learn(StepRecord record)
    {
        if (record.Kind is StepRecordKind.StepStarted or StepRecordKind.StepCompleted && SessionMark.TryParse(record.Detail, out SessionMark mark))
        {
            // A finished step has taken a turn, at least. One that has only started may not have got so far.
            int turns = mark.Turns + (record.Kind == StepRecordKind.StepCompleted ? 1 : 0);
            _known.AddOrUpdate(mark.Digest, turns, (_, known) => Math.Max(known, turns));
        }
    }

    /// <summary>Counts the session's turns before a step.</summary>
    /// <returns>What the step's records are to say of it.</returns>
    /// <exception cref="SessionContinuityLostException">There are fewer than the run knows of.</exception>
    public async Task<string> RequireAsync(SessionContinuityGuard guard, RunId run, string step, CancellationToken cancellationToken)
    {
        SessionTurns turns = await guard.CountAsync(cancellationToken).ConfigureAwait(false);
        if (turns.IsAll && _known.TryGetValue(guard.Digest, out int known) && turns.Seen < known)
        {
            throw new SessionContinuityLostException(run, step, guard.SessionKey, known, turns.Seen);
        }

        return new SessionMark(guard.Digest, turns.Seen).ToString();
    }
}
