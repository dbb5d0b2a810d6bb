using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Coder.Application.Licensing;

/// <summary>
/// Stores the licenses of a file (<c>CODER_LICENSE_FILE</c>) that are not there yet. A line that is no valid license is logged by its number
/// and never stops anything; empty lines and lines that begin with <c>#</c> are passed over.
/// </summary>
public sealed record ImportLicenses(IReadOnlyList<string> Lines) : ICommand<int>, ITransactional
{
    /// <summary>Does not print the licenses.</summary>
    public override string ToString() => nameof(ImportLicenses);
}

internal sealed partial class ImportLicensesHandler(LicenseIntake intake, INotifier notifier, ILogger<ImportLicensesHandler> logger)
    : IRequestHandler<ImportLicenses, Result<int>>
{
    public async Task<Result<int>> Handle(ImportLicenses request, CancellationToken cancellationToken)
    {
        var added = 0;
        for (var i = 0; i < request.Lines.Count; i++)
        {
            var line = request.Lines[i].Trim();
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }

            if ((await intake.TakeAsync(line, cancellationToken)).Is(out var license, out var error))
            {
                added++;
                LogImported(logger, license.Info.Id);
            }
            else if (error.Kind != ErrorKind.Conflict)
            {
                LogRefused(logger, i + 1, error.Message, error.Detail);
            }
        }

        if (added > 0)
        {
            await notifier.NotifyAsync(NotificationChannels.Licenses, "add", cancellationToken);
        }

        return added;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Imported license {Id} from the license file")]
    private static partial void LogImported(ILogger logger, int id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Line {Line} of the license file is no license for this deployment: {Reason} ({Detail})")]
    private static partial void LogRefused(ILogger logger, int line, string reason, string? detail);
}
