using Coder.Application.Builds;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Authorization;
using Coder.Domain.Builds;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Users;
using Coder.Domain.Workspaces;
using FluentValidation;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Finds out what a workspace of a version would have, without making one.</summary>
/// <param name="Actor">Who asks, and who would own the workspace.</param>
/// <param name="Version">The id as it stands in the path.</param>
/// <param name="Fields">What is asked for.</param>
public sealed record CreateDryRun(Actor Actor, string Version, NewDryRun Fields) : ICommand<JobView>, ITransactional, IActorRequest;

/// <summary>What a request for a dry run says.</summary>
public sealed record NewDryRun
{
    /// <summary>What the workspace would be called; may be empty.</summary>
    public string WorkspaceName { get; init; } = "";

    /// <summary>Values of parameters; the others have their defaults.</summary>
    public IReadOnlyList<ParameterValue> Values { get; init; } = [];

    /// <summary>Values of variables; the others have those of the import.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

internal sealed class CreateDryRunValidator : AbstractValidator<CreateDryRun>
{
    public CreateDryRunValidator()
    {
        this.Field(r => r.Fields.WorkspaceName, "workspace_name")
            .Tagged("workspace_name", name => name.Length == 0 || NameRules.IsName(name));
        this.Field(r => r.Fields.Values, "rich_parameter_values").AreParameterValues();
    }
}

internal sealed class CreateDryRunHandler(
    TemplateLookup lookup, ITemplateVersionContents contents, IJobQueue queue, IIds ids, TimeProvider time)
    : IRequestHandler<CreateDryRun, Result<JobView>>
{
    public async Task<Result<JobView>> Handle(CreateDryRun request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindVersionAsync(request.Actor, request.Version, cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        if (Judge(request.Actor, found) is { } refused)
        {
            return refused;
        }

        if (!(await InputAsync(found.Version.Id, request.Fields, cancellationToken)).Is(out var input, out error))
        {
            return error;
        }

        var import = found.Facts.Job;
        var job = new NewJob
        {
            Id = ids.Sequential(),
            CreatedAt = time.GetUtcNow().ToMicroseconds(),
            OrganizationId = found.Version.OrganizationId,
            InitiatorId = request.Actor.UserId,
            Provisioner = import.Provisioner,
            Type = JobType.TemplateVersionDryRun,
            Input = input,
            FileId = import.FileId,
            Tags = import.Tags.ForOwner(request.Actor.UserId),
            Priority = QueuePriorities.OfImport,
        };
        await queue.PostAsync(job, cancellationToken);
        return (await queue.ReadAsync([job.Id], cancellationToken))[job.Id];
    }

    // Only who could make the workspace may try it.
    private static Error? Judge(Actor actor, FoundVersion found)
    {
        if (!Authorizer.Can(actor, PermissionAction.Create, DryRunLookup.Reference(found.Version.OrganizationId, actor.UserId)))
        {
            return CreationRules.NotAllowed;
        }

        if (found.Template is { } template && !Authorizer.Can(actor, PermissionAction.Use, template.Ref))
        {
            return CreationRules.TemplateNotUsable(template.Name);
        }

        var import = found.Facts.Job;
        return import.Status.HasEnded() ? BuildRules.JudgeImport(found.Version.Name, import.Status, import.Error) : VersionRules.DryRunTooEarly;
    }

    private async Task<Result<JobInput>> InputAsync(Guid version, NewDryRun fields, CancellationToken ct)
    {
        var given = fields.Values.ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal);
        if (!ParameterResolution.Resolve(await contents.ParametersAsync(version, ct), new ParameterSources { Given = given })
                .Is(out var values, out var error))
        {
            return error;
        }

        var known = await contents.VariablesAsync(version, ct);
        var variables = known.ToDictionary(one => one.Variable.Name, one => one.Value, StringComparer.Ordinal);
        foreach (var (name, value) in fields.Variables.Where(one => variables.ContainsKey(one.Key)))
        {
            variables[name] = value;
        }

        return ParameterResolution.ResolveVariables([.. known.Select(one => one.Variable)], variables).Is(out var resolved, out error)
            ? new JobInput
            {
                TemplateVersionId = version,
                WorkspaceName = fields.WorkspaceName,
                ParameterValues = values.ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal),
                UserVariableValues = resolved,
            }
            : error;
    }
}
