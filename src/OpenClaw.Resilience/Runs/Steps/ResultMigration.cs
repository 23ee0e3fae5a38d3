using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Resilience;

/// <summary>Brings stored results to the program's schema version, one version after the other.</summary>
internal sealed class ResultMigration(int current, IReadOnlyDictionary<int, StepMigrator> migrators)
{
    /// <summary>Refuses, before anything runs, what could not be read later.</summary>
    /// <exception cref="CheckpointVersionException">A newer program wrote the record, or a migrator is missing.</exception>
    public void Require(RunId runId, StepRecord record)
    {
        if (record.SchemaVersion > current)
        {
            throw new CheckpointVersionException(
                $"Run '{runId}' was written by a newer version of the program: its records have schema version {record.SchemaVersion}, "
                + $"this program has {current}. Resume it with the newer one.",
                record.SchemaVersion,
                current);
        }

        for (int version = record.SchemaVersion; record.Kind == StepRecordKind.StepCompleted && version < current; version++)
        {
            if (!migrators.ContainsKey(version))
            {
                throw new CheckpointVersionException(
                    $"Run '{runId}' has a result of schema version {record.SchemaVersion} (step '{record.Step}'), "
                    + $"and there is no migrator from {version} to {version + 1}. "
                    + $"Add it to {nameof(AgentRunOptions)}.{nameof(AgentRunOptions.Migrators)}.",
                    record.SchemaVersion,
                    current);
            }
        }
    }

    /// <summary>The result as this program would have stored it.</summary>
    public ReadOnlyMemory<byte> Apply(StepRecord record)
    {
        // A step without a result has nothing to migrate.
        if (record.SchemaVersion == current || record.Payload.IsEmpty)
        {
            return record.Payload;
        }

        JsonNode? node = JsonNode.Parse(record.Payload.Span);
        for (int version = record.SchemaVersion; version < current; version++)
        {
            node = migrators[version](record.Step, node);
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            if (node is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                node.WriteTo(writer);
            }
        }

        return stream.ToArray();
    }
}
