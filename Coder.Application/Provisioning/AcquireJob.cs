using System.Data;
using Coder.Application.Common;
using Coder.Domain.Common;
using FluentValidation;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>Gives a daemon a job, and waits for one if there is none (docs/spec/workspaces.md, sections 3.2 and 5).</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Daemon">The id as it stands in the path.</param>
/// <param name="Wait">At most 30 seconds.</param>
/// <param name="RequestId">
/// Names the request: the same one again gets the same job until that has ended, so that a lost answer costs nothing.
/// </param>
public sealed record AcquireJob(DaemonCaller Caller, string Daemon, TimeSpan Wait, Guid? RequestId) : ICommand<AcquiredJob>;

/// <summary>What a daemon gets.</summary>
/// <param name="Assignment">The job; null when none came in time.</param>
public sealed record AcquiredJob(JobAssignment? Assignment);

internal sealed class AcquireJobValidator : AbstractValidator<AcquireJob>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public AcquireJobValidator() =>
        this.Field(r => r.Wait, "wait_ms").Tagged("max", wait => wait >= TimeSpan.Zero && wait <= Longest);
}

internal sealed class AcquireJobHandler(
    DaemonAccess access, IJobQueue queue, JobAssignments assignments, JobSignals signals, IUnitOfWork work, TimeProvider time)
    : IRequestHandler<AcquireJob, Result<AcquiredJob>>
{
    // An error only so that nothing is committed; nobody sees it.
    private static readonly Error Nothing = new(ErrorKind.NotFound, "");

    public async Task<Result<AcquiredJob>> Handle(AcquireJob request, CancellationToken cancellationToken)
    {
        if (!(await access.FindAsync(request.Caller, request.Daemon, cancellationToken)).Is(out var daemon, out var error))
        {
            return error;
        }

        using var listener = signals.ListenForArrivals(daemon.OrganizationId);
        var deadline = time.GetUtcNow() + request.Wait;
        while (true)
        {
            var next = listener.Next;
            if (await TryAsync(daemon.Id, request.RequestId, cancellationToken) is { } acquired)
            {
                return acquired;
            }

            var left = deadline - time.GetUtcNow();
            if (left <= TimeSpan.Zero || signals.IsClosed)
            {
                return new AcquiredJob(null);
            }

            await JobListener.WaitAsync(next, left, time, cancellationToken);
        }
    }

    private async Task<AcquiredJob?> TryAsync(Guid daemon, Guid? requestId, CancellationToken ct)
    {
        if (requestId is { } named && await AgainAsync(daemon, named, ct) is { } before)
        {
            return before;
        }

        // Whoever hangs up before the commit has got nothing.
        var outcome = await work.RunAsync(IsolationLevel.ReadCommitted, inner => TakeAsync(daemon, requestId, inner), ct);
        if (outcome.Is(out var assignment, out _))
        {
            return new AcquiredJob(assignment);
        }

        // The same request may have been answered meanwhile, on another connection.
        return requestId is { } repeated ? await AgainAsync(daemon, repeated, ct) : null;
    }

    private async Task<Result<JobAssignment>> TakeAsync(Guid daemon, Guid? requestId, CancellationToken ct)
    {
        if (await queue.AcquireAsync(daemon, requestId, time.GetUtcNow().ToMicroseconds(), ct) is not { } job)
        {
            return Nothing;
        }

        var assignment = await assignments.ReadAsync(job, ct);
        ct.ThrowIfCancellationRequested();
        return assignment;
    }

    private async Task<AcquiredJob?> AgainAsync(Guid daemon, Guid requestId, CancellationToken ct) =>
        await queue.FindAcquiredAsync(daemon, requestId, ct) is { } before
            ? new AcquiredJob(await assignments.ReadAsync(before, ct))
            : null;
}
