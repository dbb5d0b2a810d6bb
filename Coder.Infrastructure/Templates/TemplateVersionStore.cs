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

    private const string Parameters = """
        select p.name, p.display_name, p.description, p.type, p.form_type, p.mutable, p.default_value, p.icon, p.options::text as options,
               p.validation_regex, p.validation_error, p.validation_min, p.validation_max, p.validation_monotonic, p.required, p.ephemeral
        from template_version_parameters p
        where p.template_version_id = @version
        order by p.display_order, lower(p.name), p.name
        """;

    public async Task<IReadOnlyList<TemplateParameter>> ParametersAsync(Guid version, CancellationToken ct) =>
        [.. (await db.QueryAsync<ParameterRow>(Parameters, new { version }, ct)).Select(row => row.ToParameter())];

    private const string Presets = """
        select p.id, p.template_version_id, p.name, p.description, p.icon, p.is_default, p.desired_instances,
               (select coalesce(jsonb_object_agg(v.name, v.value), '{}')
                from template_version_preset_parameters v
                where v.template_version_preset_id = p.id)::text as parameters
        from template_version_presets p
        where p.template_version_id = @version
        order by p.is_default desc, lower(p.name), p.name
        """;

    public async Task<IReadOnlyList<VersionPreset>> PresetsAsync(Guid version, CancellationToken ct) =>
        [.. (await db.QueryAsync<PresetRow>(Presets, new { version }, ct)).Select(row => row.ToPreset())];

    private const string Variables = """
        select v.name, v.description, v.type, v.value, v.default_value, v.required, v.sensitive
        from template_version_variables v
        where v.template_version_id = @version
        order by lower(v.name), v.name
        """;

    public async Task<IReadOnlyList<VersionVariable>> VariablesAsync(Guid version, CancellationToken ct) =>
        [.. (await db.QueryAsync<VariableRow>(Variables, new { version }, ct)).Select(row => row.ToVariable())];

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

    private sealed record ParameterRow
    {
        private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

        public string Name { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public string Description { get; init; } = "";

        public string Type { get; init; } = "";

        public string FormType { get; init; } = "";

        public bool Mutable { get; init; }

        public string DefaultValue { get; init; } = "";

        public string Icon { get; init; } = "";

        public string Options { get; init; } = "[]";

        public string ValidationRegex { get; init; } = "";

        public string ValidationError { get; init; } = "";

        public int? ValidationMin { get; init; }

        public int? ValidationMax { get; init; }

        public string ValidationMonotonic { get; init; } = "";

        public bool Required { get; init; }

        public bool Ephemeral { get; init; }

        public TemplateParameter ToParameter()
        {
            var type = TypeOf(Type);
            var options = JsonSerializer.Deserialize<OptionRow[]>(Options, Snake) ?? [];
            return new TemplateParameter
            {
                Name = Name,
                DisplayName = DisplayName,
                Description = Description,
                Type = type,
                FormType = ParameterFormTypes.TryParse(FormType, out var form)
                    ? form
                    : ParameterRules.FormTypes(type, options.Length > 0)[0],
                Mutable = Mutable,
                DefaultValue = Required ? null : DefaultValue,
                Icon = Icon,
                Options = [.. options.Select(o => new ParameterOption(o.Name, o.Description, o.Value, o.Icon))],
                ValidationRegex = ValidationRegex,
                ValidationError = ValidationError,
                ValidationMin = ValidationMin,
                ValidationMax = ValidationMax,
                ValidationMonotonic = MonotonicOrders.TryParse(ValidationMonotonic, out var order) ? order : default,
                Ephemeral = Ephemeral,
            };
        }
    }

    private sealed record OptionRow
    {
        public string Name { get; init; } = "";

        public string Description { get; init; } = "";

        public string Value { get; init; } = "";

        public string Icon { get; init; } = "";
    }

    private sealed record PresetRow
    {
        public Guid Id { get; init; }

        public Guid TemplateVersionId { get; init; }

        public string Name { get; init; } = "";

        public string Description { get; init; } = "";

        public string Icon { get; init; } = "";

        public bool IsDefault { get; init; }

        public int? DesiredInstances { get; init; }

        public string Parameters { get; init; } = "{}";

        public VersionPreset ToPreset() => new()
        {
            Id = Id,
            TemplateVersionId = TemplateVersionId,
            Name = Name,
            Description = Description,
            Icon = Icon,
            IsDefault = IsDefault,
            DesiredInstances = DesiredInstances,
            Parameters =
            [
                .. (JsonSerializer.Deserialize<Dictionary<string, string>>(Parameters) ?? [])
                    .OrderBy(p => p.Key, StringComparer.Ordinal)
                    .Select(p => new ParameterValue(p.Key, p.Value)),
            ],
        };
    }

    private sealed record VariableRow
    {
        public string Name { get; init; } = "";

        public string Description { get; init; } = "";

        public string Type { get; init; } = "";

        public string Value { get; init; } = "";

        public string DefaultValue { get; init; } = "";

        public bool Required { get; init; }

        public bool Sensitive { get; init; }

        public VersionVariable ToVariable() => new(
            new TemplateVariable
            {
                Name = Name,
                Description = Description,
                Type = TypeOf(Type),
                DefaultValue = DefaultValue,
                Required = Required,
                Sensitive = Sensitive,
            },
            Value);
    }

    private static ParameterType TypeOf(string name) =>
        ParameterTypes.TryParse(name, out var type) ? type : throw new InvalidOperationException($"Unknown parameter type {name}.");
}
