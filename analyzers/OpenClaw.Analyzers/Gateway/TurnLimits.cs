using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"After what time is this turn given up": the shortest of the limits in sight, of the client, its handlers, the token, the wait and the pipeline.</summary>
internal sealed class TurnLimits(GatewayModel model)
{
    private static readonly TimeSpan HundredSeconds = TimeSpan.FromSeconds(100);

    private readonly TokenTimes _tokens = new(model);

    public TimeLimit? ShortestOf(GatewayCall call, CancellationToken cancellationToken)
    {
        // The parts of a stream come while the turn works: a limit between two of them is none of the turn.
        bool isStream = call.Shape is CallShape.AsyncStream or CallShape.Stream || call.Method.Name.Contains("Streaming") || CallDeadline.LeavesBodyUnread(call);
        return isStream
            ? null
            : new[]
            {
                OfClient(call, cancellationToken),
                call.Token is { } token ? _tokens.LimitOf(token.Value, cancellationToken) : null,
                OfWait(call.Syntax, cancellationToken),
                OfPipeline(call, cancellationToken),
            }.Aggregate((TimeLimit?)null, TimeLimit.Shorter);
    }

    private TimeLimit? OfClient(GatewayCall call, CancellationToken cancellationToken)
    {
        if (call.Receiver is not { } receiver)
        {
            return null;
        }

        return call.Client.Family switch
        {
            ClientFamily.HttpClient => TimeLimit.Shorter(OfHttpClient(receiver, cancellationToken), OfHandler(receiver, cancellationToken)),
            ClientFamily.OpenAI or ClientFamily.ExtensionsAI when !call.Operation.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Type.Name == "RequestOptions")
                => OfSdk(receiver, cancellationToken),
            _ => null,
        };
    }

    private TimeLimit? OfHttpClient(IOperation client, CancellationToken cancellationToken)
    {
        IOperation[] timeouts = [.. model.Clients.SettingsOf(client, "Timeout", cancellationToken)];
        if (timeouts.Length > 0)
        {
            return Longest(timeouts, "HttpClient.Timeout", cancellationToken);
        }

        // A handler may have set another time, or answer by itself.
        IReadOnlyList<ClientInstance> instances = model.Clients.InstancesOf(client, cancellationToken);
        return instances.Count > 0 && instances.All(instance => IsDefault(instance, client, cancellationToken))
            ? new TimeLimit(HundredSeconds, "HttpClient.Timeout by default", Setting: instances is [{ Creation: { } only }] ? (only, "Timeout") : null)
            : null;
    }

    private bool IsDefault(ClientInstance instance, IOperation client, CancellationToken cancellationToken)
        => (instance.Creation is { } creation ? creation.Type.HasFullName("System.Net.Http", "HttpClient") : model.Registrations.For(instance, client, cancellationToken).Any())
            && model.Clients.HasPlainTransport(instance, client, cancellationToken);

    /// <summary>The standard handler gives each attempt ten seconds unless it is told otherwise.</summary>
    private TimeLimit? OfHandler(IOperation client, CancellationToken cancellationToken)
        => model.Clients.InstancesOf(client, cancellationToken) is [var instance]
            && model.Registrations.For(instance, client, cancellationToken).ToArray() is [var registration]
            && registration.Chained.Any(IsStandardHandler)
                ? new TimeLimit(TimeSpan.FromSeconds(10), "the attempt timeout of AddStandardResilienceHandler")
                : null;

    private static bool IsStandardHandler(InvocationExpressionSyntax handler)
        => SourceIndex.NameOf(handler) == "AddStandardResilienceHandler"
            && handler.ArgumentList.Arguments.Count == 0
            && handler.Parent is ExpressionStatementSyntax;

    private TimeLimit? OfSdk(IOperation client, CancellationToken cancellationToken)
    {
        if (model.Clients.InstancesOf(client, cancellationToken) is not [{ Creation: { Type: { } type } creation } instance]
            || !(type.IsWithin("OpenAI") || type.BaseType.IsWithin("OpenAI")))
        {
            return null;
        }

        IObjectCreationOperation[] options = [.. model.Clients.OptionObjectsOf(instance, cancellationToken)];
        IOperation[] timeouts = [.. model.Clients.OptionsOf(instance, "NetworkTimeout", cancellationToken)];
        return timeouts.Length > 0 ? Longest(timeouts, "NetworkTimeout", cancellationToken)
            : options.Length > 0 || ClientProvenance.OptionsArgument(creation) is null
                ? new TimeLimit(HundredSeconds, "NetworkTimeout by default", Setting: options is [var only] ? (only, "NetworkTimeout") : null)
                : null;
    }

    private TimeLimit? Longest(IOperation[] times, string source, CancellationToken cancellationToken)
    {
        TimeLimit? longest = null;
        foreach (IOperation time in times)
        {
            if (DurationFacts.LongestOf(time, model, cancellationToken) is not { } value)
            {
                return null;
            }

            longest = longest is null || value > longest.Time ? new TimeLimit(value, source, time) : longest;
        }

        return longest;
    }

    /// <summary><c>call.WaitAsync(time)</c>.</summary>
    private TimeLimit? OfWait(ExpressionSyntax task, CancellationToken cancellationToken)
    {
        while (task.Parent is ParenthesizedExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" or "AsTask" } or InvocationExpressionSyntax)
        {
            task = (ExpressionSyntax)task.Parent;
        }

        return task.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WaitAsync", Parent: InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: var time }, ..] } }
            && model.OperationAt(time, cancellationToken) is { } value
            && value.Type.HasFullName("System", "TimeSpan")
            && DurationFacts.LongestOf(value, model, cancellationToken) is { } limit
                ? new TimeLimit(limit, "WaitAsync", value)
                : null;
    }

    /// <summary>The time-outs of a Polly pipeline that end the call through its token.</summary>
    private TimeLimit? OfPipeline(GatewayCall call, CancellationToken cancellationToken)
        => call.Token is { } token
            && Execution.Around(call.Syntax, model, cancellationToken) is { } execution
            && execution.MayCancel(token.Value, model, cancellationToken)
            && ResiliencePipelines.ReceiverOf(execution.Call) is { } pipeline
            && model.Pipelines.StrategiesOf(pipeline, cancellationToken) is { } strategies
                ? strategies.Where(strategy => strategy.Kind == StrategyKind.Timeout)
                    .Select(strategy => OfStrategy(strategy, cancellationToken))
                    .Aggregate((TimeLimit?)null, TimeLimit.Shorter)
                : null;

    private TimeLimit? OfStrategy(PipelineStrategy strategy, CancellationToken cancellationToken)
    {
        IOperation? given = strategy.Added.Arguments.FirstOrDefault(argument => argument.Parameter?.Type is { } type
            && (type.HasFullName("System", "TimeSpan") || type.SpecialType == SpecialType.System_Int32 || type.Name == "TimeoutStrategyOptions"))?.Value;
        if (given?.Type?.Name == "TimeoutStrategyOptions")
        {
            given = model.Values.OriginsOf(given, call: null, cancellationToken) is [{ Operation: IObjectCreationOperation options }]
                && new ObjectSetup(model).ValuesOf(options, "Timeout", cancellationToken).ToArray() is [var only] ? only : null;
        }

        // Version 7 counts seconds where it is given a number.
        TimeSpan? time = given is null ? null
            : given.Type?.SpecialType == SpecialType.System_Int32 ? given.ConstantValue is { HasValue: true, Value: int seconds } ? TimeSpan.FromSeconds(seconds) : null
            : DurationFacts.LongestOf(given, model, cancellationToken);
        return time is { } limit ? new TimeLimit(limit, "the pipeline's timeout", given) : null;
    }
}
