using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <content>Comments, line ends and old language versions.</content>
public sealed partial class WaitPlaceTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public Task Comments_and_line_ends_stay(string lineEnd) => Verifier.FixedAsync(
        Commented("{|OCG1101:while|} (true)", "", "", "").ReplaceLineEndings(lineEnd),
        Commented("while (true)", "int attempt = 0;\n", "\n        await Backoff.DelayAsync(attempt++, token);", RetryCode.Import).ReplaceLineEndings(lineEnd));

    [Fact]
    public Task Old_language_versions_get_the_same_code() => Verifier.FixedAsync(
        CSharp73("{|OCG1101:while|} (!token.IsCancellationRequested)", "", "", ""),
        CSharp73("while (!token.IsCancellationRequested)", "int attempt = 0;\n        ", "\n                await Backoff.DelayAsync(attempt++, token);", "using OpenClaw.Resilience;\n"),
        LanguageVersion.CSharp7_3);

    private static string Commented(string loop, string counter, string wait, string import) => RetryCode.InMethod(
        $$"""
        {{counter}}// Above the loop.
        {{loop}} // behind its head
        {
            try { {{Ask}} }
            catch (ClientResultException) // behind the catch
            {
                // Above the log.
                _log.LogWarning("again"); // behind the log{{wait}}

                // At the end.
            }
        } // behind the loop
        """,
        import);

    private static string CSharp73(string loop, string counter, string wait, string import) => $$"""
        using System;
        using System.ClientModel;
        using System.Threading;
        using System.Threading.Tasks;
        using OpenAI.Chat;
        {{import}}
        class Agent
        {
            private static async Task AskAsync(ChatClient chat, CancellationToken token)
            {
                {{counter}}{{loop}}
                {
                    try
                    {
                        await chat.CompleteChatAsync("hello");
                        return;
                    }
                    catch (ClientResultException)
                    {
                        Console.WriteLine("again");{{wait}}
                    }
                }
            }

            static void Main() { }
        }
        """;
}
