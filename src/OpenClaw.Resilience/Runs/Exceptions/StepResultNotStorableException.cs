namespace OpenClaw.Resilience;

/// <summary>A step's result would not come back from the store as it is, so it was not acknowledged.</summary>
public sealed class StepResultNotStorableException : CheckpointException
{
    internal StepResultNotStorableException(string step, ResultProblem problem, bool stepHasRun)
        : base($"The result of step '{step}' can't be stored: {problem.Description} {Consequence(stepHasRun)}", problem.Cause)
    {
        Step = step;
        ResultType = problem.Type;
        Member = problem.Member;
        StepHasRun = stepHasRun;
    }

    /// <summary>The key of the step.</summary>
    public string Step { get; }

    /// <summary>The type that doesn't survive: the result's own or one inside it.</summary>
    public Type ResultType { get; }

    /// <summary>Where in the result, as a path such as <c>$.Items[2].Name</c>; <c>$</c> is the result itself.</summary>
    public string Member { get; }

    /// <summary>Whether the step's work has been done. When not, the type alone told.</summary>
    public bool StepHasRun { get; }

    private static string Consequence(bool stepHasRun) => stepHasRun
        ? "The step has run and its result is lost; a resumed run finds it in doubt. "
            + "Return a string or a record with public properties from the step."
        : "The step has not run. Return a string or a record with public properties from the step.";
}
