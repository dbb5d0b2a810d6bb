using Coder.Api.Tests.Swagger;

namespace Coder.Api.Tests.Contract;

/// <summary>What is served is what existing clients expect, and what is not served yet is written down.</summary>
public sealed class ContractTests(ServedDocument document) : IClassFixture<ServedDocument>
{
    /// <summary>Differences that are meant. One that is gone must be taken out.</summary>
    private static readonly string[] Meant =
    [
        // A trial is never ordered anywhere, so its details are passed over like every field that we do not know.
        "POST /api/v2/users/first request.trial_info: is missing",

        // Optional for clients; there are no web push notifications.
        "GET /api/v2/buildinfo 200.webpush_public_key: is missing",

        // One organization, as clients named it before users could join several at once.
        "POST /api/v2/users request.organization_id: is not in the contract",

        // A file, which is no JSON.
        "GET /api/v2/connectionlog/export 200: should have no body",

        // Beyond the reference: docs/spec/platform.md, section 12.
        "PUT /api/v2/users/{user}/profile request.email: is not in the contract",
        "GET /api/v2/users/{user}/sessions 200[].ip_address: is not in the contract",
        "DELETE /api/v2/users/{user}/sessions parameter.query.keep_current: is not in the contract",
    ];

    [Fact]
    public void Everything_served_has_the_form_of_the_contract()
    {
        var differences = document.Operations
            .Where(o => ApiContract.Endpoints.ContainsKey(o.Name))
            .SelectMany(o => new ContractComparison(document, o).Run())
            .ToList();

        differences.Except(Meant, StringComparer.Ordinal).Should().BeEmpty();
        Meant.Except(differences, StringComparer.Ordinal).Should().BeEmpty("a difference that is gone must be taken out of the list");
    }

    [Fact]
    public void Nothing_is_served_that_is_not_in_the_contract()
    {
        var unknown = document.Operations.Select(o => o.Name).Where(name => !ApiContract.Endpoints.ContainsKey(name));

        unknown.Should().BeEmpty();
    }

    [Fact]
    public void What_the_first_version_serves_is_served_or_listed_as_not_built_yet()
    {
        var served = document.Operations.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        var missing = ApiContract.Endpoints
            .Where(e => e.Value["first"]!.GetValue<bool>() && !served.Contains(e.Key))
            .Select(e => e.Key);

        missing.Except(ApiContract.NotBuiltYet, StringComparer.Ordinal).Should().BeEmpty();
    }

    [Fact]
    public void The_list_of_what_is_not_built_yet_only_shrinks()
    {
        var served = document.Operations.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);

        ApiContract.NotBuiltYet.Where(served.Contains).Should().BeEmpty("what is served must be taken out of the list");
        ApiContract.NotBuiltYet.Should().OnlyHaveUniqueItems();
        ApiContract.NotBuiltYet.Except(ApiContract.Endpoints.Keys, StringComparer.Ordinal).Should().BeEmpty("only what is in the contract can be built");
    }
}
