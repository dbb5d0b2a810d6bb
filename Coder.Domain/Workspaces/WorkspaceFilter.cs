namespace Coder.Domain.Workspaces;

/// <summary>Which workspaces a list shows. What is <see langword="null"/> or empty does not matter; everything else must match.</summary>
public sealed record WorkspaceFilter
{
    /// <summary>Those with one of these ids; <see langword="null"/>: any.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>The username of the owner, in lower case; <c>me</c> is whoever asks.</summary>
    public string? Owner { get; init; }

    /// <summary>The name or the id of the template, in lower case.</summary>
    public string? Template { get; init; }

    /// <summary>Parts of the name, in lower case; all must be in it.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>What they are doing. Deleted workspaces are only listed when this asks for them.</summary>
    public WorkspaceStatus? Status { get; init; }

    /// <summary>The status of one of their agents.</summary>
    public AgentStatus? HasAgent { get; init; }

    /// <summary>Whether nobody uses them any more.</summary>
    public bool? IsDormant { get; init; }

    /// <summary>Used after this time.</summary>
    public DateTimeOffset? LastUsedAfter { get; init; }

    /// <summary>Used before this time.</summary>
    public DateTimeOffset? LastUsedBefore { get; init; }

    /// <summary>Whether their latest build is of another version than the active one.</summary>
    public bool? IsOutdated { get; init; }

    /// <summary>Whether an AI works in them.</summary>
    public bool? HasAiTask { get; init; }

    /// <summary>Whether somebody else runs an agent of them.</summary>
    public bool? HasExternalAgent { get; init; }

    /// <summary>Whether they are stock that nobody has claimed.</summary>
    public bool? IsPrebuild { get; init; }

    /// <summary>The id or the name of the organization, in lower case.</summary>
    public string? Organization { get; init; }

    /// <summary>Parameters that their latest build has, with any value; in lower case.</summary>
    public IReadOnlyList<string> HasParameters { get; init; } = [];

    /// <summary>Parameters that their latest build has with these values, as <c>name=value</c> in lower case.</summary>
    public IReadOnlyList<string> ParameterValues { get; init; } = [];
}
