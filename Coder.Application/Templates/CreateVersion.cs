using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Application.Provisioning;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using FluentValidation;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Makes a version of an archive and puts its import into the queue.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="Fields">What the version is made of.</param>
public sealed record CreateVersion(Actor Actor, string Organization, NewVersion Fields)
    : ICommand<VersionView>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.TemplateVersion, AuditAction.Create, 201);
}

/// <summary>What a new version is made of.</summary>
public sealed record NewVersion
{
    /// <summary>Empty: two random words.</summary>
    public string Name { get; init; } = "";

    /// <summary>What changed; may be empty.</summary>
    public string Message { get; init; } = "";

    /// <summary>The template that gets the version; <see langword="null"/>: one that is still to be made.</summary>
    public Guid? TemplateId { get; init; }

    /// <summary>Must be <c>file</c>.</summary>
    public string StorageMethod { get; init; } = "";

    /// <summary>An archive that was uploaded; not together with <see cref="ExampleId"/>.</summary>
    public Guid? FileId { get; init; }

    /// <summary>One of <see cref="TemplateExamples"/>; empty: none.</summary>
    public string ExampleId { get; init; } = "";

    /// <summary>A name of <see cref="ProvisionerType"/>.</summary>
    public string Provisioner { get; init; } = "";

    /// <summary>Which daemons may run the jobs of the version.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Values of the template's variables.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

internal sealed class CreateVersionValidator : AbstractValidator<CreateVersion>
{
    private const string OnlyMethod = "file";

    public CreateVersionValidator()
    {
        this.Field(r => r.Fields.Name, "name").IsVersionNameOrEmpty();
        this.Field(r => r.Fields.Message, "message").IsVersionMessage();
        this.Field(r => r.Fields.StorageMethod, "storage_method").Required().Tagged("oneof", method => method == OnlyMethod);
        this.Field(r => r.Fields.Provisioner, "provisioner").Required().Tagged("oneof", name => ProvisionerTypes.TryParse(name, out _));
    }
}

internal sealed class CreateVersionHandler(
    OrganizationLookup lookup,
    IOrganizationStore organizations,
    ITemplateStore templates,
    ITemplateVersionStore versions,
    VersionArchive archive,
    ProvisionerChoice choice,
    IJobQueue queue,
    VersionViews views,
    IIds ids,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<CreateVersion, Result<VersionView>>
{
    private const int Attempts = 5;

    public async Task<Result<VersionView>> Handle(CreateVersion request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        audit.About(Guid.Empty, request.Fields.Name, organization.Id);
        if (VersionArchive.Judge(request.Fields) is { } refused)
        {
            return refused;
        }

        Template? template = null;
        if (request.Fields.TemplateId is { } id)
        {
            template = await templates.HoldAsync(id, cancellationToken);
            if (template is null
                || template.OrganizationId != organization.Id
                || !Authorizer.Can(request.Actor, PermissionAction.Read, template.Ref))
            {
                return new Error(ErrorKind.NotFound, "Template does not exist.");
            }
        }

        var mayMake = template is null
            ? Authorizer.Can(request.Actor, PermissionAction.Create, ObjectRef.In(organization.Id, ResourceType.Template))
            : Authorizer.Can(request.Actor, PermissionAction.Update, template.Ref);
        if (!mayMake)
        {
            return Error.Forbidden;
        }

        if (!await organizations.HoldAsync(organization.Id, cancellationToken))
        {
            return Error.NotFound;
        }

        return (await archive.FindAsync(request.Actor, request.Fields, cancellationToken)).Is(out var file, out error)
            ? await CreateAsync(request, organization.Id, file, cancellationToken)
            : error;
    }

    private async Task<Result<VersionView>> CreateAsync(CreateVersion request, Guid organization, Guid file, CancellationToken ct)
    {
        var fields = request.Fields;
        var now = time.GetUtcNow().ToMicroseconds();
        var version = new TemplateVersion
        {
            Id = ids.Random(),
            TemplateId = fields.TemplateId,
            OrganizationId = organization,
            CreatedAt = now,
            UpdatedAt = now,
            Name = fields.Name,
            Message = fields.Message,
            JobId = ids.Sequential(),
            CreatedBy = request.Actor.UserId,
            SourceExampleId = fields.ExampleId.Length == 0 ? null : fields.ExampleId,
        };
        await queue.PostAsync(
            new NewJob
            {
                Id = version.JobId,
                CreatedAt = now,
                OrganizationId = organization,
                InitiatorId = request.Actor.UserId,
                Provisioner = await choice.OfAsync(file, ct),
                Type = JobType.TemplateVersionImport,
                Input = new JobInput { TemplateVersionId = version.Id, UserVariableValues = fields.Variables },
                FileId = file,
                Tags = JobTags.Of(fields.Tags, request.Actor.UserId),
                Priority = QueuePriorities.OfImport,
            },
            ct);
        if (await AddAsync(version, fields.Provisioner, ct) is not { } added)
        {
            return TemplateRules.VersionNameTaken(version.Name);
        }

        audit.About(added).Changed(null, TemplateAudit.Snapshot(added));
        return await views.OneAsync(added.Id, ct);
    }

    private async Task<TemplateVersion?> AddAsync(TemplateVersion version, string provisioner, CancellationToken ct)
    {
        if (!ProvisionerTypes.TryParse(provisioner, out var type))
        {
            throw new ArgumentOutOfRangeException(nameof(provisioner), provisioner, "The validator lets the two names through.");
        }

        if (version.Name.Length > 0)
        {
            return await versions.AddAsync(version, type, ct) ? version : null;
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var named = version with { Name = VersionNames.Of(ids.Random(), attempt) };
            if (await versions.AddAsync(named, type, ct))
            {
                return named;
            }
        }

        throw new InvalidOperationException("Random names are not random.");
    }
}
