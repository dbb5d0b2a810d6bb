namespace Coder.Domain.ConnectionLogs;

/// <summary>What was opened in a browser (docs/spec/connection-logs.md, section 4.4 rule 3).</summary>
public sealed record WebTarget
{
    private const string TerminalSlug = "terminal";

    private WebTarget(ConnectionType type, Guid appId, string slugOrPort)
    {
        Type = type;
        AppId = appId;
        SlugOrPort = slugOrPort;
    }

    /// <summary>The web terminal, opened as a page.</summary>
    public static WebTarget Terminal { get; } = new(ConnectionType.WorkspaceApp, Guid.Empty, TerminalSlug);

    /// <summary>The type of the event.</summary>
    public ConnectionType Type { get; }

    /// <summary>The application; nil for ports and the terminal.</summary>
    public Guid AppId { get; }

    /// <summary>The application's slug, or the port as text; cut to 256 characters.</summary>
    public string SlugOrPort { get; }

    /// <summary>An application by its slug.</summary>
    public static WebTarget App(Guid id, string slug) =>
        new(ConnectionType.WorkspaceApp, id, ConnectionText.Cut(slug, ConnectionText.LongestName));

    /// <summary>A forwarded port, such as <c>9090</c>.</summary>
    public static WebTarget Port(string port) =>
        new(ConnectionType.PortForwarding, Guid.Empty, ConnectionText.Cut(port, ConnectionText.LongestName));
}

/// <summary>
/// What makes two openings the same session, so that only the first is logged (docs/spec/connection-logs.md, section 4.4 rule 4).
/// </summary>
/// <param name="AgentId">The agent.</param>
/// <param name="AppId">Nil for ports and the terminal.</param>
/// <param name="UserId">Nil for visitors who are not signed in.</param>
/// <param name="Ip">Canonical; empty when unknown.</param>
/// <param name="UserAgent">Cut to 1,024 characters.</param>
/// <param name="SlugOrPort">What was opened; cut to 256 characters.</param>
/// <param name="StatusCode">What came of it.</param>
public sealed record WebSessionKey(
    Guid AgentId, Guid AppId, Guid UserId, string Ip, string UserAgent, string SlugOrPort, int StatusCode);

/// <summary>A fresh request for an application or port of a workspace, after its outcome is known.</summary>
/// <param name="Agent">Where the agent belongs.</param>
/// <param name="AgentId">The agent.</param>
/// <param name="Target">What was opened.</param>
/// <param name="UserId">Who asked; <see langword="null"/> or nil when not signed in.</param>
/// <param name="Ip">Where the request came from, in any form; see <see cref="ClientAddress.Parse"/>.</param>
/// <param name="UserAgent">What the browser calls itself.</param>
/// <param name="StatusCode">The HTTP status of the answer; <see langword="null"/> or 0 for 200.</param>
/// <param name="Time">When; <see langword="null"/> or year 1 for now.</param>
public sealed record WebOpening(
    ConnectedAgent Agent,
    Guid AgentId,
    WebTarget Target,
    Guid? UserId = null,
    string? Ip = null,
    string? UserAgent = null,
    int? StatusCode = null,
    DateTimeOffset? Time = null)
{
    private const int Opened = 200;

    private int Status => StatusCode is null or 0 ? Opened : StatusCode.Value;

    private Guid? User => UserId is { } id && id != Guid.Empty ? id : null;

    private string CutAgent => ConnectionText.Cut(UserAgent ?? "", ConnectionText.LongestUserAgent);

    /// <summary>The session that this request belongs to.</summary>
    public WebSessionKey Key => new(
        AgentId, Target.AppId, User ?? Guid.Empty, ClientAddress.Parse(Ip)?.ToString() ?? "", CutAgent, Target.SlugOrPort, Status);

    /// <summary>Makes the event.</summary>
    /// <param name="id">The id of the row.</param>
    /// <param name="now">The time of the server.</param>
    public ConnectionEvent ToEvent(Guid id, DateTimeOffset now) => new ConnectionEvent
    {
        Id = id,
        Time = Time is { Year: > 1 } time ? time : now,
        Status = ConnectionStatus.Connected,
        Type = Target.Type,
        OrganizationId = Agent.OrganizationId,
        WorkspaceOwnerId = Agent.WorkspaceOwnerId,
        WorkspaceId = Agent.WorkspaceId,
        WorkspaceName = Agent.WorkspaceName,
        AgentName = Agent.AgentName,
        Ip = ClientAddress.Parse(Ip),
        Code = Status,
        UserAgent = CutAgent,
        UserId = User,
        SlugOrPort = Target.SlugOrPort,
    }.Normalized(now);
}
