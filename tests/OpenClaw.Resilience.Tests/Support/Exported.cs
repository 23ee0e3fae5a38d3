using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OpenClaw.Resilience.Tests.Support;

/// <summary>What the OpenTelemetry SDK exports of the library, about one gateway or one kind of task: tests run beside each other.</summary>
internal sealed class Exported : IDisposable
{
    private readonly string _tag;
    private readonly MetricReader _reader;
    private readonly MeterProvider _meters;
    private readonly TracerProvider _tracers;
    private readonly List<Activity> _spans = [];
    private readonly List<(string Text, double Value)> _metrics = [];

    /// <param name="tag">A value of a tag, by which the test finds its own.</param>
    public Exported(string tag)
    {
        _tag = tag;
        _reader = new BaseExportingMetricReader(new MetricCollector(this));
        _meters = Sdk.CreateMeterProviderBuilder().AddMeter(GatewayTelemetry.Name).AddReader(_reader).Build();
        _tracers = Sdk.CreateTracerProviderBuilder().AddSource(GatewayTelemetry.Name).AddProcessor(new SpanCollector(this)).Build();
    }

    /// <summary>The spans that have ended, in that order.</summary>
    public IReadOnlyList<Activity> Spans
    {
        get
        {
            lock (_spans)
            {
                return [.. _spans];
            }
        }
    }

    /// <summary>The value of a metric, given as <c>name{tag=value,…}</c> without the test's own tag; a histogram's is its count. Null when there is none.</summary>
    public double? Metric(string text)
    {
        _metrics.Clear();
        _reader.Collect();
        return _metrics.Where(metric => metric.Text == text).Select(metric => (double?)metric.Value).SingleOrDefault();
    }

    public void Dispose()
    {
        _meters.Dispose();
        _tracers.Dispose();
    }

    private void Take(Metric metric)
    {
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            var tags = new List<string>();
            bool isOurs = false;
            foreach (KeyValuePair<string, object?> tag in point.Tags)
            {
                if (Equals(tag.Value, _tag))
                {
                    isOurs = true;
                }
                else
                {
                    tags.Add($"{tag.Key}={tag.Value}");
                }
            }

            if (isOurs)
            {
                double value = metric.MetricType switch
                {
                    MetricType.LongSum => point.GetSumLong(),
                    MetricType.LongGauge => point.GetGaugeLastValueLong(),
                    MetricType.Histogram => point.GetHistogramCount(),
                    _ => throw new InvalidOperationException($"{metric.Name} is a {metric.MetricType}"),
                };
                tags.Sort(StringComparer.Ordinal);
                _metrics.Add(($"{metric.Name}{{{string.Join(',', tags)}}}", value));
            }
        }
    }

    private sealed class MetricCollector(Exported owner) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (Metric metric in batch)
            {
                owner.Take(metric);
            }

            return ExportResult.Success;
        }
    }

    private sealed class SpanCollector(Exported owner) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.TagObjects.Any(tag => Equals(tag.Value, owner._tag)))
            {
                lock (owner._spans)
                {
                    owner._spans.Add(data);
                }
            }
        }
    }
}
