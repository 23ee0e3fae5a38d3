using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers;

/// <summary>Every rule of the package. Nothing else makes descriptors.</summary>
internal static class Descriptors
{
    private const string HelpLinkBase = "https://github.com/openclaw-analyzers/OpenClaw.Analyzers/blob/main/docs/rules/";

    public static readonly DiagnosticDescriptor UnprotectedCall = new(
        id: "OCG1001",
        title: "Gateway call is unprotected",
        messageFormat: "'{0}' is called without {1}: {2}{3}",
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

    public static readonly DiagnosticDescriptor ShortTurn = new(
        id: "OCG1003",
        title: "Timeout cuts an agent turn short",
        messageFormat: "'{0}' is given up after {1} ({2}): an agent turn runs tools and often takes longer, and giving up aborts it",
        category: Categories.Calls,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "An agent turn runs models and tools for minutes. A client that gives up aborts the turn: its work is lost and paid for, and a retry does it again. "
            + "Give turns ten minutes, or what you know. No fix is offered where the time is a constant or a setting that other code may use, and for the default of a registered client.",
        helpLinkUri: HelpLinkBase + "OCG1003.md");

    public static readonly DiagnosticDescriptor RepeatedByClient = new(
        id: "OCG1004",
        title: "The client's own retry repeats the call",
        messageFormat: "By default the client itself sends '{0}' up to {1} times{2}: {3}",
        category: Categories.Calls,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "SDKs repeat failed calls by themselves, also agent turns, which run tools and have no idempotency key. A breaker, limiter or retry around the call sees one attempt "
            + "where the gateway gets several. Switch the client's own retry off and leave it to what protects the call. No fix is offered where the creation of the client cannot be changed: "
            + "there are several, or its options are made out of sight.",
        helpLinkUri: HelpLinkBase + "OCG1004.md");

    public static readonly DiagnosticDescriptor DroppedToken = new(
        id: "OCG1005",
        title: "Cancellation is dropped",
        messageFormat: "'{0}' {1}, not the token that '{2}' gives it: no time limit of the execution can stop the call",
        category: Categories.Calls,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A pipeline ends an attempt through the token that it hands to the lambda. A call that gets another token, or none, goes on after the "
            + "time-out: the pipeline waits for it, or starts the next attempt beside it. Pass the lambda's token. No fix is offered where the call's own token is neither "
            + "the one that the execution was given nor one that can be given to it: the caller's cancellation would be lost.",
        helpLinkUri: HelpLinkBase + "OCG1005.md");

    public static readonly DiagnosticDescriptor BlockingCall = new(
        id: "OCG1006",
        title: "Blocking on a gateway call",
        messageFormat: "'{0}' holds a thread for as long as '{1}' takes: under load the thread pool runs dry, and where a synchronization context waits the call never ends",
        category: Categories.Calls,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "An agent turn takes minutes. A thread that waits for it is lost to everything else, and one that the continuation needs waits for ever. "
            + "Await the call. No fix is offered where the method cannot become async: implementations, overrides, accessors, constructors, lambdas, public methods, and methods whose callers cannot all await; "
            + "and in lock, in queries, and where a catch expects AggregateException.",
        helpLinkUri: HelpLinkBase + "OCG1006.md");

    public static readonly DiagnosticDescriptor IgnoredStatus = new(
        id: "OCG1007",
        title: "Failure status ignored",
        messageFormat: "The answer of '{0}' is read without a look at its status: the text of a 429 or 503 is taken for the agent's answer",
        category: Categories.Calls,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "HttpClient throws nothing for an error status. Code that goes on to read the content takes an error body for an answer, and a pipeline around it sees a success. "
            + "No fix is offered where the response is neither held by a local nor read in place.",
        helpLinkUri: HelpLinkBase + "OCG1007.md");

    public static readonly DiagnosticDescriptor UnendedStream = new(
        id: "OCG1008",
        title: "A cut stream looks complete",
        messageFormat: "The events of '{0}' are read to the end of the bytes, not to the event that ends the answer: a connection that breaks leaves half an answer that looks whole",
        category: Categories.Calls,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "A stream of events that a crashing gateway or a proxy cuts ends like a complete one, with status 200. Only [DONE], response.completed or message_stop tells that the answer is whole. "
            + "A fix is offered for the plain loop alone: read a line, skip all but data, take the rest of the line.",
        helpLinkUri: HelpLinkBase + "OCG1008.md");

    public static readonly DiagnosticDescriptor UnstableKey = new(
        id: "OCG1009",
        title: "Retried send without a stable idempotency key",
        messageFormat: "'{0}' is repeated {1}: the gateway takes each attempt for a new request and runs it again",
        category: Categories.Calls,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "An attempt whose answer is lost may have started the run. The gateway tells a repetition from a new request by its idempotency key, so that all attempts need the same one: make it before the "
            + "first attempt. No fix is offered where there is no key, where the key depends on the attempt, and where a caller in another method repeats the call.",
        helpLinkUri: HelpLinkBase + "OCG1009.md");

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

    public static readonly DiagnosticDescriptor MultiplyingRetries = new(
        id: "OCG1105",
        title: "Retries multiply",
        messageFormat: "The retries of '{0}' multiply: {1} = {2} attempts of one call to a gateway in trouble",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A retry inside of another repeats all attempts of the inner one, so that a gateway in trouble gets the product of both, and an agent turn may run as often. "
            + "One layer should own the retries. No fix is offered where something else may rely on the inner retry: a loop, a pipeline that executes other calls or does nothing else, "
            + "a handler of a registration.",
        helpLinkUri: HelpLinkBase + "OCG1105.md");

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
