using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Workspaces;

internal sealed class WorkspaceList(DbSession db) : IWorkspaceList
{
    private const string SelectIds = """
        select w.id
        from workspaces w
        join workspace_latest_builds l on l.workspace_id = w.id
        join users u on u.id = w.owner_id
        """;

    private const string Count = """
        select count(*)
        from workspaces w
        join workspace_latest_builds l on l.workspace_id = w.id
        """;

    private const string Order = """
        order by w.favorite and w.owner_id = @me desc, l.job_status = 'succeeded' and l.transition = 'start' desc,
                 lower(u.username), lower(w.name), w.id
        limit @limit offset @offset
        """;

    private const string OfTemplate = """
        w.template_id in (select t.id from templates t where lower(t.name) = @template or t.id::text = @template)
        """;

    private const string IsOutdated =
        "(l.template_version_id <> (select t.active_version_id from templates t where t.id = w.template_id)) = @outdated";

    // What a build does not know yet its version tells.
    private const string HasAiTask = """
        (select coalesce(b.has_ai_task, v.has_ai_task, false)
         from workspace_builds b
         join template_versions v on v.id = b.template_version_id
         where b.id = l.build_id) = @ai
        """;

    private const string HasExternalAgent = """
        (select coalesce(b.has_external_agent, v.has_external_agent, false)
         from workspace_builds b
         join template_versions v on v.id = b.template_version_id
         where b.id = l.build_id) = @external
        """;

    // All names of a build are fetched at once: a search for each wanted one takes ten times as long (script/bench workspaces).
    private const string HasParameters = """
        @parameters::text[] <@ array(
            select lower(p.name) from workspace_build_parameters p where p.workspace_build_id = l.build_id)
        """;

    // Values are too long for an index, so it has their hashes.
    private const string HasValue = """
        l.build_id in (
            select p.workspace_build_id
            from workspace_build_parameters p
            where md5(lower(p.name || '=' || p.value)) = md5(@value) and lower(p.name || '=' || p.value) = @value)
        """;

    private const string HasValues = """
        l.build_id in (
            select p.workspace_build_id
            from workspace_build_parameters p
            where md5(lower(p.name || '=' || p.value)) = any (array(select md5(v) from unnest(@values::text[]) v))
              and lower(p.name || '=' || p.value) = any (@values)
            group by p.workspace_build_id
            having count(distinct lower(p.name || '=' || p.value)) = (select count(distinct v) from unnest(@values::text[]) v))
        """;

    // The status of an agent as the domain derives it; a test holds the two together.
    private const string Agents = """
        exists (
            select 1
            from workspace_resources r
            join workspace_agents a on a.resource_id = r.id
            where r.job_id = l.job_id and not a.deleted and
        """;

    private const string InTime =
        "(a.connection_timeout_seconds <= 0 or a.created_at >= @now - make_interval(secs => a.connection_timeout_seconds))";

    private const string IsHeardOf = """
        (a.disconnected_at is null or coalesce(a.last_connected_at > a.disconnected_at, false))
        and (a.simulated or coalesce(a.last_connected_at, a.first_connected_at) >= @heard)
        """;

    private const string Connecting = $"{Agents} a.first_connected_at is null and {InTime})";

    private const string TimedOut = $"{Agents} a.first_connected_at is null and not {InTime})";

    private const string Connected = $"{Agents} a.first_connected_at is not null and {IsHeardOf})";

    private const string Disconnected = $"{Agents} a.first_connected_at is not null and not ({IsHeardOf}))";

    private static readonly ScopeColumns Columns = new(
        id: "w.id",
        organization: "w.organization_id",
        owner: "w.owner_id",
        userAcl: "w.user_acl",
        groupAcl: "w.group_acl",
        form: AclForm.Permissions);

    public async Task<(IReadOnlyList<Guid> Ids, long Count)> ListAsync(WorkspaceQuery query, Page page, CancellationToken cancellationToken)
    {
        var (list, count) = Statements(query, page);
        var (ids, numbers) = await db.QueryWithNumbersAsync<Guid>(list, [count], cancellationToken);
        return (ids, numbers[0]);
    }

    /// <summary>The two statements of a list, for whoever wants to know how the database runs them.</summary>
    internal static (SqlText List, SqlText Count) Statements(WorkspaceQuery query, Page page)
    {
        var where = Where(query)
            .With("me", query.Me)
            .With("limit", page.Limit == 0 ? null : (long?)page.Limit)
            .With("offset", (long)page.Offset);
        return (where.Between(SelectIds, Order), where.Between(Count));
    }

    private static SqlFilter Where(WorkspaceQuery query)
    {
        var filter = query.Filter;
        var where = new SqlFilter()
            .AndScopes("w.dormant_at is null", query.Workspaces, query.Dormant, Columns)
            .AndIf(filter.Ids?.ToArray(), "w.id = any (@ids)", "ids")
            .AndIf(query.Organization, "w.organization_id = @organization", "organization")
            .AndIf(filter.Template, OfTemplate, "template")
            .AndIf(Patterns(filter.Names), "lower(w.name) like all (@names)", "names")
            .AndIf(filter.IsDormant, "(w.dormant_at is not null) = @dormant", "dormant")
            .AndIf(filter.LastUsedAfter, "w.last_used_at >= @used_after", "used_after")
            .AndIf(filter.LastUsedBefore, "w.last_used_at <= @used_before", "used_before")
            .AndIf(filter.IsOutdated, IsOutdated, "outdated")
            .AndIf(filter.HasAiTask, HasAiTask, "ai")
            .AndIf(filter.HasExternalAgent, HasExternalAgent, "external")
            .AndIf(filter.IsPrebuild, "(w.owner_id = 'c42fdf75-3097-471c-8c33-fb52454d81c0') = @prebuild", "prebuild")
            .AndIf(OrNull(filter.HasParameters), HasParameters, "parameters")
            .AndIf(filter.ParameterValues is [var only] ? only : null, HasValue, "value")
            .AndIf(filter.ParameterValues.Count > 1 ? filter.ParameterValues.ToArray() : null, HasValues, "values");
        AddOwner(where, filter.Owner, query.Me);
        AddStatus(where, filter.Status);
        AddAgent(where, filter.HasAgent, query.Now);
        return where;
    }

    private static void AddOwner(SqlFilter where, string? owner, Guid me)
    {
        if (owner == "me")
        {
            where.And("w.owner_id = @owner_id", me, "owner_id");
        }
        else if (owner is not null)
        {
            where.And("w.owner_id in (select o.id from users o where lower(o.username) = @owner)", owner, "owner");
        }
    }

    private static void AddStatus(SqlFilter where, WorkspaceStatus? status)
    {
        if (status != WorkspaceStatus.Deleted)
        {
            where.And("not w.deleted");
        }

        if (status is { } wanted)
        {
            var (job, transition) = JobOf(wanted);
            where.And("l.job_status = @job_status::provisioner_job_status", job.WireName(), "job_status");
            where.AndIf(transition?.WireName(), "l.transition = @transition::workspace_transition", "transition");
        }
    }

    /// <summary>The way back from a status to what it is derived from, see <see cref="WorkspaceStatuses.Of"/>.</summary>
    private static (JobStatus Job, WorkspaceTransition? Transition) JobOf(WorkspaceStatus status) => status switch
    {
        WorkspaceStatus.Pending => (JobStatus.Pending, null),
        WorkspaceStatus.Starting => (JobStatus.Running, WorkspaceTransition.Start),
        WorkspaceStatus.Running => (JobStatus.Succeeded, WorkspaceTransition.Start),
        WorkspaceStatus.Stopping => (JobStatus.Running, WorkspaceTransition.Stop),
        WorkspaceStatus.Stopped => (JobStatus.Succeeded, WorkspaceTransition.Stop),
        WorkspaceStatus.Failed => (JobStatus.Failed, null),
        WorkspaceStatus.Canceling => (JobStatus.Canceling, null),
        WorkspaceStatus.Canceled => (JobStatus.Canceled, null),
        WorkspaceStatus.Deleting => (JobStatus.Running, WorkspaceTransition.Delete),
        WorkspaceStatus.Deleted => (JobStatus.Succeeded, WorkspaceTransition.Delete),
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    private static void AddAgent(SqlFilter where, AgentStatus? status, DateTimeOffset now)
    {
        switch (status)
        {
            case null:
                break;
            case AgentStatus.Connecting:
                where.And(Connecting, now, "now");
                break;
            case AgentStatus.Timeout:
                where.And(TimedOut, now, "now");
                break;
            case AgentStatus.Connected:
                where.And(Connected, now - AgentContact.InactiveAfter, "heard");
                break;
            case AgentStatus.Disconnected:
                where.And(Disconnected, now - AgentContact.InactiveAfter, "heard");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(status));
        }
    }

    private static string[]? Patterns(IReadOnlyList<string> parts) => parts.Count == 0 ? null : [.. parts.Select(LikePattern.Containing)];

    private static string[]? OrNull(IReadOnlyList<string> texts) => texts.Count == 0 ? null : [.. texts];
}
