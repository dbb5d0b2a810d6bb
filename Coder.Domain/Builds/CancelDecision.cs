using Coder.Domain.Common;
using Coder.Domain.Provisioning;

namespace Coder.Domain.Builds;

/// <summary>Who asks to cancel a build.</summary>
/// <param name="MayReadBuild">Whether they know that the build exists.</param>
/// <param name="MayUpdateWorkspace">Whether they may change its workspace.</param>
/// <param name="TemplateAllowsCancel">The template's <c>allow_user_cancel_workspace_jobs</c>.</param>
/// <param name="IsSiteOwner">Whether they have the site role <c>owner</c>; no other role lifts the template's rule.</param>
public sealed record CancelPermissions(bool MayReadBuild, bool MayUpdateWorkspace, bool TemplateAllowsCancel, bool IsSiteOwner);

/// <summary>What to write when a build is canceled.</summary>
/// <param name="CompletesJob">
/// Whether <c>completed_at</c> is set together with <c>canceled_at</c>: nobody works on the job, so nobody will end it.
/// </param>
public sealed record Cancellation(bool CompletesJob);

/// <summary>
/// Whether a build may be canceled (docs/spec/workspaces.md, section 7.3). The steps are apart because the job's row is locked between
/// <see cref="Authorize"/> and <see cref="Decide"/>; <see cref="Of"/> is all of them.
/// </summary>
public static class CancelDecision
{
    /// <summary>The answer to a request that was carried out.</summary>
    public const string Done = "Job has been marked as canceled...";

    /// <summary>How long to wait for the lock of the job's row, so that a daemon that takes the job at this moment is no error.</summary>
    public static TimeSpan LockTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Step 2: reads <c>expect_status</c>.</summary>
    /// <param name="text">As sent; absent and empty are the same. The two names are compared exactly.</param>
    public static Result<JobStatus?> ParseExpectStatus(string? text) => text switch
    {
        null or "" => Result<JobStatus?>.From((JobStatus?)null),
        "pending" => Result<JobStatus?>.From(JobStatus.Pending),
        "running" => Result<JobStatus?>.From(JobStatus.Running),
        _ => new Error(ErrorKind.Invalid, $"Invalid expect_status \"{text}\". Only 'running' or 'pending' are allowed."),
    };

    /// <summary>Step 3: the permission, before anything is locked.</summary>
    /// <param name="expected">What <see cref="ParseExpectStatus"/> gave.</param>
    /// <param name="permissions">Who asks.</param>
    /// <returns><see langword="null"/> when they may.</returns>
    public static Error? Authorize(JobStatus? expected, CancelPermissions permissions)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        return permissions switch
        {
            { MayReadBuild: false } => Error.NotFound,
            { MayUpdateWorkspace: false } => Error.Forbidden,

            // A job that nobody has begun can be taken back whatever the template says: step 5 holds that it is pending.
            _ when expected == JobStatus.Pending => null,
            { TemplateAllowsCancel: false, IsSiteOwner: false } => new Error(
                ErrorKind.Forbidden,
                "User is not allowed to cancel workspace builds. Owner role is required."),
            _ => null,
        };
    }

    /// <summary>Steps 5 and 6: what becomes of the job, whose row is locked.</summary>
    /// <param name="expected">What <see cref="ParseExpectStatus"/> gave.</param>
    /// <param name="status">The status of the job.</param>
    /// <param name="hasWorker">Whether a daemon has the job.</param>
    public static Result<Cancellation> Decide(JobStatus? expected, JobStatus status, bool hasWorker)
    {
        if (expected is { } wanted && wanted != status)
        {
            return new Error(
                ErrorKind.PreconditionFailed,
                "Job is not in the expected state.",
                $"expected \"{wanted.WireName()}\", got \"{status.WireName()}\"");
        }

        return status switch
        {
            JobStatus.Pending or JobStatus.Running => new Cancellation(CompletesJob: !hasWorker),
            JobStatus.Canceling => new Error(ErrorKind.Invalid, "Job has already been marked as canceled!"),
            JobStatus.Succeeded or JobStatus.Canceled or JobStatus.Failed => new Error(ErrorKind.Invalid, "Job has already completed!"),
            _ => throw new ArgumentOutOfRangeException(nameof(status)),
        };
    }

    /// <summary>All steps in their order.</summary>
    /// <param name="expectStatus">As sent.</param>
    /// <param name="permissions">Who asks.</param>
    /// <param name="status">The status of the job.</param>
    /// <param name="hasWorker">Whether a daemon has the job.</param>
    public static Result<Cancellation> Of(string? expectStatus, CancelPermissions permissions, JobStatus status, bool hasWorker)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        if (!permissions.MayReadBuild)
        {
            return Error.NotFound;
        }

        if (!ParseExpectStatus(expectStatus).Is(out var expected, out var error))
        {
            return error;
        }

        return Authorize(expected, permissions) is { } refusal ? refusal : Decide(expected, status, hasWorker);
    }
}
