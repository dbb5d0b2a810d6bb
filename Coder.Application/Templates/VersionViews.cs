using Coder.Application.Provisioning;
using Coder.Domain.Templates;

namespace Coder.Application.Templates;

/// <summary>A version as its readers see it.</summary>
/// <param name="Version">The version.</param>
/// <param name="Job">The import.</param>
/// <param name="Author">Who made it.</param>
public sealed record VersionView(TemplateVersion Version, JobView Job, VersionAuthor Author);

/// <summary>Shows versions with their jobs.</summary>
internal sealed class VersionViews(IJobQueue queue, ITemplateVersionStore versions)
{
    /// <summary>The same versions, in the same order.</summary>
    public async Task<IReadOnlyList<VersionView>> OfAsync(IReadOnlyList<VersionFacts> found, CancellationToken ct)
    {
        if (found.Count == 0)
        {
            return [];
        }

        var jobs = await queue.ReadAsync([.. found.Select(facts => facts.Version.JobId)], ct);
        return [.. found.Select(facts => new VersionView(facts.Version, jobs[facts.Version.JobId], facts.Author))];
    }

    /// <summary>A version that the caller may see, or has just written.</summary>
    public async Task<VersionView> OneAsync(Guid version, CancellationToken ct) =>
        (await OfAsync(await versions.ReadAsync([version], ct), ct)).Single();
}
