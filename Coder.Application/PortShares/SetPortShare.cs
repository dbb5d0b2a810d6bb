using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.PortShares;
using MediatR;

namespace Coder.Application.PortShares;

/// <summary>Shares a port of an agent, or changes how it is shared (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="AgentName">The agent.</param>
/// <param name="Port">The port.</param>
/// <param name="Level">With whom; see <see cref="PortShareRules.Read"/>.</param>
/// <param name="Protocol">How it is spoken to.</param>
public sealed record SetPortShare(Actor Actor, string Workspace, string AgentName, int Port, string Level, string Protocol)
    : ICommand<PortShare>, ITransactional, IActorRequest;

internal sealed class SetPortShareHandler(
    WorkspaceTargets targets, AppliedTemplates templates, IPortShareStore shares, IEntitlementSource entitlements)

    : IRequestHandler<SetPortShare, Result<PortShare>>
{
    public async Task<Result<PortShare>> Handle(SetPortShare request, CancellationToken cancellationToken)
    {
        if (!(await targets.LockForUpdateAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var workspace, out var error)
            || !PortShareRules.Read(workspace.Id, request.AgentName, request.Port, request.Level, request.Protocol).Is(out var share, out error))
        {
            return error;
        }

        if (entitlements.Current.IsEnabled(FeatureName.ControlSharedPorts)
            && PortShareRules.JudgeLevel(share.Level, (await templates.ReadAsync(workspace.TemplateId, cancellationToken)).MaxPortSharingLevel)
                is { } refusal)
        {
            return refusal;
        }

        if (!await shares.HasAgentAsync(workspace.Id, share.AgentName, cancellationToken))
        {
            return PortShareRules.NoAgent;
        }

        await shares.SetAsync(share, cancellationToken);
        return share;
    }
}
