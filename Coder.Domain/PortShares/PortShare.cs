using Coder.Domain.Common;
using Coder.Domain.Templates;

namespace Coder.Domain.PortShares;

/// <summary>How what listens on a shared port is spoken to.</summary>
public enum PortProtocol
{
    /// <summary>Without TLS.</summary>
    Http,

    /// <summary>With TLS.</summary>
    Https,
}

/// <summary>A port of an agent that others than the owner of the workspace may open.</summary>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="AgentName">The agent, by its name: ids change with every build.</param>
/// <param name="Port">See <see cref="PortShareRules.LowestPort"/>.</param>
/// <param name="Level">Who may open it.</param>
/// <param name="Protocol">How it is spoken to.</param>
public sealed record PortShare(Guid WorkspaceId, string AgentName, int Port, AppSharingLevel Level, PortProtocol Protocol);

/// <summary>The names of <see cref="PortProtocol"/> on the wire and in the database.</summary>
public static class PortProtocols
{
    private static readonly WireTable<PortProtocol> Names = new("http", "https");

    /// <summary>The wire name.</summary>
    public static string WireName(this PortProtocol protocol) => Names[protocol];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out PortProtocol protocol) => Names.TryParse(name, out protocol);
}

/// <summary>Which ports may be shared with whom (docs/spec/workspaces.md, section 7.4).</summary>
public static class PortShareRules
{
    /// <summary>Lower ones are nobody's to open.</summary>
    public const int LowestPort = 9;

    /// <summary>The last one that there is.</summary>
    public const int HighestPort = 65535;

    private const string LevelNotAllowed = "Port sharing level not allowed.";

    // From the fewest to the most.
    private static readonly AppSharingLevel[] ByReach =
        [AppSharingLevel.Owner, AppSharingLevel.Organization, AppSharingLevel.Authenticated, AppSharingLevel.Public];

    /// <summary>The agent of the share is not in the latest build.</summary>
    public static Error NoAgent { get; } = new(ErrorKind.Invalid, "Agent not found.");

    /// <summary>There is nothing to take back.</summary>
    public static Error NotShared { get; } = new(ErrorKind.NotFound, "Port share not found.");

    /// <summary>Reads a share.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="port">The port.</param>
    /// <param name="level">A wire name of a level other than that of the owner, for whom nothing need be shared.</param>
    /// <param name="protocol">A wire name.</param>
    /// <returns>The share, or the first refusal in the order of the parameters.</returns>
    public static Result<PortShare> Read(Guid workspace, string agent, int port, string level, string protocol)
    {
        if (port is < LowestPort or > HighestPort)
        {
            return new Error(ErrorKind.Invalid, $"Port must be between {LowestPort} and {HighestPort}.");
        }

        if (!AppSharingLevels.TryParse(level, out var read) || read == AppSharingLevel.Owner)
        {
            return new Error(ErrorKind.Invalid, LevelNotAllowed);
        }

        return PortProtocols.TryParse(protocol, out var spoken)
            ? new PortShare(workspace, agent, port, read, spoken)
            : new Error(ErrorKind.Invalid, "Port protocol not allowed.");
    }

    /// <summary>Holds a level against the highest one that a template allows.</summary>
    /// <returns>The refusal, which names that one; or <see langword="null"/>.</returns>
    public static Error? JudgeLevel(AppSharingLevel level, AppSharingLevel highest) => Array.IndexOf(ByReach, level) <= Array.IndexOf(ByReach, highest)
        ? null
        : new Error(
            ErrorKind.Invalid, $"{LevelNotAllowed} Max level is '{highest.WireName()}'", "The template allows no higher level.");
}
