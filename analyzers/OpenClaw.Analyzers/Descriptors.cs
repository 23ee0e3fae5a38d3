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

    public static readonly DiagnosticDescriptor UnversionedCheckpoint = new(
        id: "OCG1303",
        title: "Checkpoint has no version",
        messageFormat: "'{0}' is stored and read back without a version: what an older program has written is read as if this one had",
        category: Categories.Runs,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: false,
        description: "A run outlives the program that began it: the state that it stored is read by the next release, whose type may mean something else. A serializer does "
            + "not tell: what is missing becomes a default, what is unknown is dropped. Store a version and refuse or convert any other, or keep the run in an AgentRun, whose records "
            + "have one. No fix is offered: what to do with state of another version is for the program to decide.",
        helpLinkUri: HelpLinkBase + "OCG1303.md");

    public static readonly DiagnosticDescriptor SharedSession = new(
        id: "OCG1305",
        title: "Sessions share state",
        messageFormat: "{0}: what one caller says is part of the next one's conversation",
        category: Categories.Runs,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A server that keeps one conversation, in a static list, in a singleton or under a constant session key at the gateway, tells each caller what the others said, and "
            + "two requests at once write into the same turn. Keep a conversation for each caller, and derive the session key from who asks. No fix is offered: which part "
            + "of a request tells one conversation from another, no code can see.",
        helpLinkUri: HelpLinkBase + "OCG1305.md");

    public static readonly DiagnosticDescriptor RunIgnoresShutdown = new(
        id: "OCG1307",
        title: "Run ignores shutdown",
        messageFormat: "This loop of agent turns never looks at '{0}': a shutdown waits for its time limit and then cuts a turn in two",
        category: Categories.Runs,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "A host that stops waits for its services, 30 seconds by default, and ends the process then: in the middle of a turn, whose tools may have run and whose result is lost. "
            + "Look at the stopping token between two turns. No fix is offered in iterators and where the token cannot be named, nor in a try whose catch would take the end for a failure and go on.",
        helpLinkUri: HelpLinkBase + "OCG1307.md");
}
