using Coder.Application.Common;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Common;

/// <summary>Reads once, at start, what never changes about a deployment.</summary>
public sealed class Deployment : IDeployment
{
    private const string FindId = "select value from site_configs where key = 'deployment_id'";

    private Guid? _id;

    /// <inheritdoc/>
    public Guid Id => _id ?? throw new InvalidOperationException("The deployment was not loaded.");

    /// <summary>Must run after the migrations and before anything asks.</summary>
    public async Task LoadAsync(DbSession db, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        _id = Guid.Parse(await db.ScalarAsync<string>(FindId, null, ct) ?? throw new InvalidOperationException("The database has no deployment id."));
    }
}
