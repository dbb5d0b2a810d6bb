using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Coder.Domain.ConnectionLogs;

/// <summary>An organization as a search names it: by id or by name. Finding it is not part of reading the search.</summary>
/// <param name="Id">The id, or <see langword="null"/> when it is named.</param>
/// <param name="Name">The name, in lower case; empty when the id is given.</param>
public sealed record OrganizationRef(Guid? Id, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Id?.ToString() ?? Name;
}

/// <summary>What a search asks for; all given parts must hold (docs/spec/connection-logs.md, section 6.1).</summary>
public sealed record ConnectionLogFilter
{
    /// <summary>Asks for nothing, so every row matches.</summary>
    public static ConnectionLogFilter Empty { get; } = new();

    /// <summary>The organization of the workspace.</summary>
    public OrganizationRef? Organization { get; init; }

    /// <summary>The username of the workspace's owner, or <c>me</c>.</summary>
    public string? WorkspaceOwner { get; init; }

    /// <summary>The address of the workspace's owner.</summary>
    public string? WorkspaceOwnerEmail { get; init; }

    /// <summary>What was connected with.</summary>
    public ConnectionType? Type { get; init; }

    /// <summary>The name of the user who connected, or <c>me</c>.</summary>
    public string? Username { get; init; }

    /// <summary>The address of the user who connected.</summary>
    public string? UserEmail { get; init; }

    /// <summary>Not before this.</summary>
    public DateTimeOffset? ConnectedAfter { get; init; }

    /// <summary>Not after this.</summary>
    public DateTimeOffset? ConnectedBefore { get; init; }

    /// <summary>The workspace.</summary>
    public Guid? WorkspaceId { get; init; }

    /// <summary>The id of the session.</summary>
    public Guid? ConnectionId { get; init; }

    /// <summary>Whether the session goes on; only sessions match then.</summary>
    public SessionStatus? Status { get; init; }
}

/// <summary>A place in the log, newest first, that does not depend on the row there still being there.</summary>
/// <param name="Time">When the connection began, UTC.</param>
/// <param name="Id">The row.</param>
public readonly record struct ConnectionLogCursor(DateTimeOffset Time, Guid Id)
{
    private const int Length = 24;

    /// <summary>The opaque text that clients send back.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Time.UtcTicks);
        Id.TryWriteBytes(bytes[sizeof(long)..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads what <see cref="ToString"/> made.</summary>
    /// <returns><see langword="false"/> for anything else.</returns>
    public static bool TryParse(string text, out ConnectionLogCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is not { Length: 32 }
            || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done
            || written != Length)
        {
            return false;
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            return false;
        }

        cursor = new ConnectionLogCursor(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[sizeof(long)..], bigEndian: true));
        return true;
    }
}
