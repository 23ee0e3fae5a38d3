using System.Globalization;

namespace OpenClaw.Resilience.CrashBench;

/// <summary>What this process has asked the system to write, by <c>/proc/self/io</c>.</summary>
internal readonly record struct ProcessIo(long Calls, long Bytes)
{
    public static ProcessIo Now()
    {
        Dictionary<string, long> counts = File.ReadLines("/proc/self/io").Select(line => line.Split(": "))
            .ToDictionary(parts => parts[0], parts => long.Parse(parts[1], CultureInfo.InvariantCulture));
        return new ProcessIo(counts["syscw"], counts["wchar"]);
    }

    public static ProcessIo operator -(ProcessIo later, ProcessIo earlier) => new(later.Calls - earlier.Calls, later.Bytes - earlier.Bytes);
}
