using Coder.Domain.Licensing;

namespace Coder.Application.Licensing;

/// <summary>The licenses of this deployment. A token is a bearer secret: it goes in, and comes out for verification only.</summary>
public interface ILicenseStore
{
    /// <summary>All licenses, ordered by id.</summary>
    Task<IReadOnlyList<LicenseRecord>> ListAsync(CancellationToken ct);

    /// <summary>Adds a license.</summary>
    /// <returns>Its id, and whether it is new; the same token is never stored twice, also by simultaneous calls.</returns>
    Task<(int Id, bool IsNew)> AddAsync(string token, Guid uuid, DateTimeOffset uploadedAt, DateTimeOffset exp, CancellationToken ct);

    /// <summary>Deletes a license.</summary>
    /// <returns>What was deleted, or <see langword="null"/> when there is none with this id.</returns>
    Task<DeletedLicense?> DeleteAsync(int id, CancellationToken ct);
}

/// <summary>A license that was just deleted, without its token.</summary>
/// <param name="Uuid">The license's own id.</param>
/// <param name="UploadedAt">UTC.</param>
/// <param name="Exp">When it ended, or would have.</param>
public sealed record DeletedLicense(Guid Uuid, DateTimeOffset UploadedAt, DateTimeOffset Exp);

/// <summary>A stored license.</summary>
/// <param name="Id">Number of the row; never used again.</param>
/// <param name="Uuid">The id that the license brought along, or one that was made for it.</param>
/// <param name="UploadedAt">UTC.</param>
/// <param name="Token">The token. This record does not print it.</param>
public sealed record LicenseRecord(int Id, Guid Uuid, DateTimeOffset UploadedAt, string Token)
{
    /// <inheritdoc/>
    public override string ToString() => $"{nameof(LicenseRecord)} {{ {nameof(Id)} = {Id}, {nameof(Uuid)} = {Uuid} }}";
}

/// <summary>A license as it is shown: everything but the token.</summary>
/// <param name="Id">Number of the row.</param>
/// <param name="Uuid">The license's own id.</param>
/// <param name="UploadedAt">UTC.</param>
/// <param name="ClaimsJson">The payload of the token verbatim: one JSON object.</param>
public sealed record LicenseInfo(int Id, Guid Uuid, DateTimeOffset UploadedAt, string ClaimsJson);

/// <summary>What the limits of licenses are compared with.</summary>
public interface IUsageCounts
{
    /// <summary>Users that take a seat: active, not deleted, not of the system.</summary>
    Task<long> ActiveUsersAsync(CancellationToken ct);

    /// <summary>Running servers of this deployment, this one included; others count once they are a minute old (docs/spec/licensing.md, rule 4.8.2).</summary>
    Task<int> ReplicasAsync(DateTimeOffset now, CancellationToken ct);

    /// <summary>Starts of workspaces with managed agents, both ends of the period included, exact to the microsecond.</summary>
    Task<long> ManagedAgentsAsync(UsageWindow window, CancellationToken ct);
}

/// <summary>What this deployment switches on.</summary>
/// <param name="Switches">Features switched on by configuration.</param>
/// <param name="TelemetryEnabled">Satisfies licenses that require telemetry.</param>
public sealed record LicensingOptions(FeatureSwitches Switches, bool TelemetryEnabled);
