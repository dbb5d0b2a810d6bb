using Coder.Application.Licensing;
using Coder.Domain.Templates;

namespace Coder.Application.Templates;

internal sealed class TemplateDirectory(
    ITemplateStore templates, ITemplateVersionStore versions, ITemplateVersionContents contents, IEntitlementSource entitlements)
    : ITemplateDirectory
{
    public async Task<Template?> FindAsync(Guid template, CancellationToken ct) =>
        (await ReadAsync([template], ct)).GetValueOrDefault(template);

    public async Task<IReadOnlyDictionary<Guid, Template>> ReadAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        (await templates.ReadAsync(ids, ct)).ToDictionary(found => found.Id, found => TemplateLicensing.Apply(found, entitlements.Current));

    public async Task<Template?> HoldAsync(Guid template, CancellationToken ct) =>
        await templates.HoldAsync(template, ct) is { } found ? TemplateLicensing.Apply(found, entitlements.Current) : null;

    public async Task<VersionFacts?> FindVersionAsync(Guid version, CancellationToken ct) =>
        (await versions.ReadAsync([version], ct)).SingleOrDefault();

    public async Task<IReadOnlyDictionary<Guid, VersionFacts>> ReadVersionsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        (await versions.ReadAsync(ids, ct)).ToDictionary(found => found.Version.Id);

    public Task<IReadOnlyList<TemplateParameter>> ParametersAsync(Guid version, CancellationToken ct) =>
        contents.ParametersAsync(version, ct);

    public Task<IReadOnlyList<VersionPreset>> PresetsAsync(Guid version, CancellationToken ct) => contents.PresetsAsync(version, ct);
}
