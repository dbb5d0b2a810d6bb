using System.Text.Json;
using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using FluentValidation;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>A daemon could not do a job, canceled or not.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Daemon">The id as it stands in the path.</param>
/// <param name="Job">The id as it stands in the path.</param>
/// <param name="Error">Why; never empty.</param>
/// <param name="ErrorCode">A name; null or empty: none.</param>
/// <param name="State">Base64: what is known of the workspace now; null: nothing new.</param>
/// <param name="Variables">
/// What the template of an import asks for, as in a manifest, when values are missing; null: the server reads the manifest itself.
/// </param>
public sealed record FailJob(
    DaemonCaller Caller, string Daemon, string Job, string Error, string? ErrorCode, string? State, JsonElement? Variables = null)
    : ICommand<JobView>;

internal sealed class FailJobValidator : AbstractValidator<FailJob>
{
    public FailJobValidator()
    {
        this.Field(r => r.Error, "error").Required();
        this.Field(r => r.ErrorCode, "error_code").Tagged("oneof", code => string.IsNullOrEmpty(code) || JobErrorCodes.TryParse(code, out _));
    }
}

internal sealed class FailJobHandler(HeldJobs jobs, IJobQueue queue, IJobResults results, TimeProvider time)
    : IRequestHandler<FailJob, Result<JobView>>
{
    public Task<Result<JobView>> Handle(FailJob request, CancellationToken cancellationToken) => jobs.RunAsync(
        request.Caller, request.Daemon, request.Job, (job, ct) => FailAsync(request, job, ct), cancellationToken);

    private async Task<Result<JobView>> FailAsync(FailJob request, LockedJob job, CancellationToken cancellationToken)
    {
        if (!ResultReader.State(request.State).Is(out var state, out var error)
            || !ResultReader.Variables(request.Variables).Is(out var variables, out error))
        {
            return error;
        }

        JobErrorCode? code = JobErrorCodes.TryParse(request.ErrorCode, out var named) ? named : null;
        var at = time.GetUtcNow().ToMicroseconds();
        await results.FailAsync(job.Id, request.Error, code, state, at, cancellationToken);
        if (code == JobErrorCode.RequiredTemplateVariables && variables.Count > 0)
        {
            await results.WantAsync(job.Id, variables, cancellationToken);
        }

        return await queue.EndHeldAsync(job.Id, request.Error, code, at, cancellationToken);
    }
}
