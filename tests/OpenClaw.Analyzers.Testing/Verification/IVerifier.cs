using System.Diagnostics.CodeAnalysis;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>What a test framework offers for assertions. Each method returns when the claim holds and throws when it does not.</summary>
public interface IVerifier
{
    /// <summary>Claims that a collection has no element.</summary>
    /// <param name="collectionName">How the failure message names the collection.</param>
    void Empty<T>(string collectionName, IEnumerable<T> collection);

    /// <summary>Claims that a collection has at least one element.</summary>
    /// <param name="collectionName">How the failure message names the collection.</param>
    void NotEmpty<T>(string collectionName, IEnumerable<T> collection);

    /// <summary>Claims that two values are equal by the default comparer of their type.</summary>
    /// <param name="message">The failure message; a general one if <see langword="null"/>.</param>
    void Equal<T>(T expected, T actual, string? message = null);

    /// <summary>Claims that two sequences have equal elements in the same order.</summary>
    /// <param name="equalityComparer">Compares two elements; the default comparer of their type if <see langword="null"/>.</param>
    /// <param name="message">The failure message; a general one if <see langword="null"/>.</param>
    void SequenceEqual<T>(
        IEnumerable<T> expected, IEnumerable<T> actual, IEqualityComparer<T>? equalityComparer = null, string? message = null);

    /// <summary>Claims that a condition holds.</summary>
    /// <param name="message">The failure message; a general one if <see langword="null"/>.</param>
    void True([DoesNotReturnIf(false)] bool assert, string? message = null);

    /// <summary>Claims that a condition does not hold.</summary>
    /// <param name="message">The failure message; a general one if <see langword="null"/>.</param>
    void False([DoesNotReturnIf(true)] bool assert, string? message = null);

    /// <summary>Fails the test.</summary>
    /// <param name="message">The failure message; a general one if <see langword="null"/>.</param>
    [DoesNotReturn]
    void Fail(string? message = null);

    /// <summary>Claims that tests can be written for a language.</summary>
    /// <param name="language">One of <see cref="LanguageNames"/>.</param>
    void LanguageIsSupported(string language);

    /// <summary>Makes a verifier whose failure messages also name <paramref name="context"/>, the step that is being checked.</summary>
    IVerifier PushContext(string context);
}
