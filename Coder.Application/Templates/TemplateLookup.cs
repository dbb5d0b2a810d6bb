using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;

namespace Coder.Application.Templates;

/// <summary>
/// Turns the <c>{template}</c> or <c>{templateversion}</c> of a path into what the caller may read; what is missing, deleted or not to be
/// seen is the same 404.
/// </summary>
public sealed class TemplateLookup(ITemplateStore templates, ITemplateVersionStore versions)
{
    /// <summary>Finds a template by its id.</summary>
    public async Task<Result<Template>> FindAsync(Actor actor, string text, CancellationToken ct)
    {
        if (!PathIds.Parse(text).Is(out var id, out var error))
        {
            return error;
        }

        return Readable(actor, (await templates.ReadAsync([id], ct)).SingleOrDefault(template => !template.IsDeleted));
    }

    /// <summary>Finds a template by its name in an organization that the caller may read.</summary>
    public async Task<Result<Template>> FindByNameAsync(Actor actor, Guid organization, string name, CancellationToken ct) =>
        Readable(actor, await templates.FindByNameAsync(organization, name, ct));

    /// <summary>Finds a template by its id, and lets nobody else change it until this transaction ends.</summary>
    public async Task<Result<Template>> LockAsync(Actor actor, string text, CancellationToken ct)
    {
        if (!PathIds.Parse(text).Is(out var id, out var error))
        {
            return error;
        }

        return Readable(actor, await templates.LockAsync(id, ct));
    }

    /// <summary>Finds a version by its id, with what decides about it: its template, or its organization as long as it has none.</summary>
    public async Task<Result<FoundVersion>> FindVersionAsync(Actor actor, string text, CancellationToken ct)
    {
        if (!PathIds.Parse(text).Is(out var id, out var error))
        {
            return error;
        }

        return await OfAsync(actor, (await versions.ReadAsync([id], ct)).SingleOrDefault(), ct);
    }

    /// <summary>Finds a version by its id, and lets nobody else change it until this transaction ends.</summary>
    public async Task<Result<FoundVersion>> LockVersionAsync(Actor actor, string text, CancellationToken ct)
    {
        if (!PathIds.Parse(text).Is(out var id, out var error))
        {
            return error;
        }

        return await OfAsync(actor, await versions.LockAsync(id, ct), ct);
    }

    private static Result<Template> Readable(Actor actor, Template? template) =>
        template is not null && Authorizer.Can(actor, PermissionAction.Read, template.Ref) ? template : Error.NotFound;

    private async Task<Result<FoundVersion>> OfAsync(Actor actor, VersionFacts? facts, CancellationToken ct)
    {
        if (facts is null)
        {
            return Error.NotFound;
        }

        var template = facts.Version.TemplateId is { } id ? (await templates.ReadAsync([id], ct)).SingleOrDefault() : null;
        var found = new FoundVersion(facts, template);
        return template?.IsDeleted != true && Authorizer.Can(actor, PermissionAction.Read, found.Ref) ? found : Error.NotFound;
    }
}

/// <summary>A version that the caller may read.</summary>
/// <param name="Facts">The version.</param>
/// <param name="Template">Its template, once it has one.</param>
public sealed record FoundVersion(VersionFacts Facts, Template? Template)
{
    /// <summary>The version itself.</summary>
    public TemplateVersion Version => Facts.Version;

    /// <summary>What decisions about the version see.</summary>
    public ObjectRef Ref => Template?.Ref ?? ObjectRef.In(Facts.Version.OrganizationId, ResourceType.Template);
}
