using System.Text.Json;
using Coder.Application.Templates;
using Coder.Domain.Templates;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Templates;

internal sealed class TemplateVersionContents(DbSession db) : ITemplateVersionContents
{
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
