using System.Security.Cryptography;
using System.Text;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.WorkspaceProxies;

namespace Coder.Application.WorkspaceProxies;

/// <summary>Finds proxies as they are named in paths, the primary among them.</summary>
internal sealed class ProxyDirectory(IWorkspaceProxyStore proxies, IDeployment deployment)
{
    /// <summary>Finds by id, or by name without regard to case. Missing and unreadable are the same.</summary>
    public async Task<Result<WorkspaceProxy>> FindAsync(Actor actor, string idOrName, CancellationToken ct)
    {
        var proxy = Guid.TryParseExact(idOrName, "D", out var id)
            ? id == deployment.Id ? WorkspaceProxy.Primary(id) : await proxies.FindAsync(id, ct)
            : IsPrimary(idOrName) ? WorkspaceProxy.Primary(deployment.Id) : await proxies.FindByNameAsync(idOrName, ct);
        return proxy is not null && Authorizer.Can(actor, PermissionAction.Read, proxy.Reference) ? proxy : Error.NotFound;
    }

    /// <summary>The refusal of a name that nobody but the primary may have, or <see langword="null"/>.</summary>
    public static Error? Reserved(string name)
    {
        const string Message = $"The name \"{WorkspaceProxy.PrimaryName}\" is reserved for the primary region.";
        return IsPrimary(name) ? new Error(ErrorKind.Invalid, Message, null, [new FieldError("name", "Name is reserved")]) : null;
    }

    /// <summary>The refusal of a name that another proxy has.</summary>
    public static Error Taken(string name) => new(ErrorKind.Conflict, $"Workspace proxy with name \"{name}\" already exists.");

    /// <summary>What is stored of a secret.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    private static bool IsPrimary(string name) => string.Equals(name, WorkspaceProxy.PrimaryName, StringComparison.OrdinalIgnoreCase);
}
