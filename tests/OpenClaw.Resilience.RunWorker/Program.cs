using OpenClaw.Resilience;
using OpenClaw.Resilience.RunWorker;

// The process that tests and the crash bench kill: see KillTests and TwoProcessesTests. PLACE is a directory, or the connection string of a database.
//   hold PLACE RUN                    takes the run, says so, keeps it until its input ends
//   work PLACE RUN LOG BUG            runs the run over and over until it is killed
//   drain PLACE RUN                   runs steps "act", "act#2" … says when each starts and when it is asked to end, and then ends between two of them
//   share PLACE RUN LOG BUG LEASE     as work, a few steps at a time whenever the run is free, under a lease of so many milliseconds
//   compete PLACE RUN LOG STEPS       does a few steps at a time, whenever the run is free, until it has STEPS steps
//   ask PLACE RUN PROTOCOL ADDRESS SESSION PROMPT …   takes a turn of the gateway at ADDRESS for each prompt; its token is in GATEWAY_TOKEN
if (args is ["hold", string holdDirectory, string holdRun])
{
    await using AgentRun run = await AgentRun.ResumeAsync(RunId.Create(holdRun), new AgentRunOptions { Store = Stores.Open(holdDirectory, "none") });
    Console.WriteLine("held");
    Console.In.ReadToEnd();
    return 0;
}

if (args is ["drain", string drainDirectory, string drainRun])
{
    var coordinator = new DrainCoordinator();
    using IDisposable signals = coordinator.ListenToSignals();
    using CancellationTokenRegistration heard = coordinator.Draining.Register(() => Console.WriteLine("draining"));
    await using AgentRun run = await AgentRun.ResumeAsync(
        RunId.Create(drainRun), new AgentRunOptions { Store = Stores.Open(drainDirectory, "none"), Drain = coordinator });
    try
    {
        while (true)
        {
            await run.StepAsync("act", async (step, token) =>
            {
                Console.WriteLine(step.Key);
                return await Console.In.ReadLineAsync(token);
            });
        }
    }
    catch (RunDrainedException)
    {
        return 0;
    }
}

if (args is ["work", string workDirectory, string workRun, string workLog, string bug])
{
    using EffectLog log = new(workLog);
    await new Work(Stores.Open(workDirectory, bug), RunId.Create(workRun), log).RepeatAsync();
    return 0;
}

if (args is ["share", string sharedPlace, string sharedRun, string sharedLog, string sharedBug, string lease])
{
    using EffectLog log = new(sharedLog);
    var duration = TimeSpan.FromMilliseconds(int.Parse(lease));
    await new Work(Stores.Open(sharedPlace, sharedBug), RunId.Create(sharedRun), log) { LeaseDuration = duration }.ShareAsync();
    return 0;
}

if (args is ["compete", string directory, string runId, string logPath, string steps])
{
    using EffectLog log = new(logPath);
    await new Work(Stores.Open(directory, "none"), RunId.Create(runId), log).CompeteAsync(int.Parse(steps));
    return 0;
}

if (args is ["ask", string askDirectory, string askRun, string protocol, string address, string session, .. string[] prompts])
{
    string token = Environment.GetEnvironmentVariable("GATEWAY_TOKEN") ?? "";
    await using var agent = new GatewayAgent(Enum.Parse<Protocol>(protocol), new Uri(address), token, session);
    await AgentRun.RunAsync(
        RunId.Create(askRun), (run, ct) => agent.AskAsync(run, prompts, ct), new AgentRunOptions { Store = Stores.Open(askDirectory, "none") });
    return 0;
}

Console.Error.WriteLine("unknown arguments");
return 2;
