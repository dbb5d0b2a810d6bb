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

        // A name and the word "default" are as good as an id, there as on every other path with an organization.
        "GET /api/v2/organizations/{organization}/groups parameter.path.organization: should be a uuid",
        "GET /api/v2/organizations/{organization}/groups/{groupName} parameter.path.organization: should be a uuid",

        // The body is the file itself and the header says what it is; the contract describes a form that no client sends.
        "POST /api/v2/files parameter.header.Content-Type: is missing",
        "POST /api/v2/files parameter.form.file: is missing",
        "POST /api/v2/files request: should have no body",

        // Any format is looked at, and the bytes are described.
        "GET /api/v2/files/{fileID} parameter.query.format: is not in the contract",
        "GET /api/v2/files/{fileID} parameter.path.fileID: should be a uuid",
        "GET /api/v2/files/{fileID} 200: should have no body",
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
