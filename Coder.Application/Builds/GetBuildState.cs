using Coder.Application.Common;
using Coder.Application.Templates;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Builds;

/// <summary>What the provisioner knows of a workspace after a build. It may hold secrets, so it is for those who change the template.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Build">The id as it stands in the path.</param>
public sealed record GetBuildState(Actor Actor, string Build) : IQuery<ReadOnlyMemory<byte>>, IActorRequest;

internal sealed class GetBuildStateHandler(BuildLookup lookup, ITemplateDirectory templates, IBuildReader reader)
    : IRequestHandler<GetBuildState, Result<ReadOnlyMemory<byte>>>
{
    public async Task<Result<ReadOnlyMemory<byte>>> Handle(GetBuildState request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Build, cancellationToken)).Is(out var build, out var error))
        {
            return error;
        }

        return await templates.MayChangeAsync(request.Actor, build, cancellationToken)
            ? await reader.StateAsync(build.Id, cancellationToken)
            : Error.Forbidden;
    }
}

/// <summary>Who may deal with the states of builds.</summary>
internal static class BuildStates
{
    public static async Task<bool> MayChangeAsync(this ITemplateDirectory templates, Actor actor, BuildRef build, CancellationToken ct) =>
        await templates.FindAsync(build.TemplateId, ct) is { } template && Authorizer.Can(actor, PermissionAction.Update, template.Ref);
}
