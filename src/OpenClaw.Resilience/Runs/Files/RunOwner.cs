using System.Globalization;

namespace OpenClaw.Resilience;

/// <summary>Who holds a run, as written beside the lock for the message that a second one gets.</summary>
internal readonly record struct RunOwner(string? Name, DateTimeOffset? Since)
{
    public string Encode() => string.Create(CultureInfo.InvariantCulture, $"{Since?.UtcDateTime:O}\n{Environment.ProcessId}\n{Name}");

    /// <summary>Reads what is there, or as much of it as was written.</summary>
    public static RunOwner Decode(string? text)
    {
        if (text?.Split('\n', 3) is not [string since, string process, string name])
        {
            return default;
        }

        bool dated = DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        return new RunOwner($"'{name}' (process {process})", dated ? time : null);
    }
}
