using System.Globalization;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;

namespace Coder.Application.Licensing;

/// <summary>What the audit log says of a license: never the token (docs/spec/licensing.md, section 6).</summary>
internal static class LicenseAudit
{
    public static string Target(int id) => id.ToString(CultureInfo.InvariantCulture);

    public static AuditSnapshot Snapshot(Guid uuid, DateTimeOffset uploadedAt, DateTimeOffset exp) => new AuditSnapshot(AuditResourceType.License)
        .With("uuid", uuid.ToString())
        .With("uploaded_at", uploadedAt.ToRfc3339())
        .With("exp", exp.ToRfc3339());
}
