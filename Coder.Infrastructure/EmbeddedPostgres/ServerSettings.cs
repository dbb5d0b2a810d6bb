using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>The settings of the embedded PostgreSQL, written into its data folder at every start.</summary>
internal static class ServerSettings
{
    internal const string FileName = "coder.conf";
    internal const int SocketPort = 5432;

    /// <summary>Bytes; the operating systems allow 107 (Linux) and 103 (macOS).</summary>
    internal const int LongestSocketPath = 100;

    /// <summary>Renders the file; <paramref name="overrides"/> win over the built-in values.</summary>
    /// <param name="socketDirectory">Folder of the Unix socket, or <see langword="null"/> for TCP on 127.0.0.1.</param>
    /// <param name="port">TCP port, or the number in the socket's name.</param>
    /// <param name="overrides">More settings, unquoted.</param>
    public static string Render(string? socketDirectory, int port, IReadOnlyDictionary<string, string> overrides)
    {
        Dictionary<string, string> settings = new(StringComparer.OrdinalIgnoreCase)
        {
            ["listen_addresses"] = socketDirectory is null ? "127.0.0.1" : "",
            ["unix_socket_directories"] = socketDirectory is null ? "" : QuoteInList(socketDirectory),
            ["unix_socket_permissions"] = "0700",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["password_encryption"] = "scram-sha-256",
            // Npgsql's pool holds up to 100; listeners, migrations and an operator's psql come on top.
            ["max_connections"] = "150",
            ["shared_buffers"] = "64MB",
            ["max_wal_size"] = "512MB",
            // Statements are short and prepared: compiling them costs more than it gains.
            ["jit"] = "off",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
        };
        foreach (var (name, value) in overrides)
        {
            settings[name] = value;
        }

        var text = new StringBuilder("# Written by the Coder server at every start; changes are lost. ALTER SYSTEM wins over it.\n");
        foreach (var (name, value) in settings)
        {
            text.Append(name).Append(" = '")
                .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal))
                .Append("'\n");
        }

        return text.ToString();
    }

    /// <summary>The setting is a list, in which commas and blanks count unless they are quoted.</summary>
    private static string QuoteInList(string path) => $"\"{path.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Name of the Unix socket of a port.</summary>
    public static string SocketName(int port) => string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{port}");

    /// <summary>
    /// Whether the operating system and Npgsql take the path of a socket in this folder: the one limits its length, the other
    /// takes a comma for the end of a host.
    /// </summary>
    public static bool CanHoldSocket(string directory) =>
        Encoding.UTF8.GetByteCount(Path.Combine(directory, SocketName(SocketPort))) <= LongestSocketPath
        && !directory.Contains(',', StringComparison.Ordinal);

    /// <summary>A port of 127.0.0.1 that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
