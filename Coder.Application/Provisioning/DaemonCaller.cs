using System.Data;
using System.Security.Cryptography;
using System.Text;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;

namespace Coder.Application.Provisioning;

/// <summary>Who drives a provisioner daemon: a user, the holder of a provisioner key, or the holder of the shared secret.</summary>
public sealed record DaemonCaller
{
    private DaemonCaller(Actor? actor, ProvisionerKeyFacts? key) => (Actor, Key) = (actor, key);

    /// <summary>The holder of the secret of the whole deployment.</summary>
    public static DaemonCaller SecretHolder { get; } = new(null, null);

    /// <summary>The user, if it is one.</summary>
    public Actor? Actor { get; }

    /// <summary>The key, if it is one.</summary>
    public ProvisionerKeyFacts? Key { get; }

    /// <summary>A user with a session.</summary>
    public static DaemonCaller Of(Actor actor) => new(actor, null);

    /// <summary>Whoever has a key.</summary>
    public static DaemonCaller Of(ProvisionerKeyFacts key) => new(null, key);

    /// <summary>Whether this one may register a daemon under the name of one that somebody else registered.</summary>
    public bool MayTakeOver(ObjectRef daemon) => Actor is not null && Authorizer.Can(Actor, PermissionAction.Update, daemon);

    /// <summary>
    /// Whether this one registered the daemon, or may change the daemons of the organization. Those of a server are driven by it alone.
    /// </summary>
    public bool MayDrive(ProvisionerDaemon daemon)
    {
        ArgumentNullException.ThrowIfNull(daemon);
        if (daemon.IsBuiltIn)
        {
            return false;
        }

        if (Actor is null)
        {
            return daemon.RegisteredBy is null && daemon.KeyId == Key?.Id;
        }

        // A credential that reads nothing does not drive either, whoever's it is.
        return Authorizer.Can(Actor, PermissionAction.Update, daemon.Reference)
            || (daemon.RegisteredBy == Actor.UserId && Authorizer.Can(Actor, PermissionAction.Read, daemon.Reference));
    }
}

/// <summary>What the operator says about daemons.</summary>
/// <param name="SharedSecret">Lets everybody who knows it register daemons; empty: nobody.</param>
public sealed record ProvisionerDaemonOptions(string SharedSecret);

/// <summary>Judges the credentials that only daemons have (docs/spec/workspaces.md, section 5).</summary>
public sealed class DaemonAuthenticator(IDaemonStore daemons, ProvisionerDaemonOptions options)
{
    private static readonly Error InvalidKey = new(ErrorKind.Unauthenticated, "Invalid provisioner daemon key.");
    private static readonly Error InvalidSecret = new(ErrorKind.Unauthenticated, "Invalid provisioner daemon PSK.");

    /// <summary>What is stored of the secret of a key.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Judges a provisioner key.</summary>
    public async Task<Result<DaemonCaller>> ByKeyAsync(string key, CancellationToken ct) =>
        await daemons.FindKeyAsync(Hash(key), ct) is { } found ? DaemonCaller.Of(found) : InvalidKey;

    /// <summary>Judges the shared secret, in a time that says nothing of it.</summary>
    public Result<DaemonCaller> BySecret(string secret) =>
        options.SharedSecret.Length > 0 && CryptographicOperations.FixedTimeEquals(Hash(secret), Hash(options.SharedSecret))
            ? DaemonCaller.SecretHolder
            : InvalidSecret;
}

/// <summary>Finds the daemon of a call. Every call is a sign of life of it.</summary>
internal sealed class DaemonAccess(IDaemonStore daemons, TimeProvider time)
{
    // Nothing that is said of daemons is finer.
    private static readonly TimeSpan SeenAgain = TimeSpan.FromSeconds(1);

    /// <summary>Finds a daemon that the caller may drive; a missing one and another's are the same.</summary>
    public async Task<Result<ProvisionerDaemon>> FindAsync(DaemonCaller caller, string daemon, CancellationToken ct)
    {
        if (!PathIds.Parse(daemon).Is(out var id, out var error))
        {
            return error;
        }

        if (await daemons.FindAsync(id, ct) is not { } found || !caller.MayDrive(found))
        {
            return Error.NotFound;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        if (found.LastSeenAt is not { } seen || seen <= now - SeenAgain)
        {
            await daemons.SeenAsync(id, now, ct);
        }

        return found;
    }
}

/// <summary>Finds the job of a call and locks it.</summary>
internal sealed class HeldJobs(DaemonAccess access, IJobQueue queue, IUnitOfWork unit)
{
    private static readonly Error NotStarted = new(ErrorKind.Conflict, "Job isn't running yet.");
    private static readonly Error NotYours = new(ErrorKind.Forbidden, "You don't own this job.");
    private static readonly Error Ended = new(ErrorKind.Conflict, "Job has already completed!");

    /// <summary>
    /// Does something with a job that the daemon works on, locked, in one transaction. The sign of life comes before that transaction, so
    /// that it outlives every refusal and the row of the daemon is free meanwhile.
    /// </summary>
    public async Task<Result<T>> RunAsync<T>(
        DaemonCaller caller, string daemon, string job, Func<LockedJob, CancellationToken, Task<Result<T>>> work, CancellationToken ct)
    {
        if (!(await access.FindAsync(caller, daemon, ct)).Is(out var driven, out var error)
            || !PathIds.Parse(job).Is(out var id, out error))
        {
            return error;
        }

        return await unit.RunAsync(
            IsolationLevel.ReadCommitted,
            async inner => (await LockAsync(driven, id, inner)).Is(out var held, out var refusal) ? await work(held, inner) : refusal,
            ct);
    }

    private async Task<Result<LockedJob>> LockAsync(ProvisionerDaemon driven, Guid job, CancellationToken ct) =>
        await queue.LockAsync(job, ct) switch
        {
            null => Error.NotFound,
            { OrganizationId: var organization } when organization != driven.OrganizationId => Error.NotFound,
            { StartedAt: null } => NotStarted,
            { WorkerId: var worker } when worker != driven.Id => NotYours,
            { Status: var status } when status.HasEnded() => Ended,
            { } held => held,
        };
}
