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

    public static readonly DiagnosticDescriptor MessageSentTwice = new(
        id: "OCG1108",
        title: "Request message is sent twice",
        messageFormat: "'{0}' sends the message '{1}' again in the second attempt: HttpClient throws InvalidOperationException then",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "HttpClient.SendAsync refuses a message that was sent before, so that a retry around it makes one attempt and ends with an exception that says nothing of the gateway. Make the message in each attempt. "
            + "No fix is offered where the message comes from a parameter, is used behind the retry, or is made of parts that may not be made twice.",
        helpLinkUri: HelpLinkBase + "OCG1108.md");

    public static readonly DiagnosticDescriptor BreakerNeverOpens = new(
        id: "OCG1109",
        title: "Breaker never opens",
        messageFormat: "The circuit breaker around '{0}' never opens: {1}",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A breaker counts in the pipeline that was built: one that is built for each call starts at zero each time. And with the default of 100 calls in 30 seconds it does not even look at the failures of a program that makes a few agent turns a minute. "
            + "No fix is offered for the second, and where the pipeline is made of parameters, locals or instance members.",
        helpLinkUri: HelpLinkBase + "OCG1109.md");

    public static readonly DiagnosticDescriptor RetryWithoutBreaker = new(
        id: "OCG1110",
        title: "Retry without circuit breaker",
        messageFormat: "The retry of '{0}' has no circuit breaker: while the gateway is down, each caller goes through all attempts to find out",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: false,
        description: "A circuit breaker that all callers share stops the attempts at a gateway that is down, and lets it come up. Off by default, because a program with one caller has little use for one.",
        helpLinkUri: HelpLinkBase + "OCG1110.md");

    public static readonly DiagnosticDescriptor AttemptTimeoutOutside = new(
        id: "OCG1111",
        title: "Attempt timeout outside the retry",
        messageFormat: "The only time limit around '{0}' is outside of the retry: one attempt that hangs uses up all of it",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Info,
        isEnabledByDefault: false,
        description: "A time limit outside of the retry bounds all attempts together; without another one inside of the retry an attempt that hangs leaves no time for the next. No fix is offered where time limit and retry are not added in one chain.",
        helpLinkUri: HelpLinkBase + "OCG1111.md");

    public static readonly DiagnosticDescriptor HedgedTurn = new(
        id: "OCG1112",
        title: "Hedging runs the turn twice",
        messageFormat: "Hedging starts '{0}' again while the first still runs: {1}",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Hedging sends the same call again when the answer is late. An agent turn is slow by nature and runs tools: it is made twice, and both have their effects. No fix is offered where more is chained to the handler.",
        helpLinkUri: HelpLinkBase + "OCG1112.md");

    public static readonly DiagnosticDescriptor StreamEscapesPipeline = new(
        id: "OCG1113",
        title: "Stream escapes the pipeline",
        messageFormat: "The stream of '{0}' leaves the {1} before it is read: {2}",
        category: Categories.Retry,
        defaultSeverity: DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A stream that is returned from a pipeline or a retry is read when that has ended. Enumerate it inside, or run it by ExecuteStreamingAsync of a GatewayPipeline. No fix is offered for other pipelines than that, for loops, and where the stream is more than enumerated.",
        helpLinkUri: HelpLinkBase + "OCG1113.md");

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
