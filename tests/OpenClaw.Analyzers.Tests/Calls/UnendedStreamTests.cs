using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ReadEvents>;

namespace OpenClaw.Analyzers.Tests.Calls;

public sealed class UnendedStreamTests
{
    private const string Plain = """
        using var reader = new StreamReader(stream);
        while (await reader.{|OCG1008:ReadLineAsync|}(cancellationToken) is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
            {
                continue;
            }

            var data = line.Substring(6);

            // one part of the answer
            answer.Append(JsonDocument.Parse(data).RootElement.GetProperty("delta").GetString());
        }
        """;

    private const string Read = """
        await foreach (var item in GatewayStream.ReadEventsAsync(stream, cancellationToken))
        {
            var data = item.Data;

            // one part of the answer
            answer.Append(JsonDocument.Parse(data).RootElement.GetProperty("delta").GetString());
        }
        """;

    [Fact]
    public Task A_loop_that_knows_no_end_is_reported() => Verifier.ReportedAsync(InMethod(Plain));

    [Fact]
    public Task A_loop_in_a_method_that_is_given_the_stream_is_reported_at_the_call() => Verifier.NotFixableAsync(InMethod(
        "await ReadAsync(stream);",
        """
        private static async Task ReadAsync(Stream source)
        {
            using var reader = new StreamReader(source);
            string line;
            while ((line = await reader.ReadLineAsync()) != null)
            {
                if (line.StartsWith("data:"))
                {
                    JsonDocument.Parse(line[5..]);
                }
            }
        }
        """,
        call: "{|OCG1008:SendAsync|}"));

    [Fact]
    public Task A_loop_whose_helper_reads_the_parts_is_reported() => Verifier.ReportedAsync(InMethod(
        Plain.Replace("JsonDocument.Parse(data).RootElement.GetProperty(\"delta\").GetString()", "Text(data)", StringComparison.Ordinal),
        "private static string? Text(string json) => JsonDocument.Parse(json).RootElement.GetProperty(\"delta\").GetString();"));

    [Theory]
    [InlineData("JsonDocument.Parse(json).RootElement.GetProperty(\"finishReason\").GetString()")]
    [InlineData("json.Trim()")]
    public Task A_loop_whose_helper_knows_an_end_or_parses_nothing_is_silent(string body) => Verifier.SilentAsync(InMethod(
        Plain.Replace("{|OCG1008:ReadLineAsync|}", "ReadLineAsync", StringComparison.Ordinal)
            .Replace("JsonDocument.Parse(data).RootElement.GetProperty(\"delta\").GetString()", "Text(data)", StringComparison.Ordinal),
        $"private static string? Text(string json) => {body};"));

    [Theory]
    [InlineData("if (data == \"[DONE]\") break;")]
    [InlineData("if (data.Contains(\"message_stop\")) ended = true;")]
    [InlineData("if (JsonDocument.Parse(data).RootElement.GetProperty(\"type\").GetString() == \"response.completed\") ended = true;")]
    [InlineData("if (JsonDocument.Parse(data).RootElement.TryGetProperty(\"finish_reason\", out _)) ended = true;")]
    [InlineData("if (Events.IsLast(data)) break;")]
    public Task A_loop_that_knows_an_end_is_silent(string end) => Verifier.SilentAsync(InMethod(
        Plain.Replace("{|OCG1008:ReadLineAsync|}", "ReadLineAsync", StringComparison.Ordinal).Replace("// one part of the answer", end, StringComparison.Ordinal)));

    [Theory]
    [InlineData("JsonDocument.Parse(data).RootElement.GetProperty(\"delta\").GetString()", "data")]
    [InlineData("StartsWith(\"data: \", StringComparison.Ordinal)", "StartsWith(\"{\", StringComparison.Ordinal)")]
    public Task A_loop_that_hands_lines_on_or_reads_no_events_is_silent(string old, string other) => Verifier.SilentAsync(InMethod(
        Plain.Replace("{|OCG1008:ReadLineAsync|}", "ReadLineAsync", StringComparison.Ordinal).Replace(old, other, StringComparison.Ordinal)));

    [Fact]
    public Task A_file_is_no_answer() => Verifier.SilentAsync(InMethod(
        "using var file = File.OpenRead(\"events\");\n"
        + Plain.Replace("{|OCG1008:ReadLineAsync|}", "ReadLineAsync", StringComparison.Ordinal).Replace("StreamReader(stream)", "StreamReader(file)", StringComparison.Ordinal)));

    [Fact]
    public Task Our_client_watches_the_end() => Verifier.SilentAsync(
        InMethod(Plain.Replace("{|OCG1008:ReadLineAsync|}", "ReadLineAsync", StringComparison.Ordinal))
            .Replace("new HttpClient()", "OpenClaw.Resilience.GatewayHttp.Shared", StringComparison.Ordinal));

    [Fact]
    public Task The_runtime_reads_the_events() => Verifier.FixedAsync(InMethod(Plain), InMethod(Read, fixedCode: true));

    [Theory]
    [InlineData(
        "string line;\nusing var reader = new StreamReader(stream, Encoding.UTF8);\nwhile ((line = await reader.{|OCG1008:ReadLineAsync|}(cancellationToken)) != null)\n{\n    if (string.IsNullOrEmpty(line) || !line.StartsWith(\"data:\")) continue;\n    string data = line[5..].Trim();\n    answer.Append(JsonDocument.Parse(data));\n}",
        "await foreach (var item in GatewayStream.ReadEventsAsync(stream, cancellationToken))\n{\n    string data = item.Data;\n    answer.Append(JsonDocument.Parse(data));\n}")]
    [InlineData(
        "using var reader = new StreamReader(stream);\nwhile (!reader.EndOfStream)\n{\n    var line = await reader.{|OCG1008:ReadLineAsync|}().ConfigureAwait(false);\n    if (string.IsNullOrWhiteSpace(line)) continue;\n    if (!line.StartsWith(\"data: \")) continue;\n    var data = line.Substring(\"data: \".Length);\n    answer.Append(JsonDocument.Parse(data));\n}",
        "await foreach (var item in GatewayStream.ReadEventsAsync(stream, cancellationToken).ConfigureAwait(false))\n{\n    var data = item.Data;\n    answer.Append(JsonDocument.Parse(data));\n}")]
    [InlineData(
        "using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());\nwhile (true)\n{\n    var line = await reader.{|OCG1008:ReadLineAsync|}();\n    if (line is null) break;\n    if (!line.StartsWith(\"data: \")) continue;\n    var data = line[6..];\n    answer.Append(JsonDocument.Parse(data));\n}",
        "using var stream2 = await response.Content.ReadAsStreamAsync();\nawait foreach (var item in GatewayStream.ReadEventsAsync(stream2, cancellationToken))\n{\n    var data = item.Data;\n    answer.Append(JsonDocument.Parse(data));\n}")]
    public Task Every_plain_loop_is_fixed(string loop, string expected) => Verifier.FixedAsync(InMethod(loop), InMethod(expected, fixedCode: true));

    [Fact]
    public Task All_are_fixed_at_once() => Verifier.FixedInAllAsync(
        [InMethod(Plain), InMethod(Plain, type: "Other")],
        [InMethod(Read, fixedCode: true), InMethod(Read, type: "Other", fixedCode: true)]);

    [Theory]
    [InlineData("if (!line.StartsWith(\"data: \", StringComparison.Ordinal))", "if (line.StartsWith(\"event: \")) Console.WriteLine(line);\n    if (!line.StartsWith(\"data: \", StringComparison.Ordinal))")]
    [InlineData("var data = line.Substring(6);", "var data = line.Substring(6);\n    Console.WriteLine(line);")]
    [InlineData("var data = line.Substring(6);", "var data = line.Replace(\"data: \", \"\");")]
    [InlineData("        continue;", "        // not ours\n        continue;")]
    [InlineData("using var reader = new StreamReader(stream);", "using var reader = new StreamReader(stream);\nConsole.WriteLine(await reader.ReadLineAsync());")]
    [InlineData("using var reader", "var reader")]
    public Task Another_loop_is_not_fixable(string old, string other)
        => Verifier.NotFixableAsync(InMethod(Plain.Replace(old, other, StringComparison.Ordinal)));

    [Fact]
    public Task Without_asynchronous_loops_there_is_no_fix() => Verifier.NotFixableAsync(
        "using System;\nusing System.IO;\nusing System.Net.Http;\nusing System.Text;\nusing System.Threading;\nusing System.Threading.Tasks;\n"
        + InMethod(Plain).Replace("using var response = await", "var response = await", StringComparison.Ordinal)
            .Replace("using var stream", "var stream", StringComparison.Ordinal)
            .Replace("using var reader", "var reader", StringComparison.Ordinal)
            .Replace("is { } line", "is string line", StringComparison.Ordinal),
        LanguageVersion.CSharp7_3);

    private static string InMethod(string statements, string members = "", string call = "SendAsync", bool fixedCode = false, string type = "Agent") => $$"""
        #pragma warning disable OCG1001, OCG1002 // judged by other tests
        using System.Text.Json;{{(fixedCode ? "\nusing OpenClaw.Resilience;" : "")}}

        class {{type}}
        {
            private readonly HttpClient _http = new HttpClient();

            public async Task<string> RunAsync(HttpRequestMessage template, CancellationToken cancellationToken)
            {
                var ended = false;
                var answer = new StringBuilder();
                var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:18789/v1/responses");
                using var response = await _http.{{call}}(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                response.EnsureSuccessStatusCode();
                using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        {{TimeoutCode.Indented(statements, 8)}}
                return ended ? answer.ToString() : "";
            }
        {{(members.Length == 0 ? "" : "\n" + TimeoutCode.Indented(members, 4) + "\n")}}
        {{(type == "Agent" ? "    static void Main() { }" : "")}}
        }
        {{(type == "Agent" ? "static class Events { public static bool IsLast(string data) => data == \"[DONE]\"; }" : "")}}
        """;
}
