using Coder.Api.Authentication;
using Coder.Api.Deployment;

namespace Coder.Api.Workspaces;

/// <summary>Adds to the token of an agent where and how it is used.</summary>
internal sealed class ExternalAgentPresenter(AccessUrl accessUrl)
{
    /// <summary>Presents a token.</summary>
    public ExternalAgentCredentialsJson Present(Guid token) => new(
        $"curl -fsS -X POST -H \"{Credentials.SessionTokenHeader}: {token}\" -d '{{\"state\":\"ready\"}}' "
            + $"\"{accessUrl.Value}/api/v2/workspaceagents/me/report-lifecycle\"",
        token.ToString());
}
