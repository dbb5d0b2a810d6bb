using Coder.Domain.Common;

namespace Coder.Api.Http;

/// <summary>The parameters <c>limit</c>, <c>offset</c> and <c>after_id</c> of every list with pages (docs/spec/platform.md, section 4 rule 6).</summary>
internal static class PagingQuery
{
    /// <summary>Reads them from a query that has others too.</summary>
    /// <param name="reader">Collects the errors.</param>
    /// <param name="defaultLimit">The limit where none, or 0, is given; 0 for no limit.</param>
    public static Page Page(this QueryReader reader, int defaultLimit = 0)
    {
        var limit = reader.Positive("limit");
        return new Page(limit == 0 ? defaultLimit : limit, reader.Positive("offset"), reader.Uuid("after_id"));
    }

    /// <summary>Reads them from a query that has no others.</summary>
    public static Result<Page> Read(IQueryCollection query, int defaultLimit = 0)
    {
        var reader = new QueryReader(query);
        return reader.Finish(reader.Page(defaultLimit));
    }
}
