using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using OpenClaw.Resilience.Tests.Support;
using Polly;
using Polly.Simmy;
using Polly.Simmy.Behavior;
using Polly.Simmy.Fault;
using Polly.Simmy.Latency;
using Polly.Simmy.Outcomes;

namespace OpenClaw.Resilience.Chaos;

/// <summary>
/// The other side: answers the attempts of calls through Polly's chaos strategies, as badly as the seed says, and keeps the books on what
/// really ran.
/// </summary>
internal sealed class HostileGateway
{
    private static readonly ResiliencePropertyKey<Attempt> AttemptKey = new("attempt");
    private readonly VirtualTime _time;
    private readonly Random _random;
    private readonly Plant _plant;
    private readonly Model _model;
    private readonly ResiliencePipeline<Fault?> _chaos;
    private readonly KeyStore _keys = new();
    private int _life = 1;

    public HostileGateway(VirtualTime time, Random random, Plant plant, Model model, Action reload)
    {
        (_time, _random, _plant, _model) = (time, random, plant, model);
        double hostility = Hostility = random.NextDouble() * 0.6;
        _chaos = new ResiliencePipelineBuilder<Fault?> { TimeProvider = time }
            .AddChaosBehavior(Options(new ChaosBehaviorStrategyOptions
            {
                BehaviorGenerator = _ =>
                {
                    Upset(reload);
                    return default;
                },
            }, 0.05))
            .AddChaosLatency(Options(new ChaosLatencyStrategyOptions { LatencyGenerator = _ => new(NextLatency()) }, 0.8))
            .AddChaosFault(Options(new ChaosFaultStrategyOptions { FaultGenerator = arguments => new(NextException(arguments.Context)) }, hostility))
            .AddChaosOutcome(Options(
                new ChaosOutcomeStrategyOptions<Fault?> { OutcomeGenerator = _ => new(Outcome.FromResult<Fault?>(NextAnswer())) }, hostility))
            .Build();
    }

    /// <summary>How often something goes wrong, from 0 to 1.</summary>
    public double Hostility { get; }

    /// <summary>The keys that the process remembers.</summary>
    public KeyStore Keys => _keys;

    /// <summary>Called when the process ends and another one takes its place.</summary>
    public Action? LifeEnded { get; set; }

    /// <summary>The name of the process that answers now.</summary>
    public string Life => $"life-{_life}";

    /// <summary>Whether the trouble is over, so that what still waits for recovery can end.</summary>
    public bool IsCalm { get; set; }

    /// <summary>Takes one attempt. Returns the failed answer, or null for a good one.</summary>
    public async Task<Fault?> TurnAsync(Attempt attempt, bool sendsKey = false)
    {
        CancellationToken token = _plant == Plant.DropToken ? CancellationToken.None : attempt.Token;
        _model.Arrived(attempt);
        string life = Life;
        if (sendsKey)
        {
            SendKey(attempt, life);
        }

        ResilienceContext context = ResilienceContextPool.Shared.Get(token);
        context.Properties.Set(AttemptKey, attempt);
        try
        {
            attempt.Fault = await _chaos.ExecuteAsync(static _ => default(ValueTask<Fault?>), context);
            if (sendsKey && life != Life)
            {
                throw Fail(attempt, Fault.Killed);
            }

            return attempt.Fault;
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            attempt.Fault = Fault.Limit;
            throw;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
            Settle(attempt, sendsKey ? life : null);
            _model.Left(attempt);
        }
    }

    /// <summary>An answer in elements, which may break within.</summary>
    public async IAsyncEnumerable<int> StreamAsync(Attempt attempt, [EnumeratorCancellation] CancellationToken token)
    {
        attempt.Call.OpenSources++;
        try
        {
            if (await TurnAsync(attempt) is { } fault)
            {
                throw fault.ToException();
            }

            for (int element = 0; await NextPieceAsync(attempt, element, token); element++)
            {
                yield return element;
            }
        }
        finally
        {
            attempt.Call.OpenSources -= _plant == Plant.LeakSource ? 0 : 1;
            attempt.End = _time.GetUtcNow();
        }
    }

    /// <summary>Waits for a piece of an answer that has begun well. False is its end.</summary>
    public async Task<bool> NextPieceAsync(Attempt attempt, int index, CancellationToken token)
    {
        if (_random.NextDouble() < 0.7)
        {
            try
            {
                await Task.Delay(NextLatency(), _time, token);
            }
            catch (OperationCanceledException)
            {
                attempt.Fault = Fault.Limit;
                throw;
            }
        }

        token.ThrowIfCancellationRequested();
        if (_random.NextDouble() < 0.08)
        {
            throw Fail(attempt, Fault.Cut);
        }

        return index < 5 && _random.NextDouble() < 0.7;
    }

    /// <summary>The same attempt as an HTTP answer.</summary>
    public async Task<HttpResponseMessage> RespondAsync(Attempt attempt)
    {
        Fault? fault = await TurnAsync(attempt);
        if (fault is { Throw: not null })
        {
            throw fault.ToException();
        }

        var response = new HttpResponseMessage((HttpStatusCode)(fault?.Status ?? 200));
        if (fault is null)
        {
            attempt.Call.OpenSources++;
            response.Content = new StreamContent(new HostileBody(this, attempt, () =>
            {
                attempt.Call.OpenSources -= _plant == Plant.LeakSource ? 0 : 1;
                attempt.End = _time.GetUtcNow();
            }));
            response.Content.Headers.ContentType = new("text/event-stream");
            return response;
        }

        response.Content = new StringContent(fault.Body, Encoding.UTF8, "application/json");
        if (fault.Asked is { } asked)
        {
            response.Headers.RetryAfter = new(asked);
        }

        return response;
    }

    /// <summary>Whether the answer of events gets its last event.</summary>
    public bool IsFinished(Attempt attempt)
    {
        bool isFinished = _random.NextDouble() > 0.1;
        attempt.Fault = isFinished ? null : Fault.Unfinished;
        return isFinished;
    }

    private static Exception Fail(Attempt attempt, Fault fault)
    {
        attempt.Fault = fault;
        return fault.ToException();
    }

    // A client with keys knows whom it is connected to.
    private void SendKey(Attempt attempt, string life)
    {
        CallScope scope = CallFrame.Current!.Call;
        scope.Gateway.Life = life;
        if (scope.SentTo is { } before && before != life)
        {
            attempt.Answered = attempt.End = _time.GetUtcNow();
            _model.Left(attempt);
            throw Fail(attempt, Fault.Restarted);
        }

        scope.MarkSent(life);
        attempt.SentTo = life;
    }

    private void Settle(Attempt attempt, string? keyedLife)
    {
        DateTimeOffset now = _time.GetUtcNow();
        attempt.Answered = attempt.End = now;
        if (attempt.Fault is { } fault && !fault.RanAt(attempt.Call.State.Options.Gateway))
        {
            return;
        }

        attempt.HasRun = true;
        if (keyedLife is null || _keys.IsNew(attempt.Call.Turn, keyedLife, attempt.Start))
        {
            attempt.Call.Turn.Runs++;
        }
    }

    /// <summary>Another process takes the place of this one.</summary>
    public void Restart()
    {
        _life++;
        LifeEnded?.Invoke();
    }

    private void Upset(Action reload)
    {
        if (_random.Next(2) == 0)
        {
            Restart();
        }
        else
        {
            reload();
        }
    }

    private T Options<T>(T options, double rate)
        where T : ChaosStrategyOptions
    {
        options.InjectionRateGenerator = _ => new(IsCalm ? 0 : rate);
        options.Randomizer = _random.NextDouble;
        return options;
    }

    // Mostly seconds, now and then longer than any limit.
    public TimeSpan NextLatency() => _random.Next(20) switch
    {
        0 => TimeSpan.FromHours(2),
        < 4 => TimeSpan.FromSeconds(_random.Next(10, 90)),
        _ => TimeSpan.FromMilliseconds(_random.Next(1, 5000)),
    };

    private Exception NextException(ResilienceContext context)
        => Fail(context.Properties.GetValue(AttemptKey, null!), Fault.Exceptions[_random.Next(Fault.Exceptions.Length)]);

    // A lockout stops everything, so it is rarer than the rest.
    private Fault NextAnswer()
        => _random.Next(40) == 0 ? Fault.Locked : Fault.Answers[_random.Next(Fault.Answers.Length - 1)];
}
