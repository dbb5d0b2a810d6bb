using Coder.Domain.Common;
using Coder.Domain.Provisioning;

namespace Coder.Domain.Templates;

/// <summary>What templates may be like, and what may be done with them (docs/spec/workspaces.md, section 6).</summary>
public static class TemplateRules
{
    /// <summary>The longest description, in characters.</summary>
    public const int MaximumDescription = 127;

    /// <summary>The longest address of an icon, in characters.</summary>
    public const int MaximumIcon = 256;

    /// <summary>The longest time between two required stops, in weeks.</summary>
    public const int MaximumWeeks = 16;

    /// <summary>The longest duration, in milliseconds: stored in nanoseconds, it must fit into 64 bits.</summary>
    public const long MaximumMilliseconds = long.MaxValue / 1_000_000;

    private const string Taken = "This value is already in use and should be unique.";

    /// <summary>The refusal of a name that another template of the organization has.</summary>
    public static Error NameTaken(string name) => new(
        ErrorKind.Conflict, $"Template with name \"{name}\" already exists.", null, [new FieldError("name", Taken)]);

    /// <summary>The refusal of a name that another version of the template has.</summary>
    public static Error VersionNameTaken(string name) => new(
        ErrorKind.Conflict,
        $"A template version with name \"{name}\" already exists for this template.",
        null,
        [new FieldError("name", Taken)]);

    /// <summary>Decides whether a template may be made of a version; its import need not have ended.</summary>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    public static Error? JudgeFirstVersion(TemplateVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        var problem = version.IsArchived ? "is archived" : version.TemplateId is not null ? "belongs to a template already" : null;
        return problem is null
            ? null
            : new Error(
                ErrorKind.Invalid,
                $"Template version \"{version.Id}\" {problem}.",
                null,
                [new FieldError("template_version_id", $"Template version {problem}")]);
    }

    /// <summary>Decides whether new workspaces may be made from a version.</summary>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    public static Error? JudgePromotion(Template template, TemplateVersion version, JobStatus import)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(version);
        return version switch
        {
            _ when version.TemplateId != template.Id =>
                new Error(ErrorKind.Invalid, "The provided template version doesn't belong to the specified template."),
            { IsArchived: true } => new Error(ErrorKind.Invalid, "The provided template version is archived."),
            _ when import != JobStatus.Succeeded =>
                new Error(ErrorKind.Forbidden, "Only versions that have been built successfully can be promoted."),
            _ => null,
        };
    }
}
