using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>How many people connected to workspaces of a template on each of the last thirty days.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Template">The id as it stands in the path.</param>
/// <param name="Offset">By how many hours the days of the reader begin later than those of UTC, as browsers count: −23 to 23.</param>
public sealed record GetTemplateDaus(Actor Actor, string Template, int Offset) : IQuery<DailyUsers>, IActorRequest;

/// <summary>People on days.</summary>
/// <param name="Days">Every day from the oldest to today, also those on which nobody came.</param>
/// <param name="Offset">As it was asked for.</param>
public sealed record DailyUsers(IReadOnlyList<(DateOnly Day, int Users)> Days, int Offset);

/// <summary>Reads how much templates are used.</summary>
public interface ITemplateUsage
{
    /// <summary>Counts on each day the people who began a connection to a workspace of a template, as far as the connection log goes back.</summary>
    /// <param name="template">The template.</param>
    /// <param name="first">The first day.</param>
    /// <param name="last">The last day.</param>
    /// <param name="beginning">How much later than in UTC days begin.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <returns>By day; those on which nobody came are missing.</returns>
    Task<IReadOnlyDictionary<DateOnly, int>> DailyUsersAsync(
        Guid template, DateOnly first, DateOnly last, TimeSpan beginning, CancellationToken ct);
}

internal sealed class GetTemplateDausHandler(TemplateLookup lookup, ITemplateUsage usage, TimeProvider time)
    : IRequestHandler<GetTemplateDaus, Result<DailyUsers>>
{
    private const int Days = 30;

    public async Task<Result<DailyUsers>> Handle(GetTemplateDaus request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Template, cancellationToken)).Is(out var template, out var error))
        {
            return error;
        }

        var beginning = TimeSpan.FromHours(request.Offset);
        var today = DateOnly.FromDateTime((time.GetUtcNow() - beginning).UtcDateTime);
        var first = today.AddDays(1 - Days);
        var counts = await usage.DailyUsersAsync(template.Id, first, today, beginning, cancellationToken);
        return new DailyUsers(
            [.. Enumerable.Range(0, Days).Select(first.AddDays).Select(day => (day, counts.GetValueOrDefault(day)))], request.Offset);
    }
}
