using Coder.Application.Licensing;
using Coder.Application.Templates;
using Coder.Domain.Authorization;
using Coder.Domain.Builds;
using Coder.Domain.Common;
using Coder.Domain.Prebuilds;
using Coder.Domain.Templates;

namespace Coder.Application.Builds;

/// <summary>Finds out what a build is made of: version, parameter values and preset (docs/spec/workspaces.md, sections 7.2 and 9.5).</summary>
internal sealed class BuildPlanner(IBuildStore builds, ITemplateDirectory templates, IEntitlementSource entitlements)
{
    /// <summary>Reads a template as the license lets it apply now.</summary>
    public async Task<Template?> FindTemplateAsync(Guid template, CancellationToken cancellationToken) =>
        await templates.FindAsync(template, cancellationToken) is { } found ? TemplateLicensing.Apply(found, entitlements.Current) : null;

    /// <summary>Plans a build.</summary>
    /// <param name="order">What is asked for.</param>
    /// <param name="template">What the workspace is made of, as it applies now.</param>
    /// <param name="latest">The build before; null for the first one, and for a claim, which is the first one of its owner.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<Result<BuildPlan>> PlanAsync(
        BuildOrder order, Template template, LatestBuild? latest, CancellationToken cancellationToken)
    {
        if (!(await ChooseVersionAsync(order, template, latest, cancellationToken)).Is(out var version, out var error))
        {
            return error;
        }

        var presets = await templates.PresetsAsync(version.Version.Id, cancellationToken);
        if (order.PresetId is { } wanted && !presets.Any(preset => preset.Id == wanted))
        {
            return BuildRules.NoPreset(wanted);
        }

        var given = ByName(order.Values);
        var sources = new ParameterSources
        {
            Given = given,
            Preset = ByName(presets.FirstOrDefault(preset => preset.Id == order.PresetId)?.Parameters ?? []),
            LastBuild = latest is null ? ByName([]) : ByName(await builds.ValuesAsync(latest.Id, cancellationToken)),
        };
        var parameters = await templates.ParametersAsync(version.Version.Id, cancellationToken);
        if (!ParameterResolution.Resolve(parameters, sources).Is(out var values, out error))
        {
            return error;
        }

        return new BuildPlan
        {
            Template = template,
            Version = version,
            Values = values,
            PresetId = order.PresetId ?? Match(presets, ByName(values)),
            RequestedPresetId = order.PresetId ?? Match(presets, given),
        };
    }

    private async Task<Result<VersionFacts>> ChooseVersionAsync(
        BuildOrder order, Template template, LatestBuild? latest, CancellationToken cancellationToken)
    {
        var id = order.VersionId ?? BuildRules.VersionOf(
            order.Transition, template.ActiveVersionId, order.UseActiveVersion ? null : latest?.VersionId, template.RequireActiveVersion);
        if (await templates.FindVersionAsync(id, cancellationToken) is not { } version || version.Version.TemplateId != template.Id)
        {
            return BuildRules.NoVersion(id);
        }

        if (BuildRules.JudgeImport(version.Version.Name, version.Job.Status, version.Job.Error) is { } refused)
        {
            return refused;
        }

        return BuildRules.NeedsActiveVersion(order.Transition, template, id)
            && !Authorizer.Can(order.Actor, PermissionAction.Update, template.Ref)
                ? BuildRules.ActiveVersionRequired
                : version;
    }

    private static Guid? Match(IEnumerable<VersionPreset> presets, IReadOnlyDictionary<string, string> values) =>
        PresetMatch.Choose(presets.Select(p => new PresetCandidate(p.Id, p.Name, p.IsDefault, ByName(p.Parameters))), values)?.Id;

    private static Dictionary<string, string> ByName(IReadOnlyList<ParameterValue> values) =>
        values.ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal);
}
