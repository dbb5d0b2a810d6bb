using Coder.Application.Deployment;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Common;

internal sealed class DatabaseHealth(DbSession db) : IDatabaseHealth
{
    private const string Ping = "select 1";

    public Task PingAsync(CancellationToken ct) => db.ScalarAsync<int>(Ping, null, ct);
}
