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

/// <summary>Adds a proxy and makes its token, which is shown this once.</summary>
[RequiresFeature(FeatureName.WorkspaceProxy)]
public sealed record CreateWorkspaceProxy(Actor Actor, string Name, string DisplayName, string Icon)
    : ICommand<ProxyWithToken>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.WorkspaceProxy, AuditAction.Create, 201);
}

internal sealed class CreateWorkspaceProxyValidator : AbstractValidator<CreateWorkspaceProxy>
{
    public CreateWorkspaceProxyValidator()
    {
        this.Field(r => r.Name, "name").Required().Tagged("username", NameRules.IsName);
        this.Field(r => r.DisplayName, "display_name").Tagged("display_name", WorkspaceProxy.IsDisplayName);
    }
}

internal sealed class CreateWorkspaceProxyHandler(
    IWorkspaceProxyStore proxies, IProxySecretGenerator secrets, IIds ids, TimeProvider time, AuditTrail audit)
    : IRequestHandler<CreateWorkspaceProxy, Result<ProxyWithToken>>
{
    public async Task<Result<ProxyWithToken>> Handle(CreateWorkspaceProxy request, CancellationToken cancellationToken)
    {
        audit.About(Guid.Empty, request.Name);
        if (ProxyDirectory.Reserved(request.Name) is { } reserved)
        {
            return reserved;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Create, new ObjectRef(ResourceType.WorkspaceProxy)))
        {
            return Error.Forbidden;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        var proxy = new WorkspaceProxy
        {
            Id = ids.Random(),
            Name = request.Name,
            DisplayName = request.DisplayName,
            Icon = request.Icon,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var token = new ProxyToken(proxy.Id, secrets.New());
        audit.About(proxy.Id, proxy.Name, icon: proxy.Icon).Changed(null, ProxyAudit.Snapshot(proxy).Token("new"));
        return await proxies.AddAsync(proxy, ProxyDirectory.Hash(token.Secret), cancellationToken)
            ? new ProxyWithToken(proxy, token)
            : ProxyDirectory.Taken(request.Name);
    }
}
