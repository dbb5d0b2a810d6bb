using System.Diagnostics.CodeAnalysis;

namespace Coder.Domain.Workspaces;

/// <summary>How long a workspace runs after a start: <c>ttl_ms</c> of requests (docs/spec/workspaces.md, sections 7.1 and 7.4).</summary>
public static class WorkspaceTtl
{
    /// <summary>The longest time.</summary>
    public static TimeSpan Maximum { get; } = TimeSpan.FromDays(30);

    /// <summary>Reads a time to live. <see langword="null"/> and 0 name none; what that means is for the caller to decide.</summary>
    /// <param name="milliseconds">As sent; cut to whole minutes.</param>
    /// <param name="ttl">Whole minutes, or <see langword="null"/> for none.</param>
    /// <param name="problem">The detail on the field <c>ttl_ms</c>, when it is refused.</param>
    public static bool TryRead(long? milliseconds, out TimeSpan? ttl, [NotNullWhen(false)] out string? problem)
    {
        ttl = null;
        var minutes = milliseconds.GetValueOrDefault() / (TimeSpan.TicksPerMinute / TimeSpan.TicksPerMillisecond);
        problem = milliseconds switch
        {
            null or 0 => null,
            _ when minutes < 1 => "time until shutdown must be at least one minute",
            _ when minutes > Maximum.TotalMinutes => "time until shutdown must be less than 30 days",
            _ => null,
        };
        if (problem is null && minutes > 0)
        {
            ttl = TimeSpan.FromMinutes(minutes);
        }

        return problem is null;
    }

    /// <summary>The time to live of a new or claimed workspace: its own, else the template's default.</summary>
    /// <param name="requested">What <see cref="TryRead"/> gave.</param>
    /// <param name="templateDefault">The template's default; zero means none.</param>
    public static TimeSpan? ForCreation(TimeSpan? requested, TimeSpan templateDefault) => requested ?? Positive(templateDefault);

    /// <summary>The time to live that counts: the template's if users may not choose, else the workspace's (section 8.3).</summary>
    /// <returns><see langword="null"/> when there is none.</returns>
    public static TimeSpan? Effective(TimeSpan? workspace, TemplateScheduling template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return Positive(template.AllowUserAutostop ? workspace : template.DefaultTtl);
    }

    private static TimeSpan? Positive(TimeSpan? ttl) => ttl > TimeSpan.Zero ? ttl : null;
}
