using System.Globalization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;

namespace Coder.Domain.Workspaces;

/// <summary>Judges who wants another deadline for a running workspace (docs/spec/workspaces.md, section 7.4).</summary>
public static class DeadlineExtension
{
    /// <summary>What a client must leave at least; a minute less is let through, for clocks that differ and requests on their way.</summary>
    public static TimeSpan Least { get; } = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>Judges a deadline. One that comes sooner than the present one is as good as any.</summary>
    /// <param name="wanted">The new deadline.</param>
    /// <param name="transition">What the latest build does.</param>
    /// <param name="job">What has become of it.</param>
    /// <param name="deadline">Its present deadline.</param>
    /// <param name="now">When it is asked for.</param>
    /// <returns>The refusal, whose detail says between which times a deadline may lie; or <see langword="null"/>.</returns>
    public static Error? Judge(DateTimeOffset wanted, WorkspaceTransition transition, JobStatus job, Deadline deadline, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(deadline);
        if (transition != WorkspaceTransition.Start)
        {
            return Conflict($"Workspace must be started, current status: {transition.WireName()}");
        }

        if (!job.HasEnded())
        {
            return Conflict("Workspace is still building!");
        }

        if (deadline.At is null)
        {
            return Conflict("Workspace shutdown is manual.");
        }

        return wanted < now + Least - Tolerance
                ? OutOfRange("Cannot extend workspace: new deadline must be at least 30 minutes in the future", deadline, now)
            : wanted > deadline.Max ? OutOfRange("Cannot extend workspace beyond max deadline.", deadline, now)
            : null;
    }

    private static Error Conflict(string message) => new(ErrorKind.Conflict, message);

    private static Error OutOfRange(string message, Deadline deadline, DateTimeOffset now) => new(
        ErrorKind.Invalid,
        message,
        deadline.Max is { } max
            ? $"The deadline may lie between {Text(now + Least)} and {Text(max)}."
            : $"The deadline may lie at {Text(now + Least)} or later.");

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
