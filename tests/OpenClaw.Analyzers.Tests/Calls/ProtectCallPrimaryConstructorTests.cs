using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>
/// OCG1001 mended in C# 12, which the oldest compiler that we support does not know: these belong to the suite that runs on newer ones, and have
/// records to say the same on the oldest.
/// </summary>
public sealed class ProtectCallPrimaryConstructorTests
{
    private const string Usings = "using OpenAI.Chat;\nusing OpenClaw.Resilience;";

    private static bool KnowsPrimaryConstructors => Enum.IsDefined((LanguageVersion)1200);

    private static string Kind(string kind) => KnowsPrimaryConstructors ? kind : "record " + kind;

    private static LanguageVersion Version => KnowsPrimaryConstructors ? (LanguageVersion)1200 : LanguageVersion.CSharp11;

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task Their_parameters_count_as_fields() => Verifier.FixedAsync(
        Code.InClass(
            """
            public Task AskAsync(List<ChatMessage> messages, CancellationToken token) => chat.{|OCG1001:CompleteChatAsync|}(messages, null, token);

            public static Task AskStaticAsync(ChatClient other, List<ChatMessage> messages) => other.{|OCG1001:CompleteChatAsync|}(messages);
            """,
            Usings,
            "(ChatClient chat, GatewayPipeline pipeline)",
            Kind("class")),
        Code.InClass(
            """
            public Task AskAsync(List<ChatMessage> messages, CancellationToken token) => pipeline.ExecuteAsync(ct => chat.CompleteChatAsync(messages, null, ct), token);

            public static Task AskStaticAsync(ChatClient other, List<ChatMessage> messages) => GatewayPipeline.Shared.ExecuteAsync(ct => other.CompleteChatAsync(messages, cancellationToken: ct));
            """,
            Usings,
            "(ChatClient chat, GatewayPipeline pipeline)",
            Kind("class")),
        Version);

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task Those_of_a_struct_are_copied_before_the_call() => Verifier.FixedAsync(
        Code.InClass(
            """
            public async Task AskAsync(List<ChatMessage> messages)
            {
                await chat.{|OCG1001:CompleteChatAsync|}(messages);
            }
            """,
            baseType: "(ChatClient chat)",
            kind: Kind("struct")),
        Code.InClass(
            """
            public async Task AskAsync(List<ChatMessage> messages)
            {
                var client = chat;
                await GatewayPipeline.Shared.ExecuteAsync(ct => client.CompleteChatAsync(messages, cancellationToken: ct));
            }
            """,
            Usings,
            "(ChatClient chat)",
            Kind("struct")),
        Version);

    [Fact]
    public Task A_client_that_goes_to_one_is_followed() => Verifier.ReportedAsync(
        Code.InClass(
            """
            public Task AskAsync() => http.GetStringAsync("http://box:18789/v1/responses/1");

            public static object Compose() => new Agent(new HttpClient(new Own()));

            public class Own : DelegatingHandler { }
            """,
            "",
            "(HttpClient http)",
            Kind("class")),
        languageVersion: Version);
}
