using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;
using Coder.Infrastructure.Common;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Provisioning;

internal sealed class BuiltInDaemonStore(DbSession db, ServerVersion version) : IBuiltInDaemonStore
{
    private const int LongestName = 64;

    private const string Register = """
        insert into provisioner_daemons (id, created_at, name, provisioners, tags, last_seen_at, version, organization_id, built_in)
        select @newId, @at, @name, '{echo,terraform}'::provisioner_type[], '{"scope": "organization", "owner": ""}'::jsonb, @at, @version,
               o.id, true
        from organizations o
        where o.is_default
        on conflict (organization_id, name, lower(coalesce(tags ->> 'owner', ''))) do update
        set last_seen_at = greatest(provisioner_daemons.last_seen_at, excluded.last_seen_at), provisioners = excluded.provisioners,
            tags = excluded.tags, version = excluded.version, built_in = true, key_id = null, registered_by = null
        returning id, organization_id as organization
        """;

    public async Task<BuiltInDaemon> RegisterAsync(string name, Guid newId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);

        // What tells the daemons of one machine apart stands at the end.
        var values = new { newId, at, name = name.Length <= LongestName ? name : name[^LongestName..], version = version.Text };
        var row = await db.QueryOneAsync<Row>(Register, values, cancellationToken)
            ?? throw new InvalidOperationException("There is no default organization.");
        return new BuiltInDaemon(row.Id, row.Organization);
    }

    // As for the other daemons, the columns of the daemon stand in subqueries, so that rows come in the order of the queue's index.
    private const string Acquire = $"""
        with me as materialized (
            select organization_id, tags from provisioner_daemons where id = @daemon
        ), taken as (
            update provisioner_jobs
            set started_at = @at, updated_at = @at, worker_id = @daemon
            where id = (
                select j.id
                from provisioner_jobs j
                where j.organization_id = (select organization_id from me)
                  and {JobSql.Waits}
                  and case when j.tags = {Plain} then (select tags from me) = j.tags else (select tags from me) @> j.tags end
                  and (j.provisioner = 'echo' or not exists (
                      select 1
                      from provisioner_daemons d
                      where d.organization_id = j.organization_id and not d.built_in and d.last_seen_at >= @since
                        and 'terraform' = any (d.provisioners) and {JobSql.TagsFit}))
                order by j.priority, j.created_at, j.id
                limit 1
                for update skip locked)
            returning id
        )
        select id from taken where pg_notify(@channel, id::text) is not null
        """;

    private const string Plain = """'{"scope": "organization", "owner": ""}'::jsonb""";

    public Task<Guid?> AcquireAsync(Guid daemon, DateTimeOffset at, CancellationToken cancellationToken) => db.ScalarAsync<Guid?>(
        Acquire,
        new { daemon, at, since = at - DaemonStatuses.StaleAfter, channel = NotificationChannels.ProvisionerJobChanged },
        cancellationToken);

    private sealed record Row
    {
        public Guid Id { get; init; }

        public Guid Organization { get; init; }
    }
}
