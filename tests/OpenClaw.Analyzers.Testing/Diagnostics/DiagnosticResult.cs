using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.Testing;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A diagnostic that a test expects. Lines and columns count from 1, as in compiler output.</summary>
public readonly struct DiagnosticResult
{
    /// <summary>No expectation.</summary>
    public static readonly DiagnosticResult[] EmptyDiagnosticResults = [];

    /// <summary>Expects a diagnostic by its id; its message is not compared.</summary>
    public DiagnosticResult(string id, DiagnosticSeverity severity)
    {
        Id = id;
        Severity = severity;
    }

    /// <summary>Expects a diagnostic with the id, the default severity and the message of a descriptor.</summary>
    public DiagnosticResult(DiagnosticDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        Id = descriptor.Id;
        Severity = descriptor.DefaultSeverity;
        MessageFormat = descriptor.MessageFormat;
    }

    /// <summary>Where it is expected: first the primary, then the additional locations. Empty when it has no location.</summary>
    public ImmutableArray<DiagnosticLocation> Spans { get => field.IsDefault ? [] : field; private init; }

    /// <summary>The expected severity, unless <see cref="DiagnosticOptions.IgnoreSeverity"/> is set.</summary>
    public DiagnosticSeverity Severity { get; private init; }

    /// <summary>What is not compared. The default compares all.</summary>
    public DiagnosticOptions Options { get; private init; }

    /// <summary>The expected id.</summary>
    public string Id { get; private init; }

    /// <summary>
    /// The expected message, from <see cref="WithMessage"/> or else from <see cref="MessageFormat"/> and
    /// <see cref="MessageArguments"/>; <see langword="null"/> when the message is not compared.
    /// </summary>
    public string? Message => IgnoresMessage ? null : ExplicitMessage ?? FormatMessage();

    /// <summary>The message of the descriptor, with its placeholders.</summary>
    public LocalizableString? MessageFormat { get; private init; }

    /// <summary>What fills the placeholders. Compared with the diagnostic's own arguments when there is no message to compare.</summary>
    public object?[]? MessageArguments { get; private init; }

    /// <summary>Whether it is expected to have a location.</summary>
    public bool HasLocation => !Spans.IsEmpty;

    /// <summary>Whether it is expected to be suppressed; <see langword="null"/> when that is not compared.</summary>
    public bool? IsSuppressed { get; private init; }

    private string? ExplicitMessage { get; init; }

    private bool IgnoresMessage { get; init; }

    /// <summary>Expects an error of the compiler.</summary>
    public static DiagnosticResult CompilerError(string identifier) => new(identifier, DiagnosticSeverity.Error);

    /// <summary>Expects a warning of the compiler.</summary>
    public static DiagnosticResult CompilerWarning(string identifier) => new(identifier, DiagnosticSeverity.Warning);

    /// <summary>Expects another severity.</summary>
    public DiagnosticResult WithSeverity(DiagnosticSeverity severity) => this with { Severity = severity };

    /// <summary>Sets what is not compared.</summary>
    public DiagnosticResult WithOptions(DiagnosticOptions options) => this with { Options = options };

    /// <summary>Expects the placeholders of the message to be filled like this.</summary>
    public DiagnosticResult WithArguments(params object[] arguments) => this with { MessageArguments = arguments };

    /// <summary>Expects this message; with <see langword="null"/>, any message.</summary>
    public DiagnosticResult WithMessage(string? message) => this with { ExplicitMessage = message, IgnoresMessage = message is null };

    /// <summary>Expects a message of this format.</summary>
    public DiagnosticResult WithMessageFormat(LocalizableString messageFormat) => this with { MessageFormat = messageFormat };

    /// <summary>Expects it to be suppressed or not; with <see langword="null"/>, either.</summary>
    public DiagnosticResult WithIsSuppressed(bool? isSuppressed) => this with { IsSuppressed = isSuppressed };

    /// <summary>Expects it to have no location: forgets all locations stated before.</summary>
    public DiagnosticResult WithNoLocation() => this with { Spans = [] };

    /// <summary>Adds a location in the first source file, of any length.</summary>
    public DiagnosticResult WithLocation(int line, int column) => WithLocation(string.Empty, line, column);

    /// <summary>Adds a location in the first source file, of any length. The position counts from 0.</summary>
    public DiagnosticResult WithLocation(LinePosition location) => WithLocation(string.Empty, location);

    /// <summary>Adds a location of any length.</summary>
    public DiagnosticResult WithLocation(string path, int line, int column) => WithLocation(path, new LinePosition(line - 1, column - 1));

    /// <summary>Adds a location of any length. The position counts from 0.</summary>
    public DiagnosticResult WithLocation(string path, LinePosition location)
        => WithLocation(path, location, DiagnosticLocationOptions.None);

    /// <summary>Adds a location of any length. The position counts from 0.</summary>
    public DiagnosticResult WithLocation(string path, LinePosition location, DiagnosticLocationOptions options)
        => WithSpan(new FileLinePositionSpan(path, location, location), options | DiagnosticLocationOptions.IgnoreLength);

    /// <summary>Adds the location that the markup marks as <c>{|#markupKey:…|}</c>.</summary>
    public DiagnosticResult WithLocation(int markupKey) => WithLocation(markupKey, DiagnosticLocationOptions.None);

    /// <summary>Adds the location that the markup marks as <c>{|#markupKey:…|}</c>.</summary>
    public DiagnosticResult WithLocation(int markupKey, DiagnosticLocationOptions options)
    {
        var key = new LinePosition(0, markupKey);
        return WithSpan(new FileLinePositionSpan(string.Empty, key, key), options | DiagnosticLocationOptions.InterpretAsMarkupKey);
    }

    /// <summary>Adds a location in the first source file. The end is the position after the last character.</summary>
    public DiagnosticResult WithSpan(int startLine, int startColumn, int endLine, int endColumn)
        => WithSpan(string.Empty, startLine, startColumn, endLine, endColumn);

    /// <summary>Adds a location. The end is the position after the last character.</summary>
    public DiagnosticResult WithSpan(string path, int startLine, int startColumn, int endLine, int endColumn)
    {
        var start = new LinePosition(startLine - 1, startColumn - 1);
        var end = new LinePosition(endLine - 1, endColumn - 1);
        return WithSpan(new FileLinePositionSpan(path, start, end));
    }

    /// <summary>Adds a location.</summary>
    public DiagnosticResult WithSpan(FileLinePositionSpan span) => WithSpan(span, DiagnosticLocationOptions.None);

    /// <summary>Adds a location.</summary>
    public DiagnosticResult WithSpan(FileLinePositionSpan span, DiagnosticLocationOptions options)
        => this with { Spans = Spans.Add(new DiagnosticLocation(span, options)) };

    /// <summary>Gives the locations without a file the file <paramref name="path"/>.</summary>
    public DiagnosticResult WithDefaultPath(string path)
        => WithEachSpan(location =>
            location.Span.Path.Length > 0 || location.Options.HasFlag(DiagnosticLocationOptions.InterpretAsMarkupKey)
                ? location
                : new DiagnosticLocation(new FileLinePositionSpan(path, location.Span.Span), location.Options));

    /// <summary>Moves all locations down by <paramref name="offset"/> lines.</summary>
    public DiagnosticResult WithLineOffset(int offset)
        => WithEachSpan(location => new DiagnosticLocation(
            new FileLinePositionSpan(
                location.Span.Path,
                Down(location.Span.StartLinePosition, offset),
                Down(location.Span.EndLinePosition, offset)),
            location.Options));

    /// <inheritdoc/>
    public override string ToString()
        => $"{(HasLocation ? DiagnosticText.Describe(Spans[0]) + ": " : string.Empty)}{DiagnosticText.Describe(Severity)} {Id}"
            + (Message is { } message ? ": " + message : string.Empty);

    /// <summary>Puts the spans of the markup where the expectation names their keys.</summary>
    /// <exception cref="InvalidOperationException">The markup has no span with such a key.</exception>
    internal DiagnosticResult WithMarkupLocations(IReadOnlyDictionary<string, FileLinePositionSpan> locations)
        => WithEachSpan(location =>
        {
            if (!location.Options.HasFlag(DiagnosticLocationOptions.InterpretAsMarkupKey))
            {
                return location;
            }

            string key = "#" + location.Span.StartLinePosition.Character.ToString(CultureInfo.InvariantCulture);
            return locations.TryGetValue(key, out FileLinePositionSpan span)
                ? new DiagnosticLocation(span, location.Options & ~DiagnosticLocationOptions.InterpretAsMarkupKey)
                : throw new InvalidOperationException($"A diagnostic is expected at '{key}', but the markup has no such span.");
        });

    private static LinePosition Down(LinePosition position, int lines) => new(position.Line + lines, position.Character);

    private DiagnosticResult WithEachSpan(Func<DiagnosticLocation, DiagnosticLocation> change)
        => this with { Spans = [.. Spans.Select(change)] };

    private string? FormatMessage()
    {
        string? format = MessageFormat?.ToString(CultureInfo.InvariantCulture);
        if (format is null || MessageArguments is not { Length: > 0 } arguments)
        {
            return format;
        }

        try
        {
            return string.Format(CultureInfo.InvariantCulture, format, arguments);
        }
        catch (FormatException)
        {
            // Fewer arguments than placeholders: the comparison with the real message then shows it.
            return format;
        }
    }
}
