using System.Globalization;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>What a postmaster says about itself in the last line of <c>postmaster.pid</c>.</summary>
internal enum PostmasterStatus
{
    /// <summary>Not yet accepting connections: starting, or recovering after a crash.</summary>
    Starting,

    /// <summary>Accepting connections.</summary>
    Ready,

    /// <summary>Shutting down.</summary>
    Stopping,

    /// <summary>A standby that does not accept connections.</summary>
    Standby,
}

/// <summary>The content of <c>postmaster.pid</c>, which a postmaster keeps while it runs and leaves behind when it is killed.</summary>
/// <param name="ProcessId">The postmaster's process id.</param>
/// <param name="DataDirectory">Its data folder.</param>
/// <param name="StartedAt">Unix time of its start in seconds.</param>
/// <param name="Port">TCP port, which is also the number in the socket's name.</param>
/// <param name="SocketDirectory">Folder of its first Unix socket; empty if it has none.</param>
/// <param name="Status">A file that is still being written counts as starting.</param>
internal sealed record PostmasterFile(
    int ProcessId, string DataDirectory, long StartedAt, int Port, string SocketDirectory, PostmasterStatus Status)
{
    internal const string FileName = "postmaster.pid";

    /// <summary>Reads the file of a data folder; <see langword="null"/> if there is none.</summary>
    public static PostmasterFile? Read(string dataDirectory)
    {
        try
        {
            return Parse(File.ReadAllText(Path.Combine(dataDirectory, FileName)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Takes the text apart; <see langword="null"/> if it does not begin with the process id of a postmaster.</summary>
    public static PostmasterFile? Parse(string text)
    {
        var lines = text.Split('\n');
        if (!int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var processId) || processId == 0)
        {
            return null;
        }

        _ = long.TryParse(Line(2), NumberStyles.None, CultureInfo.InvariantCulture, out var startedAt);
        _ = int.TryParse(Line(3), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        var status = Line(7) switch
        {
            "ready" => PostmasterStatus.Ready,
            "stopping" => PostmasterStatus.Stopping,
            "standby" => PostmasterStatus.Standby,
            _ => PostmasterStatus.Starting,
        };
        return new PostmasterFile(processId, Line(1), startedAt, port, Line(4), status);

        string Line(int index) => index < lines.Length ? lines[index].Trim() : "";
    }
}
