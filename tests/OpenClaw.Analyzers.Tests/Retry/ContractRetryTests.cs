using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.RepeatOnlyTransient>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Loops that repeat a call through an interface of the sources: a retry of a gateway call where all that implements it makes one.</summary>
public sealed class ContractRetryTests
{
    private static string Program(string clause, string implementations, string contract = "interface IProvider { Task<string> AskAsync(string text); }") => $$"""
        using OpenAI.Chat;

        {{contract}}

        {{implementations}}

        class Warmup
        {
            private readonly IProvider _provider;

            public Warmup(IProvider provider) => _provider = provider;

            public async Task RunAsync(CancellationToken token)
            {
                for (int attempt = 1; attempt <= 5; attempt++)
                {
                    try
                    {
                        await _provider.AskAsync("hi");
                        return;
                    }
                    catch (OperationCanceledException)
                    {
                        return;
                    }
                    {{clause}}
                    {
                        await Task.Delay(TimeSpan.FromSeconds(Random.Shared.Next(5 * attempt)), token);
                    }
                }
            }

            static void Main() { }
        }
        """;

    private const string OverSdk = "class SdkProvider : IProvider { private readonly ChatClient _chat = new(\"m\", \"k\"); public async Task<string> AskAsync(string text) => (await _chat.CompleteChatAsync(text)).Value.Id; }\n";
    private const string OverHttp = "class HttpProvider : IProvider { private readonly HttpClient _http = new(); public async Task<string> AskAsync(string text) { using var answer = await _http.PostAsync(\"http://box:11434/api/chat\", null); return \"\"; } }\n";
    private const string HandingOn = "class Routed : IProvider { private readonly IProvider _inner = new SdkProvider(); public Task<string> AskAsync(string text) => _inner.AskAsync(text); }\n";

    [Theory]
    [InlineData(OverSdk)]
    [InlineData(OverSdk + OverHttp)]
    [InlineData(OverSdk + HandingOn)]
    public Task An_interface_that_only_asks_gateways_is_one(string implementations)
        => Verifier.ReportedAsync(Program("catch ({|OCG1104:Exception|})", implementations));

    [Fact]
    public Task An_abstract_method_is_one_as_well() => Verifier.ReportedAsync(Program(
        "catch ({|OCG1104:Exception|})",
        OverSdk.Replace("public async", "public override async"),
        "abstract class IProvider { public abstract Task<string> AskAsync(string text); }"));

    [Theory]
    [InlineData(OverSdk + "class Echo : IProvider { public Task<string> AskAsync(string text) => Task.FromResult(text); }")]
    [InlineData(OverSdk + "class Disk : IProvider { public Task<string> AskAsync(string text) => File.ReadAllTextAsync(text); }")]
    [InlineData("class Disk : IProvider { public Task<string> AskAsync(string text) => File.ReadAllTextAsync(text); }")]
    [InlineData(HandingOn + "class SdkProvider : IProvider { public Task<string> AskAsync(string text) => Task.FromResult(text); }")]
    [InlineData("")]
    public Task One_that_other_things_implement_as_well_is_none(string implementations)
        => Verifier.SilentAsync(Program("catch (Exception)", implementations));

    [Fact]
    public Task A_retry_of_what_heals_is_silent()
        => Verifier.SilentAsync(Program("catch (HttpRequestException e) when (e.StatusCode is null or System.Net.HttpStatusCode.TooManyRequests)", OverHttp));
}
