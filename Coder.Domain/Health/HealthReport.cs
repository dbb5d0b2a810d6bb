namespace Coder.Domain.Health;

/// <summary>How bad something is, from good to bad.</summary>
public enum HealthSeverity
{
    /// <summary>Nothing to do.</summary>
    Ok,

    /// <summary>It works, and somebody should look.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Error,
}

/// <summary>A finding.</summary>
/// <param name="Code">Known to clients, which link it to their documentation.</param>
/// <param name="Message">One sentence.</param>
public sealed record HealthMessage(string Code, string Message);

/// <summary>What is known about the database.</summary>
/// <param name="Latency">The middle of several round trips, or <see langword="null"/> when it does not answer.</param>
/// <param name="Error">Why it does not answer, or <see langword="null"/>.</param>
public sealed record DatabaseHealthReport(TimeSpan? Latency, string? Error)
{
    /// <summary>A middle round trip from here on is a warning.</summary>
    public static TimeSpan Threshold { get; } = TimeSpan.FromMilliseconds(15);

    /// <summary>The verdict.</summary>
    public HealthSeverity Severity => Latency is not { } latency ? HealthSeverity.Error
        : latency >= Threshold ? HealthSeverity.Warning : HealthSeverity.Ok;

    /// <summary>What to tell.</summary>
    public IReadOnlyList<HealthMessage> Warnings => Severity == HealthSeverity.Warning
        ? [new HealthMessage("EDB02", $"The middle round trip to the database takes at least {Threshold.TotalMilliseconds:0} ms.")]
        : [];

    /// <summary>The middle of some round trips.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static TimeSpan Middle(IReadOnlyCollection<TimeSpan> roundTrips)
    {
        ArgumentNullException.ThrowIfNull(roundTrips);
        return roundTrips.Count == 0
            ? throw new ArgumentException("There are no round trips.", nameof(roundTrips))
            : roundTrips.Order().ElementAt(roundTrips.Count / 2);
    }
}

/// <summary>What is known about the public URL, seen from this server.</summary>
/// <param name="Url">The URL.</param>
/// <param name="StatusCode">What its <c>/healthz</c> answered, or <see langword="null"/> when it did not.</param>
/// <param name="Body">The beginning of that answer.</param>
/// <param name="Error">Why there is no answer, or <see langword="null"/>.</param>
public sealed record AccessUrlHealthReport(string Url, int? StatusCode, string Body, string? Error)
{
    private const string Good = "OK";

    /// <summary>Whether anything answers there.</summary>
    public bool IsReachable => StatusCode is not null;

    /// <summary>The verdict: whatever answers something else than this server would is no way to it.</summary>
    public HealthSeverity Severity => !IsReachable ? HealthSeverity.Error
        : StatusCode == 200 && Body == Good ? HealthSeverity.Ok : HealthSeverity.Warning;

    /// <summary>What to tell.</summary>
    public IReadOnlyList<HealthMessage> Warnings => Severity == HealthSeverity.Warning
        ? [new HealthMessage("EACS04", $"The access URL answers {StatusCode}, and not what this server does.")]
        : [];
}

/// <summary>The state of the deployment, seen from one server.</summary>
/// <param name="Time">When it was looked at.</param>
/// <param name="Database">The database.</param>
/// <param name="AccessUrl">The public URL.</param>
public sealed record HealthReport(DateTimeOffset Time, DatabaseHealthReport Database, AccessUrlHealthReport AccessUrl)
{
    /// <summary>The worst of all.</summary>
    public HealthSeverity Severity => Database.Severity > AccessUrl.Severity ? Database.Severity : AccessUrl.Severity;

    /// <summary>Whether everything works, if perhaps not well.</summary>
    public bool IsHealthy => Severity != HealthSeverity.Error;
}

/// <summary>The names on the wire.</summary>
public static class HealthWireNames
{
    /// <summary>The wire name.</summary>
    public static string WireName(this HealthSeverity severity) => severity switch
    {
        HealthSeverity.Ok => "ok",
        HealthSeverity.Warning => "warning",
        HealthSeverity.Error => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(severity)),
    };
}
