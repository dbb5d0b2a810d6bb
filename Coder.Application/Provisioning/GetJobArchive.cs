using Coder.Application.Common;
using Coder.Application.Files;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>Reads the archive that a job of the daemon works on.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Daemon">The id as it stands in the path.</param>
/// <param name="Job">The id as it stands in the path.</param>
public sealed record GetJobArchive(DaemonCaller Caller, string Daemon, string Job) : ICommand<FileContent>;

internal sealed class GetJobArchiveHandler(HeldJobs jobs, IFileStore files) : IRequestHandler<GetJobArchive, Result<FileContent>>
{
    public async Task<Result<FileContent>> Handle(GetJobArchive request, CancellationToken cancellationToken)
    {
        // The lock ends before the download begins.
        var held = await jobs.RunAsync(
            request.Caller,
            request.Daemon,
            request.Job,
            (job, _) => Task.FromResult<Result<Guid>>(job.FileId),
            cancellationToken);
        if (!held.Is(out var id, out var error))
        {
            return error;
        }

        return await files.FindAsync(id, cancellationToken) is { } file
            ? new FileContent(file.MimeType, file.Size, files.Open(file))
            : Error.NotFound;
    }
}
