using System.Text.Json.Nodes;

namespace OpenClaw.Resilience;

/// <summary>Turns a result stored by an older version of the program into one of the next version.</summary>
/// <param name="step">The key of the step, such as <c>act#2</c>.</param>
/// <param name="result">The result as it was stored.</param>
/// <returns>The result as the next version would have stored it.</returns>
public delegate JsonNode? StepMigrator(string step, JsonNode? result);
