using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OpenClaw.Resilience.Tests.Support;

/// <summary>Streams of elements for tests.</summary>
internal static class Elements
{
    public static async IAsyncEnumerable<T> Of<T>([EnumeratorCancellation] CancellationToken token, params T[] elements)
    {
        foreach (T element in elements)
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
            yield return element;
        }
    }

    public static async IAsyncEnumerable<T> BrokenAfter<T>(T element, Exception failure, [EnumeratorCancellation] CancellationToken token)
    {
        await Task.Yield();
        token.ThrowIfCancellationRequested();
        yield return element;
        throw failure;
    }

    public static IAsyncEnumerable<T> From<T>(Channel<T> channel, CancellationToken token) => channel.Reader.ReadAllAsync(token);
}
