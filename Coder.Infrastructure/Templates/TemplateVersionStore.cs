using System.Text.Json;
using Coder.Application.Templates;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Templates;

internal sealed class TemplateVersionStore(DbSession db) : ITemplateVersionStore
{
    private const string Select = """
        select v.id, v.template_id, v.organization_id, v.created_at, v.updated_at, v.name, v.readme, v.job_id, v.created_by, v.message,
               v.archived, v.source_example_id, v.has_ai_task, v.has_external_agent, j.job_status::text as job_status,
               coalesce(j.error, '') as job_error, j.file_id, j.provisioner::text as job_provisioner, j.tags::text as tags,
               u.username as author_name, u.avatar_url as author_avatar
        from template_versions v
        join provisioner_jobs j on j.id = v.job_id
        join users u on u.id = v.created_by
        """;

    private const string Read = Select + " where v.id = any (@ids)";

    public async Task<IReadOnlyList<VersionFacts>> ReadAsync(IReadOnlyCollection<Guid> versions, CancellationToken ct) =>
        [.. (await db.QueryAsync<VersionRow>(Read, new { ids = versions.ToArray() }, ct)).Select(row => row.ToFacts())];

    private const string Lock = Select + " where v.id = @version for update of v";

    public async Task<VersionFacts?> LockAsync(Guid version, CancellationToken ct) =>
        (await db.QueryOneAsync<VersionRow>(Lock, new { version }, ct))?.ToFacts();

    private const string AfterCursor =
        "(v.created_at, v.id) > (select c.created_at, c.id from template_versions c where c.id = @after and c.template_id = @template)";

    public async Task<IReadOnlyList<VersionFacts>> ListAsync(Guid template, bool includeArchived, Page page, CancellationToken ct)
    {
        var where = new SqlFilter().And("v.template_id = @template", template, "template").AndIf(page.AfterId, AfterCursor, "after");
        if (!includeArchived)
        {
            where.And("not v.archived");
        }

        var sql = where
            .With("limit", page.Limit == 0 ? null : (long?)page.Limit)
            .With("offset", (long)page.Offset)
            .Between(Select, "order by v.created_at, v.id limit @limit offset @offset");
        return [.. (await db.QueryAsync<VersionRow>(sql, ct)).Select(row => row.ToFacts())];
    }

    private const string FindByName = Select + " where v.template_id = @template and v.name = @name";

    public async Task<VersionFacts?> FindByNameAsync(Guid template, string name, CancellationToken ct) =>
        (await db.QueryOneAsync<VersionRow>(FindByName, new { template, name }, ct))?.ToFacts();

    private const string FindPrevious = Select + """
         where v.template_id = @templateId and (v.created_at, v.id) < (@createdAt, @id)
        order by v.created_at desc, v.id desc
        limit 1
        """;

    public async Task<VersionFacts?> FindPreviousAsync(TemplateVersion version, CancellationToken ct) =>
        (await db.QueryOneAsync<VersionRow>(FindPrevious, new { version.TemplateId, version.CreatedAt, version.Id }, ct))?.ToFacts();

    private const string Add = """
        insert into template_versions
            (id, template_id, organization_id, created_at, updated_at, name, readme, job_id, created_by, message, source_example_id,
             provisioner)
        values
            (@id, @templateId, @organizationId, @createdAt, @updatedAt, @name, @readme, @jobId, @createdBy, @message, @sourceExampleId,
             @provisioner::provisioner_type)
        on conflict (template_id, name) do nothing
        """;

    public async Task<bool> AddAsync(TemplateVersion version, ProvisionerType provisioner, CancellationToken ct) => await db.ExecuteAsync(
        Add,
        new
        {
            version.Id,
            version.TemplateId,
            version.OrganizationId,
            version.CreatedAt,
            version.UpdatedAt,
            version.Name,
            version.Readme,
            version.JobId,
            version.CreatedBy,
            version.Message,
            version.SourceExampleId,
            provisioner = provisioner.WireName(),
        },
        ct) > 0;

    private const string Update = """
        update template_versions
        set template_id = @templateId, updated_at = @updatedAt, name = @name, message = @message, archived = @isArchived
        where id = @id
        """;

    public Task<bool> UpdateAsync(TemplateVersion version, CancellationToken ct) => db.ExecuteUniqueAsync(
        Update,
        new { version.Id, version.TemplateId, version.UpdatedAt, version.Name, version.Message, version.IsArchived },
        "template_versions_template_id_name_key",
        ct);

    private const string WantedProvisioner = "select v.provisioner::text from template_versions v where v.id = @version";

    public async Task<ProvisionerType> WantedProvisionerAsync(Guid version, CancellationToken ct) =>
        ProvisionerTypes.TryParse(await db.ScalarAsync<string>(WantedProvisioner, new { version }, ct), out var type)
            ? type
            : throw new InvalidOperationException("A version is gone.");

    private const string ArchiveUnused = """
        update template_versions v
        set archived = true, updated_at = @now
        from templates t, provisioner_jobs j
        """;

    private const string IsUnused = """
        t.id = @template and v.template_id = t.id and j.id = v.job_id and not v.archived and v.id <> t.active_version_id
        and not exists (
            select 1
            from workspaces w
            join lateral (
                select b.template_version_id
                from workspace_builds b
                where b.workspace_id = w.id
                order by b.build_number desc
                limit 1
            ) latest on latest.template_version_id = v.id
            where w.template_id = t.id and not w.deleted)
        """;

    public async Task<IReadOnlyList<Guid>> ArchiveUnusedAsync(
        Guid template, Guid? version, bool failedOnly, DateTimeOffset now, CancellationToken ct)
    {
        var where = new SqlFilter()
            .And(IsUnused, template, "template")
            .And("j.job_status in ('succeeded', 'failed', 'canceled')")
            .AndIf(failedOnly ? true : null, "(j.job_status <> 'succeeded') = @failed", "failed")
            .AndIf(version, "v.id = @version", "version")
            .With("now", now);
        return [.. (await db.QueryAsync<Guid>(where.Between(ArchiveUnused, "returning v.id"), ct)).Order()];
    }

    private sealed record VersionRow
    {
        public Guid Id { get; init; }

        public Guid? TemplateId { get; init; }

        public Guid OrganizationId { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; init; }

        public string Name { get; init; } = "";

        public string Readme { get; init; } = "";

        public Guid JobId { get; init; }

        public Guid CreatedBy { get; init; }

        public string Message { get; init; } = "";

        public bool Archived { get; init; }

        public string? SourceExampleId { get; init; }

        public bool? HasAiTask { get; init; }

        public bool? HasExternalAgent { get; init; }

        public string JobStatus { get; init; } = "";

        public string JobError { get; init; } = "";

        public Guid FileId { get; init; }

        public string JobProvisioner { get; init; } = "";

        public string Tags { get; init; } = "{}";

        public string AuthorName { get; init; } = "";

        public string AuthorAvatar { get; init; } = "";

        public VersionFacts ToFacts() => new(
            new TemplateVersion
            {
                Id = Id,
                TemplateId = TemplateId,
                OrganizationId = OrganizationId,
                CreatedAt = CreatedAt,
                UpdatedAt = UpdatedAt,
                Name = Name,
                Message = Message,
                Readme = Readme,
                JobId = JobId,
                CreatedBy = CreatedBy,
                IsArchived = Archived,
                SourceExampleId = SourceExampleId,
                HasAiTask = HasAiTask,
                HasExternalAgent = HasExternalAgent,
            },
            new ImportFacts
            {
                Status = JobStatuses.TryParse(JobStatus, out var status) ? status : Domain.Provisioning.JobStatus.Unknown,
                Error = JobError,
                FileId = FileId,
                Provisioner = ProvisionerTypes.TryParse(JobProvisioner, out var provisioner) ? provisioner : default,
                Tags = JobTags.FromStored(JsonSerializer.Deserialize<Dictionary<string, string>>(Tags) ?? []),
            })
        {
            Author = new VersionAuthor(CreatedBy, AuthorName, AuthorAvatar),
        };
    }
}
