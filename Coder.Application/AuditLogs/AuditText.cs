using System.Globalization;

namespace Coder.Application.AuditLogs;

/// <summary>Values as texts in a diff.</summary>
internal static class AuditText
{
    /// <summary>RFC 3339 in UTC with as many fraction digits as are needed, like times everywhere else.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
