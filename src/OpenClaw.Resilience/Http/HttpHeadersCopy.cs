using System.Net.Http.Headers;

namespace OpenClaw.Resilience;

/// <summary>Copies headers as they were written, without parsing them.</summary>
internal static class HttpHeadersCopy
{
    public static void Copy(HttpHeaders source, HttpHeaders target)
    {
        foreach (KeyValuePair<string, HeaderStringValues> header in source.NonValidated)
        {
            target.TryAddWithoutValidation(header.Key, header.Value);
        }
    }
}
