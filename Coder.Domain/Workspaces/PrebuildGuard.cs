using Coder.Domain.Authorization;
using Coder.Domain.Common;

namespace Coder.Domain.Workspaces;

/// <summary>What of a workspace its owner can not set while it is stock (docs/spec/workspaces.md, section 7.4).</summary>
public enum ScheduleSetting
{
    /// <summary>When it is started.</summary>
    Autostart,

    /// <summary>How long it runs after a start.</summary>
    Ttl,

    /// <summary>Whether it is taken for unused.</summary>
    Dormancy,

    /// <summary>When it is stopped.</summary>
    Deadline,
}

/// <summary>Keeps schedules away from prebuilt workspaces, which only the prebuilds reconciler starts, stops and deletes.</summary>
public static class PrebuildGuard
{
    private const string Detail = "When prebuilt workspaces run is set for each preset in the template.";

    /// <summary>Judges a change of a setting.</summary>
    /// <param name="owner">Whose workspace it is.</param>
    /// <param name="setting">What is to be changed.</param>
    /// <returns>The refusal, or <see langword="null"/> for a workspace that somebody owns or has claimed.</returns>
    public static Error? Judge(Guid owner, ScheduleSetting setting) => owner != SystemActors.PrebuildsUserId
        ? null
        : new Error(
            ErrorKind.Conflict,
            setting switch
            {
                ScheduleSetting.Autostart => "Autostart is not supported for prebuilt workspaces",
                ScheduleSetting.Ttl => "TTL updates are not supported for prebuilt workspaces",
                ScheduleSetting.Dormancy => "Dormancy updates are not supported for prebuilt workspaces",
                ScheduleSetting.Deadline => "Deadline extension is not supported for prebuilt workspaces",
                _ => throw new ArgumentOutOfRangeException(nameof(setting)),
            },
            Detail);
}
