using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>
/// Tells the token of an agent that somebody runs outside of the workspace's resources (docs/spec/workspaces.md, section 5).
/// </summary>
/// <param name="Actor">Who asks; needs to update the workspace and to connect to it.</param>
/// <param name="Workspace">The id of the workspace.</param>
/// <param name="Agent">The name of the agent; others than external ones count as missing.</param>
public sealed record GetExternalAgentCredentials(Actor Actor, string Workspace, string Agent) : IQuery<Guid>, IActorRequest;

internal sealed class GetExternalAgentCredentialsHandler(IAgentReader agents) : IRequestHandler<GetExternalAgentCredentials, Result<Guid>>
{
    public async Task<Result<Guid>> Handle(GetExternalAgentCredentials request, CancellationToken cancellationToken)
    {
        if (!PathIds.Parse(request.Workspace).Is(out var workspace, out var error))
        {
            return error;
        }

        if (await agents.FindExternalAsync(workspace, request.Agent, cancellationToken) is not { } found
            || !Authorizer.Can(request.Actor, PermissionAction.Read, found.Workspace))
        {
            return Error.NotFound;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, found.Workspace)
            || !Authorizer.Can(request.Actor, PermissionAction.Ssh, found.Workspace))
        {
            return Error.Forbidden;
        }

        return found.Token is { } token ? token : Error.NotFound;
    }
}
