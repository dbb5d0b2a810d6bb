using Coder.Domain.Templates;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Builds;

/// <summary>The parameter values of a build, which the next build and its readers need alike.</summary>
internal static class BuildValues
{
    private const string Select = """
        select name, value from workspace_build_parameters where workspace_build_id = @build order by name
        """;

    public static async Task<IReadOnlyList<ParameterValue>> ReadAsync(DbSession db, Guid build, CancellationToken cancellationToken) =>
        [.. (await db.QueryAsync<Row>(Select, new { build }, cancellationToken)).Select(row => new ParameterValue(row.Name, row.Value))];

    private sealed record Row
    {
        public string Name { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
