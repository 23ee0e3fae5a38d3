using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// The verifier that needs no test framework: a claim that does not hold throws <see cref="InvalidOperationException"/>.
/// </summary>
public class DefaultVerifier : IVerifier
{
    /// <summary>Makes a verifier without context.</summary>
    public DefaultVerifier()
        : this(ImmutableStack<string>.Empty)
    {
    }

    /// <summary>Makes a verifier that checks inside the given steps.</summary>
    /// <param name="context">The names of the steps, the innermost on top.</param>
    protected DefaultVerifier(ImmutableStack<string> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Context = context;
    }

    /// <summary>The names of the steps that are being checked, the innermost on top.</summary>
    protected ImmutableStack<string> Context { get; }

    /// <inheritdoc/>
    public virtual void Empty<T>(string collectionName, IEnumerable<T> collection)
    {
        if (collection?.Any() == true)
        {
            Throw($"'{collectionName}' should be empty.");
        }
    }

    /// <inheritdoc/>
    public virtual void NotEmpty<T>(string collectionName, IEnumerable<T> collection)
    {
        if (collection?.Any() == false)
        {
            Throw($"'{collectionName}' should not be empty.");
        }
    }

    /// <inheritdoc/>
    public virtual void Equal<T>(T expected, T actual, string? message = null)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            Throw(message ?? $"Expected '{expected}', was '{actual}'.");
        }
    }

    /// <inheritdoc/>
    public virtual void SequenceEqual<T>(
        IEnumerable<T> expected, IEnumerable<T> actual, IEqualityComparer<T>? equalityComparer = null, string? message = null)
    {
        if (!ReferenceEquals(expected, actual) && (expected is null || actual is null || !expected.SequenceEqual(actual, equalityComparer)))
        {
            Throw(message ?? $"Expected [{Join(expected)}], was [{Join(actual)}].");
        }
    }

    /// <inheritdoc/>
    public virtual void True([DoesNotReturnIf(false)] bool assert, string? message = null)
    {
        if (!assert)
        {
            Throw(message ?? "A condition does not hold.");
        }
    }

    /// <inheritdoc/>
    public virtual void False([DoesNotReturnIf(true)] bool assert, string? message = null)
    {
        if (assert)
        {
            Throw(message ?? "A condition holds that should not.");
        }
    }

    /// <inheritdoc/>
    [DoesNotReturn]
    public virtual void Fail(string? message = null) => Throw(message ?? "The test failed and gave no reason.");

    /// <inheritdoc/>
    public virtual void LanguageIsSupported(string language)
    {
        if (language is not (LanguageNames.CSharp or LanguageNames.VisualBasic))
        {
            Throw($"The language '{language}' is not supported.");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A derived class inherits this method: its context would be lost.</exception>
    public virtual IVerifier PushContext(string context)
        => GetType() == typeof(DefaultVerifier)
            ? new DefaultVerifier(Context.Push(context))
            : throw new InvalidOperationException(
                $"{GetType()} derives from {nameof(DefaultVerifier)} and must override {nameof(PushContext)}.");

    /// <summary>Puts the names of the steps, outermost first, before a failure message.</summary>
    protected virtual string CreateMessage(string message)
        => Context.IsEmpty ? message : $"[{string.Join(" > ", Context.Reverse())}]{Environment.NewLine}{message}";

    [DoesNotReturn]
    private void Throw(string message) => throw new InvalidOperationException(CreateMessage(message));

    private static string Join<T>(IEnumerable<T>? items) => items is null ? "null" : string.Join(", ", items);
}
