using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>What users say of their own methods: by attribute, of the runtime or of their own, and by configuration.</summary>
public sealed class MarkedCallTests
{
    private const string OwnAttributes = """

        namespace OpenClaw.Resilience
        {
            [AttributeUsage(AttributeTargets.All)]
            class GatewayCallAttribute : Attribute { }

            [AttributeUsage(AttributeTargets.All)]
            class ProtectsGatewayCallsAttribute : Attribute { }
        }
        """;

    private static string Agent(string member, string body, string typeMark = "") => $$"""
        using OpenClaw.Resilience;

        {{typeMark}}
        class Backend
        {
            {{member}}

            public void Dispose() { }
        }

        class Agent
        {
            public async Task RunAsync(Backend backend, CancellationToken token)
            {
                {{body}}
            }

            static void Main() { }
        }
        """;

    [Theory]
    [InlineData("[GatewayCall] public Task<string> AskAsync(string text) => null;", "await backend.{|OCG1001:AskAsync|}(\"\");")]
    [InlineData("[GatewayCall] public string Ask(string text) => text;", "backend.{|OCG1001:Ask|}(\"\"); await Task.Yield();")]
    [InlineData("[GatewayCall(Effect = CallEffect.None)] public ValueTask<string> AskAsync() => default;", "await backend.{|OCG1001:AskAsync|}();")]
    [InlineData("[OpenClaw.Resilience.GatewayCallAttribute] public virtual Task AskAsync() => null;", "await backend.{|OCG1001:AskAsync|}();")]
    [InlineData("[GatewayCall] public static Task AskAsync() => null;", "await Backend.{|OCG1001:AskAsync|}();")]
    public Task A_marked_method_is_a_gateway_call(string member, string body) => Verifier.ReportedAsync(Agent(member, body));

    [Theory]
    [InlineData("public Task<string> AskAsync(string text) => null;", "await backend.AskAsync(\"\");")]
    [InlineData("[Obsolete] public Task AskAsync() => null;", "await Task.Yield();")]
    [InlineData("[GatewayCall] public Task AskAsync() => null;", "await Task.Yield(); backend.Dispose();")]
    [InlineData("[GatewayCall, ProtectsGatewayCalls] public Task AskAsync() => null;", "await backend.AskAsync();")]
    [InlineData("[GatewayCall] public Task AskAsync() => null;", "await GatewayPipeline.Shared.ExecuteAsync(ct => backend.AskAsync(), token);")]
    [InlineData("[ProtectsGatewayCalls] public Task GuardAsync(Func<Task> work) => work();\n\n    [GatewayCall] public Task AskAsync() => null;", "await backend.GuardAsync(() => backend.AskAsync());")]
    public Task Without_a_mark_or_with_protection_there_is_nothing_to_say(string member, string body) => Verifier.SilentAsync(Agent(member, body));

    [Fact]
    public Task A_mark_on_the_type_covers_its_methods_but_not_their_clean_up() => Verifier.ReportedAsync(
        Agent("public Task AskAsync() => null;", "await backend.{|OCG1001:AskAsync|}(); backend.Dispose(); backend.ToString();", "[GatewayCall]"));

    [Fact]
    public Task What_goes_through_a_type_that_protects_is_protected() => Verifier.SilentAsync(
        Agent("[GatewayCall] public Task AskAsync() => null;", "await backend.AskAsync();", "[ProtectsGatewayCalls]"));

    [Fact]
    public Task Calls_inside_a_type_that_protects_are_its_own_business() => Verifier.SilentAsync(
        """
        using OpenClaw.Resilience;

        [ProtectsGatewayCalls]
        class Backend
        {
            private readonly HttpClient _http = new();

            public Task AskAsync() => _http.PostAsync("http://box:18789/v1/responses", null);

            static void Main() { }
        }
        """);

    [Fact]
    public Task The_inside_of_a_marked_method_leaves_the_place_to_its_callers() => Verifier.ReportedAsync(
        """
        using OpenClaw.Resilience;

        class Backend
        {
            private readonly HttpClient _http = new();

            [GatewayCall]
            public Task AskAsync() => _http.PostAsync("http://box:18789/v1/responses", null);

            public Task TwiceAsync() => Task.WhenAll({|OCG1001:AskAsync|}(), Task.CompletedTask);

            static void Main() { }
        }
        """);

    [Fact]
    public Task A_mark_on_an_interface_covers_what_implements_it() => Verifier.ReportedAsync(
        """
        using OpenClaw.Resilience;

        interface IBackend
        {
            [GatewayCall]
            Task AskAsync();
        }

        class Backend : IBackend
        {
            public Task AskAsync() => Task.CompletedTask;

            public static Task Direct(Backend backend) => backend.{|OCG1001:AskAsync|}();

            public static Task Abstract(IBackend backend) => backend.{|OCG1001:AskAsync|}();

            static void Main() { }
        }
        """);

    [Fact]
    public Task The_attributes_may_be_the_users_own() => Verifier.ReportedAsync(
        """
        namespace Shop
        {
            class Backend
            {
                [OpenClaw.Resilience.GatewayCall] public Task AskAsync() => Task.CompletedTask;

                [OpenClaw.Resilience.GatewayCall, OpenClaw.Resilience.ProtectsGatewayCalls] public Task SafeAsync() => Task.CompletedTask;

                public Task RunAsync() => Task.WhenAll({|OCG1001:AskAsync|}(), SafeAsync());

                static void Main() { }
            }
        }
        """.Replace("\r", "") + "\n" + OwnAttributes.Replace("class ", "internal class "));

    [Fact]
    public Task Attributes_of_the_same_name_from_elsewhere_say_nothing() => Verifier.SilentAsync(
        """
        class GatewayCallAttribute : Attribute { }

        class Backend
        {
            [GatewayCall]
            public Task AskAsync() => Task.CompletedTask;

            public Task RunAsync() => AskAsync();

            static void Main() { }
        }
        """);

    [Theory]
    [InlineData("Shop.Backend.AskAsync")]
    [InlineData("Backend.AskAsync")]
    [InlineData("Backend.*")]
    [InlineData("Other.Type.Method, Shop.Backend.AskAsync")]
    public Task Configured_methods_are_gateway_calls(string entries) => Verifier.ReportedAsync(
        Configured("{|OCG1001:AskAsync|}"), config: $"openclaw_gateway_methods = {entries}");

    [Theory]
    [InlineData("")]
    [InlineData("AskAsync")]
    [InlineData("end.AskAsync")]
    [InlineData("Backend.Ask")]
    [InlineData("Backend.askasync")]
    [InlineData("Elsewhere.Backend.AskAsync")]
    [InlineData(".")]
    public Task Entries_that_name_nothing_here_are_silent(string entries) => Verifier.SilentAsync(
        Configured("AskAsync"), config: $"openclaw_gateway_methods = {entries}");

    [Fact]
    public Task The_fix_protects_a_marked_call() => Verifier.FixedAsync(
        Agent("[GatewayCall] public Task<string> AskAsync(string text, CancellationToken token) => null;", "await backend.{|OCG1001:AskAsync|}(\"\", token);"),
        Agent(
            "[GatewayCall] public Task<string> AskAsync(string text, CancellationToken token) => null;",
            "await GatewayPipeline.Shared.ExecuteAsync(ct => backend.AskAsync(\"\", ct), token);"));

    [Fact]
    public Task A_marked_call_with_an_out_argument_cannot_be_fixed() => Verifier.NotFixableAsync(
        Agent(
            "[GatewayCall] public string Ask(out string model) => model = \"\";",
            "backend.{|OCG1001:Ask|}(out string model); Console.WriteLine(model); await Task.Yield();"));

    private static string Configured(string call) => $$"""
        namespace Shop
        {
            class Backend
            {
                public Task AskAsync() => Task.CompletedTask;
            }

            class Agent
            {
                public Task RunAsync(Backend backend) => backend.{{call}}();

                static void Main() { }
            }
        }
        """;
}
