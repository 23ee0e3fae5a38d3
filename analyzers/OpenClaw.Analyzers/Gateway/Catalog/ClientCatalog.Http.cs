namespace OpenClaw.Analyzers.Gateway;

internal static partial class ClientCatalog
{
    // RestSharp 114.1 and Flurl 2.4 were run, Flurl 4 and Refit read. All of them go anywhere: the address decides.
    private static IEnumerable<ClientEntry> HttpLibraryClients()
    {
        yield return RestSharp("RestSharp.IRestClient", [.. Named(CallKind.Turn, "ExecuteAsync", "DownloadStreamAsync")]);
        yield return RestSharp("RestSharp.RestClient", [.. Named(CallKind.Turn, "ExecuteAsync", "DownloadStreamAsync", "Execute")]) with { Disposable = true, Pooled = true };
        yield return RestSharp("RestSharp.RestClientExtensions", [
            .. Pairs(CallKind.Turn, "Execute", "ExecuteGet", "ExecutePost", "ExecutePut", "ExecutePatch", "ExecuteDelete", "Get", "Post", "Put", "Patch", "Delete"),
            .. Named(CallKind.Turn, "PostJsonAsync", "GetJsonAsync", "PutJsonAsync", "DownloadDataAsync")]);

        IReadOnlyList<CallEntry> verbs =
        [
            .. Named(CallKind.Turn, "SendAsync", "SendJsonAsync", "SendStringAsync", "SendUrlEncodedAsync"),
            .. Named(CallKind.Turn, "PostAsync", "PostJsonAsync", "PostStringAsync", "PostUrlEncodedAsync", "PostMultipartAsync"),
            .. Named(CallKind.Turn, "PutAsync", "PutJsonAsync", "PutStringAsync", "PatchAsync", "PatchJsonAsync", "PatchStringAsync", "DeleteAsync"),
            .. Named(CallKind.Turn, "GetAsync", "GetJsonAsync", "GetStringAsync", "GetStreamAsync", "GetBytesAsync"),
        ];
        yield return Flurl("Flurl.Http.GeneratedExtensions", verbs);
        yield return Flurl("Flurl.Http.IFlurlRequest", [.. Named(CallKind.Turn, "SendAsync")]);

        yield return WebRequest("System.Net.WebRequest", [.. Pairs(CallKind.Turn, "GetResponse")]);
        yield return WebRequest("System.Net.WebClient", [
            .. Named(CallKind.Turn, "DownloadString", "DownloadData", "UploadString", "UploadData", "UploadValues"),
            .. Named(CallKind.Turn, "DownloadStringTaskAsync", "DownloadDataTaskAsync", "UploadStringTaskAsync", "UploadDataTaskAsync", "UploadValuesTaskAsync")]) with { Disposable = true };

        static ClientEntry WebRequest(string type, IReadOnlyList<CallEntry> calls)
            => new(type, ClientFamily.WebRequest, calls) { NeedsEndpoint = true, Limit = OwnLimit.HundredSecondsPerCall };

        static ClientEntry RestSharp(string type, IReadOnlyList<CallEntry> calls)
            => new(type, ClientFamily.RestSharp, calls) { NeedsEndpoint = true, Limit = OwnLimit.HundredSecondsPerCall };

        static ClientEntry Flurl(string type, IReadOnlyList<CallEntry> calls)
            => new(type, ClientFamily.Flurl, calls) { NeedsEndpoint = true, Limit = OwnLimit.HundredSecondsPerCall };
    }

    /// <summary>The user's own interface with Refit's attributes, over an <c>HttpClient</c>: its calls are found by the attribute, not by their names.</summary>
    public static ClientEntry RefitInterface { get; } = new("Refit.HttpMethodAttribute", ClientFamily.Refit, [])
    {
        NeedsEndpoint = true,
        Verified = Verification.Source,
        Limit = OwnLimit.HundredSecondsBuffered,
    };
}
