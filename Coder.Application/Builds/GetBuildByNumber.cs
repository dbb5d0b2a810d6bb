using System.Globalization;
using Coder.Application.Common;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Builds;

/// <summary>Shows a build of a workspace that is not deleted by names, as URLs of the dashboard have them.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Owner">See <see cref="UserLookup"/>.</param>
/// <param name="Workspace">The name, without regard to case.</param>
/// <param name="Number">The number as it stands in the path.</param>
public sealed record GetBuildByNumber(Actor Actor, string Owner, string Workspace, string Number) : IQuery<BuildView>, IActorRequest;

internal sealed class GetBuildByNumberHandler(UserLookup users, IBuildReader reader, IBuildDirectory builds)
    : IRequestHandler<GetBuildByNumber, Result<BuildView>>
{
    public async Task<Result<BuildView>> Handle(GetBuildByNumber request, CancellationToken cancellationToken)
    {
        if (!(await users.FindAsync(request.Actor, request.Owner, cancellationToken)).Is(out var owner, out var error))
        {
            return error;
        }

        if (!int.TryParse(request.Number, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return new Error(ErrorKind.Invalid, "Failed to parse build number as integer.", $"\"{request.Number}\" is no number of a build.");
        }

        return await reader.FindAsync(owner.Id, request.Workspace, number, cancellationToken) is { } build
            && Authorizer.Can(request.Actor, PermissionAction.Read, build.Workspace)
                ? await builds.FindAsync(build.Id, cancellationToken)
                : Error.NotFound;
    }
}
