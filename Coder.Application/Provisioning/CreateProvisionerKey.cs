using System.Security.Cryptography;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Provisioning;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>Makes a key that lets provisioner daemons in (docs/spec/workspaces.md, section 5). Its secret is shown this once.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">An id or a name.</param>
/// <param name="Name">1 to 64 letters and digits, with single underscores, dots and hyphens between them.</param>
/// <param name="Tags">The tags of its daemons, which work for everybody in the organization.</param>
[RequiresFeature(FeatureName.ExternalProvisionerDaemons)]
public sealed record CreateProvisionerKey(Actor Actor, string Organization, string Name, IReadOnlyDictionary<string, string> Tags)
    : ICommand<NewProvisionerKey>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.ProvisionerKey, AuditAction.Create, 201);
}

/// <summary>A key that was just made.</summary>
/// <param name="Key">The key.</param>
/// <param name="Secret">What a daemon proves itself with; only its hash is kept.</param>
public sealed record NewProvisionerKey(ProvisionerKey Key, string Secret)
{
    /// <summary>Names the key and hides the secret, so that a log line gives nothing away.</summary>
    public override string ToString() => $"{Key.Id}:…";
}

internal sealed class CreateProvisionerKeyValidator : AbstractValidator<CreateProvisionerKey>
{
    public CreateProvisionerKeyValidator()
    {
        this.Field(r => r.Name, "name").Required().Tagged("template_version_name", NameRules.IsTemplateVersionName);
        this.Field(r => r.Tags, "tags").Tagged("provisioner_key_tags", ProvisionerKey.AreTags);
    }
}

internal sealed class CreateProvisionerKeyHandler(
    OrganizationLookup organizations, IProvisionerKeyStore keys, IIds ids, TimeProvider time, AuditTrail audit)
    : IRequestHandler<CreateProvisionerKey, Result<NewProvisionerKey>>
{
    public async Task<Result<NewProvisionerKey>> Handle(CreateProvisionerKey request, CancellationToken cancellationToken)
    {
        if (!(await organizations.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        audit.About(Guid.Empty, request.Name, organization.Id);
        if (!Authorizer.Can(request.Actor, PermissionAction.Create, ObjectRef.In(organization.Id, ResourceType.ProvisionerDaemon)))
        {
            return Error.Forbidden;
        }

        if (ProvisionerKey.JudgeName(request.Name) is { } reserved)
        {
            return reserved;
        }

        var key = new ProvisionerKey
        {
            Id = ids.Random(),
            OrganizationId = organization.Id,
            Name = request.Name,
            CreatedAt = time.GetUtcNow().ToMicroseconds(),
            Tags = request.Tags,
        };
        var secret = RandomNumberGenerator.GetString(ApiKeyToken.Alphabet, ProvisionerKey.SecretLength);
        audit.About(key.Id, key.Name, organization.Id).Changed(null, ProvisionerKeyAudit.Snapshot(key).Secret());
        return await keys.AddAsync(key, DaemonAuthenticator.Hash(secret), cancellationToken)
            ? new NewProvisionerKey(key, secret)
            : ProvisionerKey.NameTaken(key.Name);
    }
}
