using Microsoft.Extensions.Options;

namespace OpenClaw.Resilience;

/// <summary>Lets the host find a wrong option at start. The rules are those of the pipeline.</summary>
internal sealed class GatewayOptionsValidation(string gateway) : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        if (name != gateway)
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            options.Validate();
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException exception)
        {
            return ValidateOptionsResult.Fail($"Gateway '{gateway}': {exception.Message}");
        }
    }
}
