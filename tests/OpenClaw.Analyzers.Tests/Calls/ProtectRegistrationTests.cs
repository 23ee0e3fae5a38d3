using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OpenClaw.Analyzers.CodeFixes;
using OpenClaw.Analyzers.CodeFixes.Calls;
using OpenClaw.Analyzers.Tests.Catalogue;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectRegistration>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>The second action of OCG1001: the handler at the client's registration.</summary>
public sealed class ProtectRegistrationTests
{
    private const string Turn = "_http.{|OCG1001:PostAsync|}(\"http://box:18789/v1/chat/completions\", new StringContent(text))";

    [Theory]
    [InlineData("services.AddHttpClient<Agent>();", "services.AddHttpClient<Agent>().AddOpenClawResilience();")]
    [InlineData("services.AddHttpClient<IAgent, Agent>();", "services.AddHttpClient<IAgent, Agent>().AddOpenClawResilience();")]
    [InlineData(
        "services.AddHttpClient<Agent>(http => http.BaseAddress = new Uri(\"http://box:18789\")); // the gateway",
        "services.AddHttpClient<Agent>(http => http.BaseAddress = new Uri(\"http://box:18789\")).AddOpenClawResilience(); // the gateway")]
    [InlineData(
        "services\n    .AddHttpClient<Agent>()\n    .SetHandlerLifetime(TimeSpan.FromMinutes(5));",
        "services\n    .AddHttpClient<Agent>()\n    .SetHandlerLifetime(TimeSpan.FromMinutes(5))\n    .AddOpenClawResilience();")]
    [InlineData(
        "services.AddHttpClient<Agent>(http =>\n{\n    http.BaseAddress = new Uri(\"http://box:18789\");\n});",
        "services.AddHttpClient<Agent>(http =>\n{\n    http.BaseAddress = new Uri(\"http://box:18789\");\n}).AddOpenClawResilience();")]
    [InlineData(
        "var client = services.AddHttpClient<Agent>();\nclient.SetHandlerLifetime(TimeSpan.FromMinutes(5));",
        "var client = services.AddHttpClient<Agent>().AddOpenClawResilience();\nclient.SetHandlerLifetime(TimeSpan.FromMinutes(5));")]
    [InlineData(
        "services.AddHttpClient<Agent>().SetHandlerLifetime(TimeSpan.FromMinutes(5)).Services.AddSingleton<Other>();",
        "services.AddHttpClient<Agent>().SetHandlerLifetime(TimeSpan.FromMinutes(5)).AddOpenClawResilience().Services.AddSingleton<Other>();")]
    public Task The_handler_is_added_last(string registration, string expected) => Verifier.FixedAsync(Typed(registration, Turn), Typed(expected, Plain(Turn)));

    [Fact]
    public Task A_provider_has_a_gateway_of_its_own() => Verifier.FixedAsync(
        Typed("services.AddHttpClient<Agent>();", Turn.Replace("http://box:18789", "https://api.openai.com", StringComparison.Ordinal)),
        Typed("services.AddHttpClient<Agent>().AddOpenClawResilience(\"api.openai.com\");", Plain(Turn).Replace("http://box:18789", "https://api.openai.com", StringComparison.Ordinal)));

    [Fact]
    public Task Several_calls_of_several_documents_get_one_handler()
    {
        const string Second = "\n\n    public Task AgainAsync(string text) => " + Turn + ";";
        string other = """
            partial class Agent
            {
                public Task OtherAsync(string text) => CALL;
            }
            """;
        return Verifier.FixedInAllAsync(
            [Typed("services.AddHttpClient<Agent>();", Turn, Second), other.Replace("CALL", Turn, StringComparison.Ordinal)],
            [Typed("services.AddHttpClient<Agent>().AddOpenClawResilience();", Plain(Turn), Plain(Second)), other.Replace("CALL", Plain(Turn), StringComparison.Ordinal)]);
    }

    [Fact]
    public Task A_named_client_is_found_by_its_name() => Verifier.FixedAsync(
        Named("services.AddHttpClient(\"agent\");\nservices.AddHttpClient(\"shop\");", "{|OCG1001:PostAsync|}"),
        Named("services.AddHttpClient(\"agent\").AddOpenClawResilience();\nservices.AddHttpClient(\"shop\");", "PostAsync"));

    [Theory]
    [InlineData("services.AddHttpClient<Agent>();\nservices.AddHttpClient<IAgent, Agent>();")]
    [InlineData("services.AddSingleton<Agent>();")]
    [InlineData("services.AddHttpClient();\nservices.AddSingleton<Agent>();")]
    [InlineData("services.AddHttpClient<Agent>()\n#if !DEBUG\n    .SetHandlerLifetime(TimeSpan.FromMinutes(5))\n#endif\n    ;")]
    public Task A_client_without_one_clear_registration_is_not_fixable(string registration) => Verifier.NotFixableAsync(Typed(registration, Turn));

    /// <summary>As <c>dotnet format</c> does it: one action after the other, with the diagnostics that it began with.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_actions_in_a_row_protect_once(bool registrationFirst)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        const string Registration = "\nusing Microsoft.Extensions.DependencyInjection;\nstatic class Startup { public static void Add(IServiceCollection services) => services.AddHttpClient<Agent>(); }\n";
        CSharpCompilation compilation = await Analysis.CompilationAsync(
            "using System.Net.Http;\nusing System.Threading.Tasks;\n" + Typed("", Plain(Turn)),
            Registration);
        Diagnostic reported = Assert.Single(await Analysis.RunAsync(compilation), diagnostic => diagnostic.Id == "OCG1001");
        using var workspace = new AdhocWorkspace();
        Project project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "App", "App", LanguageNames.CSharp, compilationOptions: compilation.Options, parseOptions: Analysis.Language, metadataReferences: compilation.References));
        Document agent = project.AddDocument("Agent.cs", await compilation.SyntaxTrees[0].GetTextAsync(cancellationToken), filePath: compilation.SyntaxTrees[0].FilePath);
        Document startup = agent.Project.AddDocument("Startup.cs", await compilation.SyntaxTrees[1].GetTextAsync(cancellationToken), filePath: compilation.SyntaxTrees[1].FilePath);
        GatewayCodeFix[] actions = registrationFirst ? [new ProtectRegistration(), new ProtectCall()] : [new ProtectCall(), new ProtectRegistration()];

        FixPlan? first = await actions[0].PlanAsync(startup.Project.GetDocument(agent.Id)!, reported, cancellationToken);
        Solution once = await FixPlan.ApplyAsync([first!], startup.Project.Solution, cancellationToken);

        Assert.NotEmpty(once.GetChanges(startup.Project.Solution).GetProjectChanges());
        Assert.Null(await actions[1].PlanAsync(once.GetDocument(agent.Id)!, reported, cancellationToken));
    }

    [Theory]
    [InlineData("services.AddHttpClient(name);\nservices.AddHttpClient(\"agent\");")]
    [InlineData("services.AddHttpClient();")]
    public Task A_name_that_may_be_anothers_is_not_fixable(string registration) => Verifier.NotFixableAsync(Named(registration, "{|OCG1001:PostAsync|}"));

    private static string Plain(string code) => code.Replace("{|OCG1001:", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal);

    private static string Typed(string registration, string call, string more = "") => $$"""
        using Microsoft.Extensions.DependencyInjection;

        partial class Agent : IAgent
        {
            private readonly HttpClient _http;

            public Agent(HttpClient http) => _http = http;

            public Task AskAsync(string text) => {{call}};{{more}}

            public static void Register(IServiceCollection services)
            {
        {{TimeoutCode.Indented(registration, 8)}}
            }

            static void Main() { }
        }

        interface IAgent { }

        class Other { }

        """;

    private static string Named(string registration, string call) => $$"""
        using Microsoft.Extensions.DependencyInjection;

        class Agent
        {
            private readonly IHttpClientFactory _clients;

            public Agent(IHttpClientFactory clients) => _clients = clients;

            public Task AskAsync(string text) => _clients.CreateClient("agent").{{call}}("http://box:18789/v1/chat/completions", new StringContent(text));

            public static void Register(IServiceCollection services, string name)
            {
        {{TimeoutCode.Indented(registration, 8)}}
            }

            static void Main() { }
        }

        """;
}
