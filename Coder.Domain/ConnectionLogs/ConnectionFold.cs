namespace Coder.Domain.ConnectionLogs;

/// <summary>Joins the events of a session into its row (docs/spec/connection-logs.md, sections 4.1 and 12.10). Order of arrival decides.</summary>
public static class ConnectionFold
{
    /// <summary>Folds one event into what is stored under its key.</summary>
    /// <param name="stored">The row, or <see langword="null"/> when there is none; always so for events without a key.</param>
    /// <param name="next">A normalized event.</param>
    public static ConnectionLogEntry Apply(ConnectionLogEntry? stored, ConnectionEvent next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (stored is null)
        {
            return First(next);
        }

        if (next.Status == ConnectionStatus.Connected)
        {
            return IsLateConnect(stored, next.Time) ? stored with { ConnectTime = next.Time, Ip = next.Ip, Type = next.Type } : stored;
        }

        return stored with
        {
            DisconnectTime = stored.DisconnectTime ?? next.Time,
            DisconnectReason = stored.DisconnectReason ?? next.DisconnectReason,
            Code = stored.Code ?? next.Code,
        };
    }

    /// <summary>
    /// Folds a batch into rounds. In a round no key stands twice, and each change can be laid on whatever is stored with
    /// <see cref="Apply(ConnectionLogEntry, ConnectionLogEntry)"/>; the rounds one after the other then make what the events one after the
    /// other make. Almost every batch is one round.
    /// </summary>
    /// <param name="events">Normalized events in the order of their arrival.</param>
    public static IReadOnlyList<IReadOnlyList<ConnectionLogEntry>> Rounds(IReadOnlyList<ConnectionEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var rounds = new List<List<ConnectionLogEntry>>();
        var last = new Dictionary<ConnectionKey, (int Round, int Index)>();
        foreach (var next in events)
        {
            if (next.Key is not { } key)
            {
                Add(rounds, 0, First(next));
                continue;
            }

            if (!last.TryGetValue(key, out var at))
            {
                last[key] = Add(rounds, 0, First(next));
                continue;
            }

            var change = rounds[at.Round][at.Index];
            if (Join(change, next) is { } joined)
            {
                rounds[at.Round][at.Index] = joined;
            }
            else
            {
                last[key] = Add(rounds, at.Round + 1, First(next));
            }
        }

        return rounds;
    }

    /// <summary>Lays a change of <see cref="Rounds"/> on what is stored under its key. The store's statement does the same.</summary>
    public static ConnectionLogEntry Apply(ConnectionLogEntry? stored, ConnectionLogEntry change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (stored is null)
        {
            return change;
        }

        var row = HasConnect(change) && IsLateConnect(stored, change.ConnectTime)
            ? stored with { ConnectTime = change.ConnectTime, Ip = change.Ip, Type = change.Type }
            : stored;
        return row with
        {
            DisconnectTime = stored.DisconnectTime ?? change.DisconnectTime,
            DisconnectReason = stored.DisconnectReason ?? change.DisconnectReason,
            Code = stored.Code ?? change.Code,
        };
    }

    // A change is at most one connect, and after it any number of disconnects. Everything else could mean something different to a row that
    // is there already than to one that the change makes.
    private static ConnectionLogEntry? Join(ConnectionLogEntry change, ConnectionEvent next)
    {
        if (next.Status == ConnectionStatus.Connected)
        {
            // Nothing that the first connect left alone would be moved by a second one that is no earlier.
            return HasConnect(change) && change.DisconnectTime is null && next.Time >= change.ConnectTime ? change : null;
        }

        var joined = Apply(change, next);

        // With equal times the connect could no longer be seen.
        return HasConnect(change) == HasConnect(joined) ? joined : null;
    }

    private static bool HasConnect(ConnectionLogEntry change) => change.ConnectTime != change.DisconnectTime;

    // Equal times are the mark of a row that came from a disconnect alone.
    private static bool IsLateConnect(ConnectionLogEntry stored, DateTimeOffset time) =>
        stored.ConnectTime == stored.DisconnectTime && time < stored.ConnectTime;

    private static ConnectionLogEntry First(ConnectionEvent next)
    {
        var isEnd = next.Status == ConnectionStatus.Disconnected;
        return new ConnectionLogEntry
        {
            Id = next.Id,
            ConnectTime = next.Time,
            OrganizationId = next.OrganizationId,
            WorkspaceOwnerId = next.WorkspaceOwnerId,
            WorkspaceId = next.WorkspaceId,
            WorkspaceName = next.WorkspaceName,
            AgentName = next.AgentName,
            Type = next.Type,
            Ip = next.Ip,
            Code = next.Code,
            UserAgent = next.UserAgent,
            UserId = next.UserId,
            SlugOrPort = next.SlugOrPort,
            ConnectionId = next.ConnectionId,
            DisconnectTime = isEnd ? next.Time : null,
            DisconnectReason = isEnd ? next.DisconnectReason : null,
        };
    }

    private static (int Round, int Index) Add(List<List<ConnectionLogEntry>> rounds, int round, ConnectionLogEntry change)
    {
        if (rounds.Count == round)
        {
            rounds.Add([]);
        }

        rounds[round].Add(change);
        return (round, rounds[round].Count - 1);
    }
}
