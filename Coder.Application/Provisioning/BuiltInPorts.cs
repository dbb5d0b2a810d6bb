namespace Coder.Application.Provisioning;

/// <summary>The daemons of this server.</summary>
/// <param name="Count">How many; zero: none.</param>
/// <param name="Host">The name of the machine, which tells the daemons of servers apart.</param>
public sealed record BuiltInDaemonOptions(int Count, string Host);

/// <summary>A daemon of this server that is registered.</summary>
/// <param name="Id">The same whenever a server of this machine registers it.</param>
/// <param name="Organization">Where it works: the default organization.</param>
public sealed record BuiltInDaemon(Guid Id, Guid Organization);

/// <summary>What the daemons of this server do in the database that others do not.</summary>
public interface IBuiltInDaemonStore
{
    /// <summary>Adds the daemon with this name, or notes that it is alive.</summary>
    /// <param name="name">Unique in the default organization; longer than a name may be, it is cut.</param>
    /// <param name="newId">The id that it gets if it is new.</param>
    /// <param name="at">When it was alive.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    Task<BuiltInDaemon> RegisterAsync(string name, Guid newId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the first waiting job to a daemon, in one statement. Jobs for Terraform are left to daemons that are not built in, as long as
    /// one of them could run the job and was seen lately (docs/spec/workspaces.md, section 3.5).
    /// </summary>
    /// <param name="daemon">Who takes it.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Cancels the statement; a job that was given by then is lost until the reaper finds it.</param>
    /// <returns>The job, or null when none waits.</returns>
    Task<Guid?> AcquireAsync(Guid daemon, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>The daemons that run in this server (docs/spec/workspaces.md, section 3.5).</summary>
public interface IBuiltInDaemons
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>How many of them work on a job at the moment.</summary>
    int Busy { get; }

    /// <summary>Registers them, so that whoever looks sees them.</summary>
    Task RegisterAsync(CancellationToken cancellationToken);

    /// <summary>Works until the server stops, and ends what is under way then.</summary>
    Task RunAsync(CancellationToken stopping);
}
