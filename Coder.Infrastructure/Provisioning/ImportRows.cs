using System.Text.Json;
using Coder.Application.Provisioning;
using Coder.Domain.Templates;

namespace Coder.Infrastructure.Provisioning;

/// <summary>The rows of an import as <c>jsonb_to_recordset</c> reads them: one statement fills all tables.</summary>
internal static class ImportRows
{
    public static string Json<T>(IEnumerable<T> rows) => RowJson.Of(rows);

    public static ParameterRow Parameter(TemplateParameter parameter, int order) => new(
        parameter.Name,
        parameter.DisplayName,
        parameter.Description,
        parameter.Type.WireName(),
        parameter.FormType.WireName(),
        parameter.Mutable,
        parameter.DefaultValue ?? "",
        parameter.Icon,
        parameter.Options.Select(option => new OptionRow(option.Name, option.Description, option.Value, option.Icon)),
        parameter.ValidationRegex,
        parameter.ValidationError,
        parameter.ValidationMin,
        parameter.ValidationMax,
        parameter.ValidationMonotonic.WireName(),
        parameter.Required,
        parameter.Ephemeral,
        order);

    public static VariableRow Variable(ResolvedVariable resolved) => new(
        resolved.Variable.Name,
        resolved.Variable.Description,
        resolved.Variable.Type.WireName(),
        resolved.Value,
        resolved.Variable.DefaultValue ?? "",
        resolved.Variable.Required,
        resolved.Variable.Sensitive);

    public static PresetRow Preset(PlannedPreset planned) => new(
        planned.Id,
        planned.Preset.Name,
        planned.Preset.Prebuilds?.Instances,
        planned.Preset.Prebuilds?.Ttl is { } ttl ? (int)ttl.TotalSeconds : null,
        planned.Preset.Prebuilds?.Timezone ?? "",
        planned.Preset.IsDefault,
        planned.Preset.Description,
        planned.Preset.Icon);

    public static IEnumerable<PresetParameterRow> Parameters(PlannedPreset planned) =>
        planned.Preset.Parameters.Select(parameter => new PresetParameterRow(planned.Id, parameter.Key, parameter.Value));

    public static IEnumerable<ScheduleRow> Schedules(PlannedPreset planned) =>
        planned.Preset.Prebuilds?.Schedules.Select(schedule => new ScheduleRow(planned.Id, schedule.Cron, schedule.Instances)) ?? [];

    internal sealed record ParameterRow(
        string Name,
        string DisplayName,
        string Description,
        string Type,
        string FormType,
        bool Mutable,
        string DefaultValue,
        string Icon,
        IEnumerable<OptionRow> Options,
        string ValidationRegex,
        string ValidationError,
        int? ValidationMin,
        int? ValidationMax,
        string ValidationMonotonic,
        bool Required,
        bool Ephemeral,
        int DisplayOrder);

    internal sealed record OptionRow(string Name, string Description, string Value, string Icon);

    internal sealed record VariableRow(
        string Name, string Description, string Type, string Value, string DefaultValue, bool Required, bool Sensitive);

    internal sealed record PresetRow(
        Guid Id,
        string Name,
        int? DesiredInstances,
        int? InvalidateAfterSecs,
        string SchedulingTimezone,
        bool IsDefault,
        string Description,
        string Icon);

    internal sealed record PresetParameterRow(Guid PresetId, string Name, string Value);

    internal sealed record ScheduleRow(Guid PresetId, string CronExpression, int DesiredInstances);
}

/// <summary>Rows as JSON, whose keys are the names of columns.</summary>
internal static class RowJson
{
    private static readonly JsonSerializerOptions Columns = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Of<T>(IEnumerable<T> rows) => JsonSerializer.Serialize(rows, Columns);
}
