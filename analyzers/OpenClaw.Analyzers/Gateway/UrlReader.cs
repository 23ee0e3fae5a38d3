using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Reads what the sources tell of a URL: strings, interpolations, <c>Uri</c> constructions and the names of settings.</summary>
internal sealed class UrlReader(GatewayModel model)
{
    private const int MaxDepth = 12;

    // Their result is their receiver, give or take a slash.
    private static readonly HashSet<string> TextPreserving = new(StringComparer.Ordinal)
    {
        "Trim", "TrimEnd", "TrimStart", "ToString", "ToLowerInvariant", "Replace",
    };

    private readonly ObjectSetup _setup = new(model);

    /// <summary>The possible texts of a URL; holes where the sources do not tell. Alternatives come from <c>??</c>, <c>?:</c> and several assignments.</summary>
    public IEnumerable<UrlCandidate> Read(IOperation url, IInvocationOperation? call, CancellationToken cancellationToken)
    {
        foreach (Origin origin in model.Values.OriginsOf(url, call, cancellationToken))
        {
            var candidate = new Candidate();
            Append(origin, candidate, depth: 0, cancellationToken);
            yield return new UrlCandidate(candidate.Text.ToString(), candidate.NamesGateway, origin.Operation.Syntax.GetLocation());
        }
    }

    private void Append(Origin origin, Candidate candidate, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth)
        {
            candidate.Text.Append(UrlText.Hole);
            return;
        }

        switch (origin.Operation)
        {
            case { ConstantValue: { HasValue: true, Value: { } constant } }:
                candidate.Text.Append(constant);
                break;
            case IInterpolatedStringOperation interpolated:
                foreach (IInterpolatedStringContentOperation part in interpolated.Parts)
                {
                    Follow(part is IInterpolationOperation hole ? hole.Expression : ((IInterpolatedStringTextOperation)part).Text);
                }

                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum:
                Follow(sum.LeftOperand);
                Follow(sum.RightOperand);
                break;
            case IObjectCreationOperation creation when creation.Type.HasFullName("System", "Uri"):
                AppendUri(creation);
                break;
            case IObjectCreationOperation creation when creation.Type.HasFullName("System", "UriBuilder"):
                AppendBuilder(creation);
                break;
            case IPropertyReferenceOperation { Property: { Name: "Uri" or "AbsoluteUri" or "OriginalString", ContainingType.Name: "UriBuilder" or "Uri" }, Instance: { } uri }:
                Follow(uri);
                break;
            case IInvocationOperation { Instance: { } text, TargetMethod: { Name: var name, ContainingType: var type } }
                when (type.SpecialType == SpecialType.System_String && TextPreserving.Contains(name)) || (name == "ToString" && type.Name is "Uri" or "UriBuilder"):
                Follow(text);
                break;
            default:
                candidate.NamesGateway |= SettingNames.NameGateway(origin.Operation);
                candidate.Text.Append(UrlText.Hole);
                break;
        }

        void Follow(IOperation part)
        {
            // Of alternatives inside a part, a constant tells most: "setting ?? default" is read as the default, and the setting's name still counts.
            IReadOnlyList<Origin> ends = model.Values.OriginsOf(part, origin.Call, cancellationToken);
            candidate.NamesGateway |= ends.Any(end => SettingNames.NameGateway(end.Operation));
            Origin best = ends.OrderBy(end => end.Operation.ConstantValue.HasValue ? 0 : 1).DefaultIfEmpty(new Origin(part, origin.Call)).First();
            Append(best, candidate, depth + 1, cancellationToken);
        }

        void AppendUri(IObjectCreationOperation creation)
        {
            // new Uri(text, …) or new Uri(base, relative): a relative part that starts with a slash replaces the path of the base.
            foreach (IArgumentOperation argument in creation.Arguments)
            {
                if (argument.Parameter?.Type is { SpecialType: SpecialType.System_String } or { Name: "Uri" })
                {
                    if (candidate.Text.Length > 0 && candidate.Text[candidate.Text.Length - 1] != '/')
                    {
                        candidate.Text.Append('/');
                    }

                    Follow(argument.Value);
                }
            }
        }

        // new UriBuilder(uri) or (scheme, host, port, path), and what is set on it afterwards.
        void AppendBuilder(IObjectCreationOperation creation)
        {
            string? Argument(string name)
                => creation.Arguments.FirstOrDefault(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Name == name) is { } given
                    ? TextOf(given.Value)
                    : null;
            string? Later(string property) => _setup.ValuesOf(creation, property, cancellationToken).LastOrDefault() is { } value ? TextOf(value) : null;
            candidate.Text.Append(UrlText.WithParts(
                Argument("uri") ?? "http://",
                Later("Host") ?? Argument("host") ?? Argument("hostName"),
                Later("Port") ?? Argument("port") ?? Argument("portNumber"),
                Later("Path") ?? Argument("path") ?? Argument("pathValue")));
        }

        string TextOf(IOperation part)
        {
            int start = candidate.Text.Length;
            Follow(part);
            string text = candidate.Text.ToString(start, candidate.Text.Length - start);
            candidate.Text.Length = start;
            return text;
        }
    }

    private sealed class Candidate
    {
        public StringBuilder Text { get; } = new();

        public bool NamesGateway { get; set; }
    }
}

/// <summary>One possible text of a URL.</summary>
/// <param name="Text">The text with holes, see <see cref="UrlText.Hole"/>.</param>
/// <param name="NamesGateway">Whether a setting on the way is named after OpenClaw.</param>
/// <param name="Location">The expression it was read from.</param>
internal readonly record struct UrlCandidate(string Text, bool NamesGateway, Location Location);
