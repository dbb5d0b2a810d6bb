using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>What a version asked for at its import, once that has ended; without what is sensitive.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Version">The id as it stands in the path.</param>
public sealed record GetVersionVariables(Actor Actor, string Version) : IQuery<IReadOnlyList<VersionVariable>>, IActorRequest;

internal sealed class GetVersionVariablesHandler(TemplateLookup lookup, ITemplateVersionContents contents)
    : IRequestHandler<GetVersionVariables, Result<IReadOnlyList<VersionVariable>>>
{
    public async Task<Result<IReadOnlyList<VersionVariable>>> Handle(GetVersionVariables request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindVersionAsync(request.Actor, request.Version, cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        if (!found.Facts.Job.Status.HasEnded())
        {
            return VersionRules.VariablesTooEarly;
        }

        var variables = await contents.VariablesAsync(found.Version.Id, cancellationToken);
        return Result<IReadOnlyList<VersionVariable>>.From([.. variables.Select(Masked)]);
    }

    private static VersionVariable Masked(VersionVariable read) =>
        read.Variable.Sensitive ? new VersionVariable(read.Variable with { DefaultValue = null }, "") : read;
}
