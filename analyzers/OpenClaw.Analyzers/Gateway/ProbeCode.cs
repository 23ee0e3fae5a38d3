using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>
/// "Is this code there to find out whether the other end answers": by the name of the function around a call. The answer to a failure is the answer
/// that such a function is asked for, whatever it sends.
/// </summary>
internal static class ProbeCode
{
    private static readonly string[] Starts = ["Ping", "Probe", "HealthCheck"];
    private static readonly string[] Questions = ["Is", "Test", "Check", "Verify", "Validate"];

    private static readonly string[] Subjects =
    [
        "Connection", "Connectivity", "Connected", "Health", "Healthy", "Available", "Availability", "Reachable", "Reachability", "Alive", "Running", "Online", "ApiKey", "Credentials",
    ];

    public static bool IsAround(SyntaxNode call)
        => call.Ancestors().Select(NameOf).Any(static name => name.Length > 0 && IsProbe(name));

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        LocalFunctionStatementSyntax function => function.Identifier.ValueText,
        _ => "",
    };

    private static bool IsProbe(string name)
        => Starts.Any(start => StartsWith(name, start))
            || (Questions.Any(question => StartsWith(name, question)) && Subjects.Any(subject => HasWord(name, subject)));

    private static bool StartsWith(string name, string word) => name.StartsWith(word, StringComparison.Ordinal) && EndsWord(name, word.Length);

    private static bool HasWord(string name, string word) => name.IndexOf(word, StringComparison.Ordinal) is var at and > 0 && EndsWord(name, at + word.Length);

    /// <summary>A word of a name ends where the next one begins: <c>Is</c> is no word of <c>IssueToken</c>.</summary>
    private static bool EndsWord(string name, int end) => end == name.Length || !char.IsLower(name[end]);
}
