namespace OpenClaw.Resilience.Chaos;

/// <summary>The planted bugs that change how a call ends.</summary>
internal static class Sabotage
{
    public static async Task ApplyAsync(Plant plant, CallRecord call, Func<Task> make, Func<Task> refuse)
    {
        try
        {
            await (plant switch
            {
                Plant.RefuseIdly => refuse(),
                Plant.ForgetBudget when call.Shape != Shape.Inner => OutOfFlow(make),
                _ => make(),
            });
            if (plant == Plant.ChargeIdly)
            {
                RetryBudget.Current?.TryTake();
            }
        }
        catch (GatewaySocketClosedException) when (plant == Plant.ResendToAnyLife && call is { Shape: Shape.Socket, Effect: CallEffect.Keyed })
        {
            await make();
        }
        catch (Exception) when (plant == Plant.ReplayUnsafely && call.Attempts.Count == 1)
        {
            await make();
        }
        catch (OperationCanceledException exception) when (plant == Plant.ForgetCaller && call.Caller.IsCancellationRequested)
        {
            var forgetful = new OperationCanceledException(exception.Message);
            GatewayFailure.Classify(exception).AttachTo(forgetful);
            throw forgetful;
        }
        catch (Exception exception) when (plant == Plant.HideFailure)
        {
            throw new InvalidOperationException("wrapped", exception);
        }
        catch (Exception exception) when (plant == Plant.DenyRun && GatewayFailure.TryGet(exception, out GatewayFailure? failure))
        {
            failure.With(mayHaveRun: false).AttachTo(exception);
            throw;
        }
    }

    /// <summary>Without what is ambient here.</summary>
    public static Task OutOfFlow(Func<Task> make)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(make);
        }
    }
}
