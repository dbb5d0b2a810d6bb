using System.Text.Json;
using Coder.Application.Provisioning;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Workspaces;

namespace Coder.Infrastructure.Provisioning;

internal sealed class BuildAssignmentStore(DbSession db) : IBuildAssignments
{
    // A build begins with a state of its own where somebody gave it one, else with what the last build left.
    private const string Find = """
        select b.id, b.build_number, b.transition::text as transition, b.reason::text as reason, w.id as workspace_id,
               w.name as workspace_name, u.id as owner_id, u.username as owner_name, u.email as owner_email, w.organization_id,
               t.id as template_id, t.name as template_name, b.template_version_id, b.template_version_preset_id as preset_id,
               coalesce(
                   b.provisioner_state,
                   (select e.provisioner_state
                    from workspace_builds e
                    where e.workspace_id = b.workspace_id and e.build_number < b.build_number and e.provisioner_state is not null
                    order by e.build_number desc
                    limit 1),
                   ''::bytea) as state,
               (select coalesce(jsonb_object_agg(p.name, p.value), '{}')
                from workspace_build_parameters p
                where p.workspace_build_id = b.id)::text as parameters,
               (select coalesce(jsonb_object_agg(v.name, v.value), '{}')
                from template_version_variables v
                where v.template_version_id = b.template_version_id)::text as variables
        from workspace_builds b
        join workspaces w on w.id = b.workspace_id
        join users u on u.id = w.owner_id
        join templates t on t.id = w.template_id
        where b.job_id = @job
        """;

    private const string Agents = $"""
        select a.name, a.auth_token as token
        from workspace_builds own
        join lateral (
            select b.job_id
            from workspace_builds b
            join provisioner_jobs j on j.id = b.job_id
            where b.workspace_id = own.workspace_id and b.build_number < own.build_number and {CurrentBuilds.HasTakenPlace}
            order by b.build_number desc
            limit 1
        ) before on true
        join workspace_resources r on r.job_id = before.job_id
        join workspace_agents a on a.resource_id = r.id
        where own.id = @build and not a.deleted and a.parent_id is null
        order by a.name, a.id
        """;

    public async Task<BuildAssignment?> FindAsync(Guid job, CancellationToken cancellationToken)
    {
        if (await db.QueryOneAsync<Row>(Find, new { job }, cancellationToken) is not { } row)
        {
            return null;
        }

        var agents = row.BuildNumber > 1 ? await db.QueryAsync<AgentRow>(Agents, new { build = row.Id }, cancellationToken) : [];
        return new BuildAssignment
        {
            BuildId = row.Id,
            BuildNumber = row.BuildNumber,
            Transition = WorkspaceTransitions.TryParse(row.Transition, out var transition)
                ? transition
                : throw new InvalidOperationException($"Unknown transition {row.Transition}."),
            Reason = BuildReasons.TryParse(row.Reason, out var reason)
                ? reason
                : throw new InvalidOperationException($"Unknown reason {row.Reason}."),
            WorkspaceId = row.WorkspaceId,
            WorkspaceName = row.WorkspaceName,
            OwnerId = row.OwnerId,
            OwnerName = row.OwnerName,
            OwnerEmail = row.OwnerEmail,
            OrganizationId = row.OrganizationId,
            TemplateId = row.TemplateId,
            TemplateName = row.TemplateName,
            TemplateVersionId = row.TemplateVersionId,
            PresetId = row.PresetId,
            Parameters = Values(row.Parameters),
            Variables = Values(row.Variables),
            State = row.State,
            RunningAgents = agents.DistinctBy(a => a.Name, StringComparer.Ordinal).ToDictionary(a => a.Name, a => a.Token, StringComparer.Ordinal),
        };
    }

    private static Dictionary<string, string> Values(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json)!
            .OrderBy(v => v.Key, StringComparer.Ordinal).ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);

    private sealed record AgentRow
    {
        public string Name { get; init; } = "";

        public Guid Token { get; init; }
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public int BuildNumber { get; init; }

        public string Transition { get; init; } = "";

        public string Reason { get; init; } = "";

        public Guid WorkspaceId { get; init; }

        public string WorkspaceName { get; init; } = "";

        public Guid OwnerId { get; init; }

        public string OwnerName { get; init; } = "";

        public string OwnerEmail { get; init; } = "";

        public Guid OrganizationId { get; init; }

        public Guid TemplateId { get; init; }

        public string TemplateName { get; init; } = "";

        public Guid TemplateVersionId { get; init; }

        public Guid? PresetId { get; init; }

        public byte[] State { get; init; } = [];

        public string Parameters { get; init; } = "{}";

        public string Variables { get; init; } = "{}";
    }
}
