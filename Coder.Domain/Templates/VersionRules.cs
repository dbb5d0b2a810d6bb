using Coder.Domain.Common;
using Coder.Domain.Provisioning;

namespace Coder.Domain.Templates;

/// <summary>What may be done with template versions (docs/spec/workspaces.md, section 6).</summary>
public static class VersionRules
{
    private const string NotFinished = "Template version job has not finished";

    /// <summary>The parameters of a version whose import is under way: they can be asked for again.</summary>
    public static Error ParametersTooEarly { get; } = new(ErrorKind.TooEarly, NotFinished);

    /// <summary>The variables of a version whose import is under way.</summary>
    public static Error VariablesTooEarly { get; } = new(ErrorKind.Forbidden, NotFinished);

    /// <summary>The dry run of a version whose import is under way: it can be asked for again.</summary>
    public static Error DryRunTooEarly { get; } = new(ErrorKind.TooEarly, NotFinished);

    /// <summary>Decides whether the import of a version, or a dry run of it, may be canceled.</summary>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    public static Error? JudgeCancel(JobStatus status, DateTimeOffset? canceledAt) =>
        status.HasEnded() ? new Error(ErrorKind.Invalid, "Job has already completed!")
        : canceledAt is not null ? new Error(ErrorKind.Invalid, "Job has already been marked as canceled!")
        : null;

    /// <summary>The refusal to archive a version in use: the active one, that of a workspace, or one that is still imported.</summary>
    public static Error InUse(TemplateVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return version.IsArchived
            ? new Error(ErrorKind.Invalid, "Template version is already archived.")
            : new Error(
                ErrorKind.Invalid,
                "Template version is in use and can not be archived.",
                "The active version, the versions of workspaces, and versions whose import has not ended stay.");
    }

    /// <summary>The refusal to bring back a version that is there.</summary>
    public static Error NotArchived { get; } = new(ErrorKind.Invalid, "Template version is not archived.");
}
