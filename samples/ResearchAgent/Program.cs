using ResearchAgent;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: ResearchAgent <topic>");
    return 2;
}

var settings = AgentSettings.FromEnvironment();
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    var progress = new ProgressFeed(settings);
    await progress.AnnounceAsync(args[0], stop.Token);

    var library = new SourceLibrary(settings);
    Console.WriteLine($"sources: {await library.CountAsync(args[0], stop.Token)}");

    var notebook = new Notebook(settings);
    Console.WriteLine($"similarity: {await notebook.SimilarityAsync("agents", args[0], stop.Token):0.00}");

    var researcher = new Researcher(settings);
    string report = await researcher.RunAsync(args[0], stop.Token);
    Console.WriteLine($"report: {report}");
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.WriteLine("stopped");
    return 130;
}
catch (Exception exception)
{
    Console.WriteLine($"failed: {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
    return 1;
}
