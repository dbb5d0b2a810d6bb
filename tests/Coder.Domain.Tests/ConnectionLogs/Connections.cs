using System.Net;
using Coder.Domain.ConnectionLogs;
using CsCheck;

namespace Coder.Domain.Tests.ConnectionLogs;

/// <summary>Events of one workspace, and random batches of them.</summary>
internal static class Connections
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly Guid Organization = Id(1000);
    public static readonly Guid Owner = Id(2000);
    public static readonly Guid Workspace = Id(3000);

    public static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    public static ConnectionEvent Connect(int seconds, int session = 1, int id = 0) => new()
    {
        Id = Id(id == 0 ? 1 : id),
        Time = Now.AddSeconds(seconds),
        Status = ConnectionStatus.Connected,
        Type = ConnectionType.Ssh,
        OrganizationId = Organization,
        WorkspaceOwnerId = Owner,
        WorkspaceId = Workspace,
        WorkspaceName = "work",
        AgentName = "main",
        Ip = IPAddress.Parse("192.0.2.1"),
        ConnectionId = Id(4000 + session),
    };

    public static ConnectionEvent Disconnect(int seconds, int? code = 0, string? reason = null, int session = 1, int id = 0) =>
        Connect(seconds, session, id) with { Status = ConnectionStatus.Disconnected, Code = code, DisconnectReason = reason };

    /// <summary>Few sessions and few times, so that all cases meet.</summary>
    public static Gen<ConnectionEvent> Any { get; } =
        from isEnd in Gen.Bool
        from seconds in Gen.Int[0, 3]
        from session in Gen.Int[1, 3]
        from code in Gen.Int[-1, 1]
        from reason in Gen.Int[0, 2]
        from type in Gen.Int[0, 1]
        from id in Gen.Int[1, 1_000_000]
        let begin = Connect(seconds, session, id) with
        {
            Type = type == 0 ? ConnectionType.Ssh : ConnectionType.VsCode,
            Ip = new IPAddress([10, 0, (byte)type, (byte)seconds]),
        }
        select !isEnd ? begin : begin with
        {
            Status = ConnectionStatus.Disconnected,
            Code = code < 0 ? null : code,
            DisconnectReason = reason == 0 ? null : $"reason {reason}",
        };
}
