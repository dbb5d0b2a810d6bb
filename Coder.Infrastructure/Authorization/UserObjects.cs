using Coder.Application.Authorization;
using Coder.Domain.Authorization;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Authorization;

internal sealed class UserObjects(DbSession db) : IAuthorizationObjects
{
    public ResourceType Type => ResourceType.User;

    private const string Find = "select id from users where id = any (@ids) and not deleted";

    public async Task<IReadOnlyDictionary<Guid, ObjectRef>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        (await db.QueryAsync<Guid>(Find, new { ids = ids.ToArray() }, ct)).ToDictionary(id => id, ObjectRef.User);
}
