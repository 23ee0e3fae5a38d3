namespace OpenClaw.Analyzers.Gateway;

/// <summary>What a call does at the other end: it decides which rules apply and what a repetition costs.</summary>
internal enum CallKind
{
    /// <summary>An agent turn or a model completion. On a gateway it runs tools, and nothing makes it idempotent.</summary>
    Turn,

    /// <summary>One tool, without a model.</summary>
    Tool,

    /// <summary>Changes nothing: embeddings, histories, stored responses.</summary>
    Read,

    /// <summary>Asks whether something is there: one attempt is right.</summary>
    Probe,

    /// <summary>Hands over a message and does not wait for the work.</summary>
    Send,

    /// <summary>Opens a connection.</summary>
    Connect,

    /// <summary>Waits for whatever comes next on an open connection.</summary>
    Receive,
}
