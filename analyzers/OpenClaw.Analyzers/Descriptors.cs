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

    public static readonly DiagnosticDescriptor RetryWithoutJitter = new(
        id: "OCG1102",
        title: "Retry without jitter",
        messageFormat: "The waits of the retry of '{0}' have no random part: callers that failed together come back together",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: false,
        description: "Growing waits without jitter spread the attempts of one caller, not those of many: they hit the gateway in waves. Off by default, because it matters with many callers only. "
            + "No fix is offered for waits other than Task.Delay and Thread.Sleep, and for lists of waits.",
        helpLinkUri: HelpLinkBase + "OCG1102.md");

    public static readonly DiagnosticDescriptor RetryWithoutEnd = new(
        id: "OCG1103",
        title: "Retry without end",
        messageFormat: "Nothing but success ends the retry of '{0}': a gateway that stays down, or a request that it never accepts, holds the caller for good",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The retry has no limit of attempts, no deadline and no cancellation. Limit the attempts and let the last failure out, so that somebody learns of it. "
            + "No fix is offered for loops that come back after a bad status, for loops with a counter of their own, and for policies with a callback whose parameters would change.",
        helpLinkUri: HelpLinkBase + "OCG1103.md");

    public static readonly DiagnosticDescriptor RetryOfPermanentFailure = new(
        id: "OCG1104",
        title: "Retries what will not heal",
        messageFormat: "The retry of '{0}' repeats {1}: a malformed request, a rejected key or a spent quota fails each time, and too many rejected keys lock the client out",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Status 400, 401, 402, 403, 404 and 413 and errors of the program are the same at the next attempt. Repeat only what may heal: GatewayFailure.IsTransient tells. "
            + "No fix is offered for loops that come back after a bad status, and for predicates that name the statuses themselves.",
        helpLinkUri: HelpLinkBase + "OCG1104.md");

    public static readonly DiagnosticDescriptor RetryOnOpenCircuit = new(
        id: "OCG1106",
        title: "Retry keeps knocking on an open circuit",
        messageFormat: "The retry of '{0}' repeats the refusals of the circuit breaker inside of it: while the circuit is open, each call waits through all attempts for nothing",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: false,
        description: "A circuit breaker that is open answers at once, so that the caller can. A retry around it that handles BrokenCircuitException takes that back. "
            + "No fix is offered for predicates that are functions of their own.",
        helpLinkUri: HelpLinkBase + "OCG1106.md");

    public static readonly DiagnosticDescriptor RetryAfterIgnored = new(
        id: "OCG1107",
        title: "Retry-After is ignored on 429",
        messageFormat: "The retry of '{0}' comes back after a 429 without reading its Retry-After: an earlier attempt is refused too, and may lengthen the refusal",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: false,
        description: "A reply with status 429 says how long to wait, and it is at hand here: in the response, or in the exception that carries it. "
            + "No fix is offered for waits other than Task.Delay and Thread.Sleep, and where the reply is out of scope at the wait.",
        helpLinkUri: HelpLinkBase + "OCG1107.md");

    public static readonly DiagnosticDescriptor RetryWithoutBreaker = new(
        id: "OCG1110",
        title: "Retry without circuit breaker",
        messageFormat: "The retry of '{0}' has no circuit breaker: while the gateway is down, each caller goes through all attempts to find out",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: false,
        description: "A circuit breaker that all callers share stops the attempts at a gateway that is down, and lets it come up. Off by default, because a program with one caller has little use for one.",
        helpLinkUri: HelpLinkBase + "OCG1110.md");

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
}
