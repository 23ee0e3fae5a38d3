using System.Diagnostics;
using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace OpenClaw.Resilience.Bench;

/// <summary>A call that does nothing, through nothing, through Polly's own layers, and through a <see cref="GatewayPipeline"/>.</summary>
internal static class CallOverhead
{
    private const int Slices = 31;
    private const int Calls = 20_000;

    public static async Task RunAsync()
    {
        await CompareAsync("a call that has completed when it returns", static _ => Task.FromResult(1));
        await CompareAsync("a call that completes later", CompleteAsync);
    }

    private static async Task CompareAsync(string title, Func<CancellationToken, Task<int>> target)
    {
        using var permits = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 5, QueueLimit = 100 });
        ResiliencePipeline polly = new ResiliencePipelineBuilder()
            .AddStrategy(_ => new LimiterStrategy(permits), new LimiterOptions())
            .AddRetry(new RetryStrategyOptions())
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions())
            .AddTimeout(new TimeoutStrategyOptions())
            .Build();
        var ours = new GatewayPipeline(GatewayOptions.ForOpenClaw());

        (string Name, Func<Task> Call)[] contenders =
        [
            ("the call alone", () => target(default)),
            ("Polly: limiter, retry, breaker, timeout", () => polly.ExecuteAsync(static (call, token) => new ValueTask<int>(call(token)), target).AsTask()),
            ("GatewayPipeline", () => ours.ExecuteAsync(target)),
        ];

        // Interleaved, so that a noisy neighbour disturbs all alike; medians, so that he disturbs none.
        List<Sample>[] samples = [.. contenders.Select(static _ => new List<Sample>())];
        for (int slice = -2; slice < Slices; slice++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                Sample sample = await MeasureAsync(contenders[i].Call);
                if (slice >= 0)
                {
                    samples[i].Add(sample);
                }
            }
        }

        double reference = Median(samples[1].Select(static sample => sample.Nanoseconds));
        double referenceBytes = Median(samples[1].Select(static sample => sample.Bytes));
        Console.WriteLine($"{title,-42} {"ns",8} {"ratio",7} {"bytes",8} {"more",8}");
        for (int i = 0; i < contenders.Length; i++)
        {
            double time = Median(samples[i].Select(static sample => sample.Nanoseconds));
            double ratio = Median(samples[i].Zip(samples[1], static (own, polly) => own.Nanoseconds / polly.Nanoseconds));
            double bytes = Median(samples[i].Select(static sample => sample.Bytes));
            Console.WriteLine($"{contenders[i].Name,-42} {time,8:F0} {ratio,7:F2} {bytes,8:F0} {bytes - referenceBytes,8:F0}");
        }
    }

    private static async Task<int> CompleteAsync(CancellationToken token)
    {
        await Task.Yield();
        return token.IsCancellationRequested ? 0 : 1;
    }

    private static async Task<Sample> MeasureAsync(Func<Task> call)
    {
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++)
        {
            await call();
        }

        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return new Sample(nanoseconds / Calls, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)Calls);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private readonly record struct Sample(double Nanoseconds, double Bytes);

    private sealed class LimiterOptions : ResilienceStrategyOptions;

    /// <summary>What Polly.RateLimiting's strategy does, which is a package of its own.</summary>
    private sealed class LimiterStrategy(RateLimiter limiter) : ResilienceStrategy
    {
        protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
        {
            using RateLimitLease lease = await limiter.AcquireAsync(1, context.CancellationToken).ConfigureAwait(false);
            return lease.IsAcquired
                ? await callback(context, state).ConfigureAwait(false)
                : Outcome.FromException<TResult>(new InvalidOperationException("rejected"));
        }
    }
}
