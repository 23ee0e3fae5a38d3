using System.Text.RegularExpressions;

namespace OpenClaw.Analyzers.Runs.Checkpoints;

/// <summary>"Do these names speak of the state of a run": judged by whole words, so that a catalog is no log and a dialog neither.</summary>
internal sealed class StateNames
{
    private static readonly Regex Word = new("[A-Z]+(?![a-z])|[A-Z]?[a-z]+", RegexOptions.CultureInvariant | RegexOptions.Compiled);

    // These mean the state of a run or of a conversation wherever they stand.
    private static readonly HashSet<string> Certain = new(StringComparer.OrdinalIgnoreCase) { "checkpoint", "checkpoints", "conversation", "conversations", "transcript", "transcripts" };

    // These mean it in the company of an agent.
    private static readonly HashSet<string> Likely = new(StringComparer.OrdinalIgnoreCase)
    {
        "session", "sessions", "state", "states", "history", "progress", "memory", "journal", "task", "tasks", "todo", "todos", "job", "jobs", "plan", "plans", "step", "steps", "thread", "threads",
    };

    private static readonly HashSet<string> Agents = new(StringComparer.OrdinalIgnoreCase)
    {
        "agent", "agents", "chat", "chats", "llm", "assistant", "assistants", "turn", "turns", "orchestrator", "orchestration", "workflow", "workflows", "copilot",
    };

    // What is written and read back as well, but can be made again or says something else than how far a run has come.
    private static readonly HashSet<string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        "config", "configuration", "setting", "settings", "option", "options", "preference", "preferences", "override", "overrides", "token", "tokens", "credential", "credentials", "secret", "secrets", "key", "keys",
        "auth", "password", "identity", "device", "certificate", "cache", "cached", "caches", "log", "logs", "audit", "report", "reports", "export", "exports", "template", "templates", "schema",
        "manifest", "metadata", "index", "marker", "lock", "pid", "temp", "temporary", "tmp", "backup", "bak", "window", "ui", "view", "layout", "theme", "editor", "webhook", "metric", "metrics", "statistics", "translation", "translations",
    };

    private static readonly HashSet<string> Temporary = new(StringComparer.OrdinalIgnoreCase) { "temp", "temporary", "tmp", "staging", "partial", "scratch", "new" };

    private bool _isCertain;
    private bool _isLikely;
    private bool _isOther;

    /// <summary>Whether an agent is spoken of, which makes likely words certain.</summary>
    public bool SpeakOfAgent { get; private set; }

    /// <summary>Whether the names speak of state, given that an agent is at work or not.</summary>
    public bool MeanState(bool isAgentAtWork) => !_isOther && (_isCertain || (_isLikely && (isAgentAtWork || SpeakOfAgent)));

    /// <summary>Whether the state is that of an agent only if one is at work in the code.</summary>
    public bool DependOnAgent => !_isOther && !_isCertain && _isLikely && !SpeakOfAgent;

    /// <summary>A name of what is kept: the file, its path, the type of its content, the type and method that keep it.</summary>
    public void Add(string name)
    {
        foreach (string word in WordsOf(name))
        {
            _isCertain |= Certain.Contains(word);
            _isLikely |= Likely.Contains(word);
            _isOther |= Others.Contains(word);
            SpeakOfAgent |= Agents.Contains(word);
        }
    }

    /// <summary>A name of the surroundings, such as a namespace: it says who keeps the file, not what is in it.</summary>
    public void AddAround(string name) => SpeakOfAgent |= WordsOf(name).Any(Agents.Contains);

    /// <summary>Whether the name is that of a file on its way to become another.</summary>
    public static bool IsTemporary(string name) => WordsOf(name).Any(Temporary.Contains);

    public static IEnumerable<string> WordsOf(string name) => Word.Matches(name).Cast<Match>().Select(match => match.Value);
}
