using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>A daemon tells how a job goes on, which is also the sign that it still works on it.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Daemon">The id as it stands in the path.</param>
/// <param name="Job">The id as it stands in the path.</param>
/// <param name="Logs">New lines; may be none.</param>
/// <param name="Readme">The text of the version, of an import; null: nothing new.</param>
public sealed record UpdateJob(DaemonCaller Caller, string Daemon, string Job, IReadOnlyList<WrittenLine> Logs, string? Readme)
    : ICommand<JobProgress>;

/// <summary>A log line as a daemon wrote it.</summary>
/// <param name="CreatedAt">Null: now.</param>
/// <param name="Source">A name; null or empty: the provisioner.</param>
/// <param name="Level">A name; null or empty: info.</param>
/// <param name="Stage">May be empty.</param>
/// <param name="Output">May be empty.</param>
public sealed record WrittenLine(DateTimeOffset? CreatedAt, string? Source, string? Level, string Stage, string Output);

/// <summary>What the daemon is told.</summary>
/// <param name="IsCanceled">Whether it should stop now.</param>
/// <param name="Status">The status of the job.</param>
public sealed record JobProgress(bool IsCanceled, JobStatus Status);

internal sealed class UpdateJobHandler(HeldJobs jobs, IJobQueue queue, IJobLogs logs, IJobReadmes readmes, TimeProvider time)
    : IRequestHandler<UpdateJob, Result<JobProgress>>
{
    public Task<Result<JobProgress>> Handle(UpdateJob request, CancellationToken cancellationToken) => jobs.RunAsync(
        request.Caller, request.Daemon, request.Job, (job, ct) => UpdateAsync(request, job, ct), cancellationToken);

    private async Task<Result<JobProgress>> UpdateAsync(UpdateJob request, LockedJob job, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToMicroseconds();
        if (!Lines(request.Logs, now).Is(out var lines, out var error))
        {
            return error;
        }

        await queue.TouchAsync(job.Id, now, cancellationToken);
        await logs.AppendAsync(job.Id, lines, cancellationToken);
        if (request.Readme is { } readme && job.Type == JobType.TemplateVersionImport)
        {
            await readmes.SetAsync(job.Id, readme, now, cancellationToken);
        }

        return new JobProgress(job.CanceledAt is not null, job.Status);
    }

    private static Result<IReadOnlyList<JobLogLine>> Lines(IReadOnlyList<WrittenLine> written, DateTimeOffset now)
    {
        var lines = new List<JobLogLine>(written.Count);
        var errors = new List<FieldError>();
        for (var i = 0; i < written.Count; i++)
        {
            var line = written[i];
            var source = LogSource.Provisioner;
            var level = LogLevel.Info;
            if (!string.IsNullOrEmpty(line.Source) && !LogSources.TryParse(line.Source, out source))
            {
                errors.Add(new FieldError($"logs[{i}].source", $"\"{line.Source}\" is no source of log lines"));
            }

            if (!string.IsNullOrEmpty(line.Level) && !LogLevels.TryParse(line.Level, out level))
            {
                errors.Add(new FieldError($"logs[{i}].level", $"\"{line.Level}\" is no log level"));
            }

            lines.Add(new JobLogLine((line.CreatedAt ?? now).ToMicroseconds(), source, level, line.Stage, line.Output));
        }

        return errors.Count == 0 ? lines : Error.ValidationFailed(errors);
    }
}

/// <summary>The texts of template versions, as far as their imports write them.</summary>
public interface IJobReadmes
{
    /// <summary>Replaces the text of the version that a job imports.</summary>
    Task SetAsync(Guid job, string readme, DateTimeOffset at, CancellationToken cancellationToken);
}
