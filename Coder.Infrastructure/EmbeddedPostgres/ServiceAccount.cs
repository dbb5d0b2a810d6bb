using System.Globalization;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>The account that PostgreSQL runs as when the server itself runs as root, which PostgreSQL refuses.</summary>
internal sealed record ServiceAccount(string Name, uint UserId, uint GroupId)
{
    private static readonly string[] Preferred = ["postgres", "nobody"];

    /// <summary>The account to use, or <see langword="null"/> when the server is not root and PostgreSQL runs as the same user.</summary>
    /// <exception cref="EmbeddedPostgresException">The server runs as root on a system without a fitting account.</exception>
    public static ServiceAccount? ForThisProcess()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        return Choose(File.ReadAllText("/etc/passwd")) ?? throw new EmbeddedPostgresException(
            "The server runs as root, which PostgreSQL refuses, and there is neither an account postgres nor nobody to run it as. " +
            "Start the server as an ordinary user, or set CODER_PG_CONNECTION_URL.");
    }

    /// <summary>Chooses from the text of <c>/etc/passwd</c>: <c>postgres</c>, else <c>nobody</c>.</summary>
    public static ServiceAccount? Choose(string passwd)
    {
        var accounts = passwd.Split('\n').Select(Parse).OfType<ServiceAccount>().ToList();
        return Preferred
            .Select(name => accounts.Find(account => account.Name == name))
            .FirstOrDefault(account => account is not null);
    }

    private static ServiceAccount? Parse(string line)
    {
        var fields = line.Split(':');
        // macOS writes ids beyond 2^31 as negative numbers.
        return fields.Length > 3
            && long.TryParse(fields[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var user)
            && long.TryParse(fields[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var group)
                ? new ServiceAccount(fields[0], unchecked((uint)user), unchecked((uint)group))
                : null;
    }
}
