using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>What a version asks for at every build, once its import has ended.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Version">The id as it stands in the path.</param>
public sealed record GetVersionParameters(Actor Actor, string Version) : IQuery<IReadOnlyList<TemplateParameter>>, IActorRequest;

internal sealed class GetVersionParametersHandler(TemplateLookup lookup, ITemplateVersionContents contents)
    : IRequestHandler<GetVersionParameters, Result<IReadOnlyList<TemplateParameter>>>
{
    public async Task<Result<IReadOnlyList<TemplateParameter>>> Handle(GetVersionParameters request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindVersionAsync(request.Actor, request.Version, cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        return found.Facts.Job.Status.HasEnded()
            ? Result<IReadOnlyList<TemplateParameter>>.From(await contents.ParametersAsync(found.Version.Id, cancellationToken))
            : VersionRules.ParametersTooEarly;
    }
}
