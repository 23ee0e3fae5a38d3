using System.Collections.Concurrent;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Clients;

/// <summary>What became of one call.</summary>
/// <param name="Caught">What the caller sees, in the words of the documentation.</param>
/// <param name="Failure">What it means; null when the caller sees no failure.</param>
/// <param name="Sent">How often the call was sent.</param>
internal sealed record Observation(string Caught, GatewayFailure? Failure, int Sent)
{
    private static readonly TimeSpan LongestRetryWait = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<(Func<ClientUnderTest> Client, Fault Fault, CallEffect Effect), Lazy<Task<Observation>>> Made = new();

    /// <summary>Lets a fault happen to a client. Each case is played once.</summary>
    public static Task<Observation> OfAsync(Func<ClientUnderTest> client, Fault fault, CallEffect effect)
        => Made.GetOrAdd((client, fault, effect), static made => new(() => PlayAsync(made.Client, made.Fault, made.Effect))).Value;

    /// <summary>The cell of a table: what is caught, and what of its meaning differs from that of the failure.</summary>
    public string Describe(Fault fault)
    {
        List<string> differences = [];
        if (Failure!.Kind != fault.Kind)
        {
            differences.Add($"`{Failure.Kind}`");
        }

        if (Failure.MayHaveRun != fault.MayHaveRun)
        {
            differences.Add(Failure.MayHaveRun ? "may have run" : "has not run");
        }

        if (Failure.RetryAfter is null && fault.RetryAfter is not null)
        {
            differences.Add("no `RetryAfter`");
        }

        return differences.Count == 0 ? Caught : $"{Caught}: {string.Join(", ", differences)}";
    }

    private static async Task<Observation> PlayAsync(Func<ClientUnderTest> create, Fault fault, CallEffect effect)
    {
        var time = new VirtualTime();
        using ClientUnderTest client = create();
        int asked = 0;
        await using var server = new RawServer(client.Serve(exchange =>
        {
            Interlocked.Increment(ref asked);
            return fault.Serve(client, exchange);
        }));
        var options = GatewayOptions.ForOpenClaw();
        GatewayPipeline pipeline = Gateways.OpenClaw(time, configured =>
        {
            configured.DefaultEffect = effect;
            fault.Configure(configured);
            options = configured;
        });
        client.PointTo(server.Address);
        await client.PrepareAsync(pipeline);
        await fault.Before(pipeline, time);
        if (fault.IsRefusedConnection)
        {
            client.PointTo(RawServer.RefusedAddress());
        }

        using var caller = new CancellationTokenSource();
        Task<object?> call = client.CallAsync(pipeline, caller.Token);
        await DriveAsync(call, time, fault, () => Volatile.Read(ref asked), client.Limit(options), caller);
        Observation observation = await EndAsync(call, client.Sent, caller.Token);
        // Nothing is sent behind the back of the transport. (Except that the runtime repeats a GET, which is what a handshake is.)
        Assert.True(client.IsHandshake || asked <= observation.Sent, $"sent {observation.Sent} times, seen {asked} times");
        return observation;
    }

    /// <summary>Skips the waits between attempts, and lets happen what the fault is about each time the server was asked.</summary>
    private static async Task DriveAsync(
        Task call, VirtualTime time, Fault fault, Func<int> asked, TimeSpan limit, CancellationTokenSource caller)
    {
        int seen = 0;
        using var patience = new CancellationTokenSource(VirtualTime.Patience);
        while (!call.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            if (fault.WhenAsked is { } happen && asked() > seen)
            {
                seen++;
                happen(time, limit, caller);
            }
            else if (time.NextDue is { } due && (due <= LongestRetryWait || due == fault.EndsAtLimit))
            {
                time.Advance(due);
            }

            await Task.WhenAny(call, Task.Delay(1));
        }
    }

    private static async Task<Observation> EndAsync(Task<object?> call, int sent, CancellationToken callerToken)
    {
        try
        {
            if (await call is not HttpResponseMessage { IsSuccessStatusCode: false } response)
            {
                return new Observation("nothing", null, sent);
            }

            using (response)
            {
                string body = await response.Content.ReadAsStringAsync(CancellationToken.None);
                return new Observation("returned", GatewayFailure.Classify(response, body), sent);
            }
        }
        catch (Exception exception)
        {
            return new Observation(NameOf(exception), GatewayFailure.Classify(exception, cancellationToken: callerToken), sent);
        }
    }

    private static string NameOf(Exception exception)
    {
        Type type = exception.GetType();
        while (!type.IsVisible)
        {
            type = type.BaseType!;
        }

        return exception.InnerException is GatewayRejectedException or TimeoutException ? $"`{type.Name}` around `{exception.InnerException.GetType().Name}`" : $"`{type.Name}`";
    }
}
