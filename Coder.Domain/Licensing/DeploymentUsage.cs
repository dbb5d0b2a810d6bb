namespace Coder.Domain.Licensing;

/// <summary>What a deployment uses, as far as licenses care. Counts are not negative.</summary>
public sealed record DeploymentUsage
{
    /// <summary>Users that are active, neither deleted nor internal; dormant and suspended ones take no seat.</summary>
    public long ActiveUsers { get; init; }

    /// <summary>Nodes of the server, this one included, that are at least a minute old.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>External authentication providers in the configuration.</summary>
    public int ExternalAuthProviders { get; init; }

    /// <summary>Workspaces whose agents run outside of the template.</summary>
    public long ExternalAgentWorkspaces { get; init; }

    /// <summary>Templates with such agents.</summary>
    public long ExternalAgentTemplates { get; init; }

    /// <summary>Whether the operator lets the server send telemetry; some licenses count only then.</summary>
    public bool TelemetryEnabled { get; init; }
}
