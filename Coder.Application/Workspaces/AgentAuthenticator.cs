using Coder.Application.Common;
using Coder.Domain.Common;

namespace Coder.Application.Workspaces;

/// <summary>
/// Turns the token of an agent into the agent, with one statement, and takes the call as a sign of life (docs/spec/connection-logs.md,
/// section 7.2, and docs/spec/workspaces.md, section 5).
/// </summary>
public sealed class AgentAuthenticator(IAgentTokens agents, TimeProvider time)
{
    // An agent that reports all the time need not be written all the time.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    /// <summary>The answer to a request without a token.</summary>
    public static Error Missing { get; } = new(ErrorKind.Unauthenticated, "Cookie \"coder_session_token\" must be provided.");

    /// <summary>The answer to what can not be the token of an agent, such as that of a user.</summary>
    public static Error Malformed { get; } = new(ErrorKind.Unauthenticated, "Workspace agent token invalid.");

    /// <summary>The answer to a token that no agent has, or none any more.</summary>
    public static Error Unknown { get; } = new(
        ErrorKind.Unauthenticated,
        "Workspace agent not authorized.",
        "The agent must belong to the latest build of its workspace, and that build must have completed.");

    /// <summary>Judges a token as an agent sent it.</summary>
    public async Task<Result<AgentSession>> AuthenticateAsync(string? credential, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(credential))
        {
            return Missing;
        }

        if (!Guid.TryParseExact(credential, "D", out var token))
        {
            return Malformed;
        }

        if (await agents.FindAsync(token, cancellationToken) is not { } found)
        {
            return Unknown;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        if (found.LastConnectedAt is not { } last || found.DisconnectedAt >= last || now - last >= Freshness)
        {
            await agents.SeeAsync(found.Session.AgentId, now, now - Freshness, cancellationToken);
        }

        return found.Session;
    }
}
