namespace OpenClaw.Resilience;

/// <summary>Tells from an exception whether a step's work may have been done nevertheless.</summary>
internal static class StepFailure
{
    /// <summary>
    /// True for cancellation, time-outs, connections that were lost after they were made, and answers that can come after the work was done. Not for a
    /// refusal (the receiver has told the program how the step ended), nor for an exception that is no failure of a call: then the step's own code has come to an end.
    /// </summary>
    public static bool MayHaveRun(Exception exception)
        => exception is AggregateException several
            ? several.InnerExceptions.Any(MayHaveRun)
            : !IsMissingFile(exception) && GatewayFailure.Find(exception) is { MayHaveRun: true, StatusCode: null or 408 or >= 500 };

    /// <summary>An <see cref="IOException"/> of a file that isn't there is no lost connection.</summary>
    private static bool IsMissingFile(Exception exception) => exception is FileNotFoundException or DirectoryNotFoundException or PathTooLongException;
}
