using System.Text.Json;
using System.Text.Json.Serialization;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;

namespace Coder.Infrastructure.Provisioning;

/// <summary>The JSON columns of jobs and daemons.</summary>
internal static class StoredInput
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write(JobInput input) => JsonSerializer.Serialize(
        new Entry(
            input.TemplateVersionId,
            input.WorkspaceBuildId,
            input.UserVariableValues,
            input.LogLevel,
            input.Stage == PrebuildStage.None ? null : input.Stage.WireName(),
            input.Orphan ? true : null,
            input.WorkspaceName,
            input.ParameterValues),
        Options);

    public static JobInput Read(string json)
    {
        var entry = JsonSerializer.Deserialize<Entry>(json, Options)!;
        return new JobInput
        {
            TemplateVersionId = entry.TemplateVersionId,
            WorkspaceBuildId = entry.WorkspaceBuildId,
            UserVariableValues = entry.UserVariableValues,
            LogLevel = entry.LogLevel,
            Stage = PrebuildStages.TryParse(entry.PrebuiltWorkspaceBuildStage, out var stage) ? stage : PrebuildStage.None,
            Orphan = entry.Orphan == true,
            WorkspaceName = entry.WorkspaceName,
            ParameterValues = entry.RichParameterValues,
        };
    }

    public static string Write(JobTags tags) => JsonSerializer.Serialize(tags.Values);

    public static JobTags ReadTags(string json) => JobTags.FromStored(JsonSerializer.Deserialize<Dictionary<string, string>>(json)!);

    private sealed record Entry(
        Guid? TemplateVersionId,
        Guid? WorkspaceBuildId,
        IReadOnlyDictionary<string, string>? UserVariableValues,
        string? LogLevel,
        string? PrebuiltWorkspaceBuildStage,
        bool? Orphan,
        string? WorkspaceName,
        IReadOnlyDictionary<string, string>? RichParameterValues);
}
