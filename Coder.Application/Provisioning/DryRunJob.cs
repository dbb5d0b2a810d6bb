using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Provisioning;

/// <summary>A user as placeholders name them.</summary>
public sealed record NamedUser
{
    /// <summary>The username.</summary>
    public required string Name { get; init; }

    /// <summary>The address.</summary>
    public required string Email { get; init; }
}

/// <summary>A start without a workspace: what it would make is stored with its job and nowhere else.</summary>
internal static class DryRunJob
{
    /// <summary>The error of a job whose initiator is no longer known.</summary>
    public const string NobodyAsks = "The user who asked for the dry run is gone.";

    /// <summary>What placeholders stand for; the id of the workspace is that of the job.</summary>
    public static PlaceholderValues Placeholders(Guid job, JobTask task, NamedUser initiator) => new()
    {
        WorkspaceId = job,
        WorkspaceName = task.Input.WorkspaceName ?? "",
        Transition = WorkspaceTransition.Start,
        OwnerId = task.InitiatorId,
        OwnerName = initiator.Name,
        OwnerEmail = initiator.Email,
        Parameters = task.Input.ParameterValues ?? new Dictionary<string, string>(StringComparer.Ordinal),
        Variables = task.Input.UserVariableValues ?? new Dictionary<string, string>(StringComparer.Ordinal),
    };
}
