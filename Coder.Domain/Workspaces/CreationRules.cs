using Coder.Domain.Common;

namespace Coder.Domain.Workspaces;

/// <summary>The answers to requests for a workspace that cannot be had (docs/spec/workspaces.md, section 7.1), in the order of the checks.</summary>
public static class CreationRules
{
    /// <summary>There is no such template, or the caller may not read it.</summary>
    public static Error NoTemplate(Guid id) => new(
        ErrorKind.Invalid,
        $"Template \"{id}\" doesn't exist.",
        null,
        [new FieldError("template_id", "There is no such template.")]);

    /// <summary>There is no such version, it belongs to no template, or the caller may not read its template.</summary>
    public static Error NoVersion(Guid id) => new(
        ErrorKind.Invalid,
        $"Template version \"{id}\" doesn't exist.",
        null,
        [new FieldError("template_version_id", "There is no such template version.")]);

    /// <summary>The version is kept for the workspaces that have it.</summary>
    public static Error ArchivedVersion(string name) => new(
        ErrorKind.Invalid,
        $"Template version \"{name}\" is archived. New workspaces cannot be made of it.",
        null,
        [new FieldError("template_version_id", "The template version is archived.")]);

    /// <summary>The template is gone, and the caller could read it.</summary>
    public static Error DeletedTemplate(string name) => new(ErrorKind.NotFound, $"Template \"{name}\" was deleted.");

    /// <summary>The caller may make no workspace for this owner in the organization of the template.</summary>
    public static Error NotAllowed { get; } = new(ErrorKind.Forbidden, "Unauthorized to create workspace.");

    /// <summary>The caller may read the template and make no workspaces of it.</summary>
    public static Error TemplateNotUsable(string name) => new(ErrorKind.Forbidden, $"Unauthorized access to use the template \"{name}\".");

    /// <summary>The template is on its way out.</summary>
    /// <param name="name">The name of the template.</param>
    /// <param name="why">What its author says about that.</param>
    public static Error Deprecated(string name, string why) => new(
        ErrorKind.Invalid, $"Template \"{name}\" has been deprecated, and cannot be used to create a new workspace.", why);

    /// <summary>The schedule cannot be read.</summary>
    /// <param name="problem">What <see cref="Schedule.TryParse(string, out Schedule?, out string?)"/> found.</param>
    public static Error InvalidSchedule(string problem) => new(
        ErrorKind.Invalid, "Invalid Autostart Schedule.", null, [new FieldError("schedule", problem)]);

    /// <summary>The time to live is out of its bounds.</summary>
    /// <param name="problem">What <see cref="WorkspaceTtl.TryRead"/> found.</param>
    public static Error InvalidTtl(string problem) => new(
        ErrorKind.Invalid, "Invalid Workspace Time to Shutdown.", null, [new FieldError("ttl_ms", problem)]);

    /// <summary>The owner has a workspace of this name.</summary>
    public static Error NameTaken(string name) => new(
        ErrorKind.Conflict,
        $"Workspace \"{name}\" already exists.",
        null,
        [new FieldError("name", "This value is already in use and should be unique.")]);
}
