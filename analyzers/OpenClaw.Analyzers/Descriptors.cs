using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers;

/// <summary>Every rule of the package. Nothing else makes descriptors.</summary>
internal static class Descriptors
{
    private const string HelpLinkBase = "https://github.com/openclaw-analyzers/OpenClaw.Analyzers/blob/main/docs/rules/";

    public static readonly DiagnosticDescriptor UnprotectedCall = new(
        id: "OCG1001",
        title: "Gateway call is unprotected",
        messageFormat: "'{0}' is called without retry, breaker or limiter: {1}{2}",
        category: Categories.Calls,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Gateways refuse connections while they restart, drain, hang and answer 429 or 502. A call that nothing protects turns each of "
            + "these into a failed run, and an SDK's own retry may repeat an agent turn with its tools. Run the call in a GatewayPipeline. "
            + "No fix is offered where moving the call into a lambda would change what the code means: ref, out and in arguments, spans, structs that use "
            + "this, dynamic calls, streams that are stored or returned, and arguments with effects that cannot be evaluated once, before the call.",
        helpLinkUri: HelpLinkBase + "OCG1001.md");

    public static readonly DiagnosticDescriptor MissingTimeout = new(
        id: "OCG1002",
        title: "Gateway call can wait for ever",
        messageFormat: "'{0}' can wait for ever: {1}",
        category: Categories.Calls,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Neither the client, the token nor a wrapper limits the wait, so that a gateway that hangs holds the caller for good. "
            + "Pass the token of a Deadline, or run the call in a GatewayPipeline. No fix is offered where a time-out would be taken for a shutdown "
            + "(a surrounding catch of OperationCanceledException that neither throws nor asks which token it was), for bodies read after the call, and never for ClientWebSocket.ReceiveAsync, whose cancellation aborts the socket.",
        helpLinkUri: HelpLinkBase + "OCG1002.md");

    public static readonly DiagnosticDescriptor RetryWithoutBackoff = new(
        id: "OCG1101",
        title: "Retry without backoff",
        messageFormat: "The retry of '{0}' {1}: a gateway in trouble is hit by all its callers in step",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Attempts that follow each other at once, or at a constant distance, keep a gateway down that needs a pause. Wait longer after each failure, "
            + "with jitter. Loops that repair the request, rotate models, refresh a token or retry a content failure are never replaced by a pipeline; they get a delay. "
            + "No fix is offered inside lock and finally, where the loop does not tell whether another attempt follows, and for policies with a callback whose parameters would change.",
        helpLinkUri: HelpLinkBase + "OCG1101.md");

    public static readonly DiagnosticDescriptor UndisposedClient = new(
        id: "OCG1201",
        title: "Gateway client is not disposed",
        messageFormat: "'{0}' is not disposed {1}: its connection stays open until the finalizer runs",
        category: Categories.Clients,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A socket or HTTP client that nobody disposes keeps its connection to the gateway, and a reconnect that overwrites the field adds one more. "
            + "No fix is offered where a task, a response or a stream of the client outlives the method, or where no using declaration can stand.",
        helpLinkUri: HelpLinkBase + "OCG1201.md");

    public static readonly DiagnosticDescriptor StepWithoutCheckpoint = new(
        id: "OCG1301",
        title: "Agent step without a checkpoint",
        messageFormat: "{0} are kept in memory only: a crash or a restart loses all of them and pays for them again",
        category: Categories.Runs,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A run of several agent turns whose results live only in memory starts from nothing after a crash. Open an AgentRun, wrap each turn in StepAsync and "
            + "complete the run. No fix is offered without stable inputs to name the run by, in request handlers, where the run works on data from outside of its inputs, for "
            + "results that cannot be stored and restored, for turns that change their arguments or fields (a skipped step would lose the change), inside using, in a retry of "
            + "several steps, and under a condition on time or chance.",
        helpLinkUri: HelpLinkBase + "OCG1301.md");

    public static readonly DiagnosticDescriptor TornCheckpoint = new(
        id: "OCG1302",
        title: "Checkpoint is not written atomically",
        messageFormat: "'{0}' is written over its last good copy: a crash in between leaves part of a file, and nothing to resume from",
        category: Categories.Runs,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The state of a run that is truncated and then written is neither the old nor the new one if the process ends in between. AtomicFile writes a new file and "
            + "renames it over the old one. No fix is offered for lines in an encoding of their own, and for streams that are used for more than one awaited call.",
        helpLinkUri: HelpLinkBase + "OCG1302.md");

    public static readonly DiagnosticDescriptor RestartedRun = new(
        id: "OCG1304",
        title: "A failed run starts over",
        messageFormat: "One failure of '{0}' repeats the whole run: the turns that were done are paid for again, with what their tools did",
        category: Categories.Runs,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A retry around a run of several agent turns repeats those that succeeded. Retry the single turn, or make the turns steps of an AgentRun, which goes on behind the last "
            + "finished one. No fix is offered: which of the two is right, and what the exceptions behind the retry mean, only the author knows. The fix of OCG1301 makes the turns steps.",
        helpLinkUri: HelpLinkBase + "OCG1304.md");

    public static readonly DiagnosticDescriptor SwallowedCheckpoint = new(
        id: "OCG1306",
        title: "Failed checkpoint is swallowed",
        messageFormat: "Nobody hears of it when '{0}' fails: the run goes on, and after a crash it repeats what was not kept",
        category: Categories.Runs,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A catch that does nothing hides that a checkpoint was not saved: the disk is full, and every later crash costs the whole run. Let the exception through, or log it as a "
            + "warning. No fix is offered: whether the run must end, wait or go on without its checkpoint only the author knows.",
        helpLinkUri: HelpLinkBase + "OCG1306.md");

    public static readonly DiagnosticDescriptor UnrestorableResult = new(
        id: "OCG1308",
        title: "Step result cannot be restored",
        messageFormat: "A step cannot return '{0}': it {1}",
        category: Categories.Runs,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The result of a step is stored as JSON and must come back as it was; the run refuses others with StepResultNotStorableException. Return a string, a number or a record "
            + "with public properties. No fix is offered: what the code needs of the result, and how a type should be changed, only the author knows.",
        helpLinkUri: HelpLinkBase + "OCG1308.md");
}
