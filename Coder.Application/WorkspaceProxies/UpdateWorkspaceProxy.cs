using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Users;
using Coder.Domain.WorkspaceProxies;
using FluentValidation;
using MediatR;

namespace Coder.Application.WorkspaceProxies;

/// <summary>Changes a proxy. A new token ends the old one at once.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Proxy">An id, or a name without regard to case.</param>
/// <param name="Id">The id once more, as clients repeat it in the body, or <see langword="null"/>.</param>
/// <param name="Name">The new name; empty for the old one.</param>
/// <param name="DisplayName">The new name for people, or <see langword="null"/> for the old one.</param>
/// <param name="Icon">The new picture, or <see langword="null"/> for the old one.</param>
/// <param name="RegenerateToken">Whether to make a new token.</param>
[RequiresFeature(FeatureName.WorkspaceProxy)]
public sealed record UpdateWorkspaceProxy(
    Actor Actor, string Proxy, Guid? Id, string Name, string? DisplayName, string? Icon, bool RegenerateToken)
    : ICommand<ProxyWithToken>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.WorkspaceProxy, AuditAction.Write, 200);
}

internal sealed class UpdateWorkspaceProxyValidator : AbstractValidator<UpdateWorkspaceProxy>
{
    public UpdateWorkspaceProxyValidator()
    {
        this.Field(r => r.Name, "name").Tagged("username", n => n.Length == 0 || NameRules.IsName(n));
        this.Field(r => r.DisplayName, "display_name").Tagged("display_name", WorkspaceProxy.IsDisplayName);
    }
}

internal sealed class UpdateWorkspaceProxyHandler(
    IWorkspaceProxyStore proxies, ProxyDirectory directory, IProxySecretGenerator secrets, TimeProvider time, AuditTrail audit)
    : IRequestHandler<UpdateWorkspaceProxy, Result<ProxyWithToken>>
{
    private static readonly Error Primary = new(ErrorKind.Invalid, "Cannot update primary proxy");

    public async Task<Result<ProxyWithToken>> Handle(UpdateWorkspaceProxy request, CancellationToken cancellationToken)
    {
        if (!(await directory.FindAsync(request.Actor, request.Proxy, cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        audit.About(found.Id, found.Name, icon: found.Icon);
        if (request.Id is { } id && id != found.Id)
        {
            return Error.ValidationFailed([new FieldError("id", $"Validation failed for tag \"eq\" with value: \"{id}\"")]);
        }

        if (!found.IsPrimary && ProxyDirectory.Reserved(request.Name) is { } reserved)
        {
            return reserved;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, found.Reference))
        {
            return Error.Forbidden;
        }

        if (found.IsPrimary)
        {
            return Primary;
        }

        // Read again under a lock: two changes of different fields at once must both stay, and what was deleted meanwhile is gone.
        if (await proxies.LockAsync(found.Id, cancellationToken) is not { } proxy)
        {
            return Error.NotFound;
        }

        var changed = proxy with
        {
            Name = request.Name.Length > 0 ? request.Name : proxy.Name,
            DisplayName = request.DisplayName ?? proxy.DisplayName,
            Icon = request.Icon ?? proxy.Icon,
            UpdatedAt = time.GetUtcNow().ToMicroseconds(),
        };
        ProxyToken? token = request.RegenerateToken ? new ProxyToken(proxy.Id, secrets.New()) : null;
        var hash = token is { } made ? ProxyDirectory.Hash(made.Secret) : null;
        audit.Changed(ProxyAudit.Snapshot(proxy).Token("old"), ProxyAudit.Snapshot(changed).Token(token is null ? "old" : "new"));
        return await proxies.UpdateAsync(changed, hash, cancellationToken)
            ? new ProxyWithToken(changed, token)
            : ProxyDirectory.Taken(changed.Name);
    }
}
