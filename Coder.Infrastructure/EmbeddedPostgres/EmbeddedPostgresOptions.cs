namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>Where the embedded PostgreSQL lives and how it runs.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>The server's folder (<c>CODER_CONFIG_DIR</c>); made if missing. One server at a time uses it.</summary>
    public required string ConfigDirectory { get; init; }

    /// <summary>The only folder to take programs from (<c>CODER_PG_BIN</c>); <see langword="null"/> for the usual places.</summary>
    public string? BinDirectory { get; init; }

    /// <summary>Settings that win over the built-in ones, by their names in <c>postgresql.conf</c>; values are unquoted.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether new data is flushed to disk before it is used; costs about 0.4 s once. Off only for throw-away databases.</summary>
    public bool SyncNewData { get; init; } = true;

    /// <summary>How long PostgreSQL may take to accept connections; recovery after a crash counts too.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a fast shutdown may take before it becomes an immediate one, after which the next start recovers.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the data goes when the server runs as root and PostgreSQL's account can not get into the folder.</summary>
    internal string FallbackDirectory { get; init; } = "/var/lib/coder/postgres";

    /// <summary>Where programs are looked for; tests narrow it.</summary>
    internal BinarySearch? Search { get; init; }
}
