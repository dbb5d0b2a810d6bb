using Coder.Application.Users;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Users;

internal sealed class OrganizationStore(DbSession db) : IOrganizationStore
{
    private const string DefaultId = "select id from organizations where is_default";

    public Task<Guid> DefaultIdAsync(CancellationToken ct) => db.ScalarAsync<Guid>(DefaultId, null, ct);
}
