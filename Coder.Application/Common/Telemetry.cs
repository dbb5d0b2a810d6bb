using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Coder.Application.Common;

/// <summary>The sources of our metrics and spans.</summary>
public static class Telemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Coder";

    /// <summary>All metrics of this product.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>All spans of this product.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    // The default boundaries of a histogram are for milliseconds.
    internal static Histogram<double> RequestDuration { get; } = Meter.CreateHistogram(
        "coder_request_duration_seconds",
        "s",
        "Time that a use case took, by request type and outcome.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
}
