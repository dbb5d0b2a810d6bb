using Coder.Application.Organizations;
using Coder.Application.Users;
using Coder.Domain.AuditLogs;
using Coder.Domain.Organizations;
using Coder.Domain.Users;

namespace Coder.Application.AuditLogs;

/// <summary>An entry with everything that its readers are shown.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="User">Who acted; <see langword="null"/> when nobody was signed in or the user is gone.</param>
/// <param name="Organization">The organization of the resource; <see langword="null"/> when it has none or is gone.</param>
/// <param name="IsDeleted">Whether the resource is gone.</param>
/// <param name="Description">See <see cref="AuditDescription"/>.</param>
/// <param name="Link">See <see cref="AuditLink"/>.</param>
public sealed record AuditLogView(
    AuditEntry Entry, User? User, Organization? Organization, bool IsDeleted, string Description, string Link);

/// <summary>Looks up what a page of entries refers to: one statement for all people, one for all organizations.</summary>
internal sealed class AuditLogViews(IUserDirectory users, IOrganizationStore organizations)
{
    public async Task<IReadOnlyList<AuditLogView>> OfAsync(IReadOnlyList<AuditRecord> records, CancellationToken ct)
    {
        var people = (await users.FindAsync(Ids(records, e => e.UserId), ct)).ToDictionary(u => u.Id);
        var tenants = (await organizations.FindEverAsync(Ids(records, e => e.OrganizationId), ct)).ToDictionary(o => o.Id);
        return
        [
            .. records.Select(r => new AuditLogView(
                r.Entry,
                people.GetValueOrDefault(r.Entry.UserId),
                tenants.GetValueOrDefault(r.Entry.OrganizationId),
                r.IsDeleted,
                AuditDescription.Of(r.Entry.ResourceType, r.Entry.Action, r.Entry.StatusCode),
                AuditLink.Of(r.Entry, r.IsDeleted, r.WorkspaceOwner)))
        ];
    }

    private static HashSet<Guid> Ids(IReadOnlyList<AuditRecord> records, Func<AuditEntry, Guid> id) =>
        [.. records.Select(r => id(r.Entry)).Where(found => found != Guid.Empty)];
}
