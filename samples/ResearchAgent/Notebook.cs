using System.ClientModel;
using OpenAI;
using OpenAI.Embeddings;

namespace ResearchAgent;

/// <summary>Compares texts by their embeddings. Embeddings fail now and then, so they are asked for again.</summary>
public sealed class Notebook
{
    private const int MaxAttempts = 5;

    private readonly EmbeddingClient _embeddings;

    public Notebook(AgentSettings settings)
    {
        var options = new OpenAIClientOptions { Endpoint = new Uri(settings.Gateway, "/v1") };
        _embeddings = new EmbeddingClient("openclaw/default", new ApiKeyCredential(settings.Token), options);
    }

    public async Task<double> SimilarityAsync(string left, string right, CancellationToken cancellationToken)
    {
        float[] a = await EmbedAsync(left, cancellationToken);
        float[] b = await EmbedAsync(right, cancellationToken);
        return a.Zip(b, (x, y) => (double)x * y).Sum();
    }

    private async Task<float[]> EmbedAsync(string text, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                OpenAIEmbedding embedding = await _embeddings.GenerateEmbeddingAsync(text, cancellationToken: cancellationToken);
                return embedding.ToFloats().ToArray();
            }
            catch (ClientResultException exception) when (attempt < MaxAttempts)
            {
                Console.WriteLine($"embedding failed with {exception.Status}, trying again");
                await Task.Delay(100, cancellationToken);
            }
        }
    }
}
