using System.Text.Json;
using Coder.Application.Templates;
using Coder.Domain.Authorization;
using Coder.Domain.Templates;
using Coder.Domain.Tests.Authorization;
using Coder.Infrastructure.Templates;
using Coder.Testing;
using CsCheck;

namespace Coder.Infrastructure.Tests.Templates;

/// <summary>What the statement shows of templates is what the decision in memory allows, whoever asks.</summary>
public sealed class TemplateStoreTests(TemplateStoreTests.Tables tables) : IClassFixture<TemplateStoreTests.Tables>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public Task Templates_are_shown_as_the_authorizer_decides() => Generated.Actor.SampleAsync(
        async actor =>
        {
            var shown = await ListAsync(TemplateFilter.Everything, Authorizer.ReadScope(actor, ResourceType.Template));

            shown.Select(view => view.Template.Id).Should().BeEquivalentTo(
                tables.Templates.Where(row => Authorizer.Can(actor, PermissionAction.Read, row.Ref)).Select(row => row.Id));
            return true;
        },
        iter: 200);

    [Fact]
    public async Task Stored_lists_are_read_as_they_were_written()
    {
        var read = await Store().ReadAsync([.. tables.Templates.Select(row => row.Id)], Ct);

        foreach (var template in read)
        {
            var row = tables.Templates.Single(r => r.Id == template.Id);
            foreach (var id in Generated.Users.Concat(Generated.Groups))
            {
                template.UserAcl.RoleOf(id).Should().Be(row.Ref.UserAcl!.RoleOf(id));
                template.GroupAcl.RoleOf(id).Should().Be(row.Ref.GroupAcl!.RoleOf(id));
            }
        }
    }

    [Fact]
    public async Task All_filters_at_once_make_one_statement()
    {
        var row = tables.Templates[0];
        var template = (await Store().ReadAsync([row.Id], Ct)).Single();
        var filter = new TemplateFilter
        {
            Name = [template.Name[..4]],
            ExactName = template.Name.ToUpperInvariant(),
            Ids = [row.Id],
            IsDeprecated = false,
            HasAiTask = false,
            HasExternalAgent = false,
            Author = "user0",
            AuthorId = template.CreatedBy,
        };

        (await Store().ListAsync(filter, template.OrganizationId, ReadScope.All, DateTimeOffset.UnixEpoch, Ct))
            .Should().ContainSingle().Which.Template.Id.Should().Be(row.Id);
        (await ListAsync(filter with { IsDeprecated = true }, ReadScope.All)).Should().BeEmpty();
        (await ListAsync(filter with { IsDeleted = true }, ReadScope.All)).Should().BeEmpty();
        (await ListAsync(filter with { HasAiTask = true }, ReadScope.All)).Should().BeEmpty();
    }

    private TemplateStore Store() => new(tables.NewSession());

    private Task<IReadOnlyList<TemplateView>> ListAsync(TemplateFilter filter, ReadScope scope) =>
        Store().ListAsync(filter, null, scope, DateTimeOffset.UnixEpoch, Ct);

    /// <summary>A template of the tables.</summary>
    public sealed record TestTemplate(Guid Id, ObjectRef Ref);

    /// <summary>A database with templates in the organizations that generated actors know.</summary>
    public sealed class Tables : IAsyncLifetime
    {
        private const string InsertUser = """
            insert into users (id, email, username, created_at, updated_at, status) values ($1, $2, $2, now(), now(), 'active')
            """;

        private const string InsertOrganization =
            "insert into organizations (id, name, display_name, created_at, updated_at) values ($1, $2, $2, now(), now())";

        private static readonly Gen<Dictionary<Guid, string[]>> Acl = Gen.Select(
                Gen.OneOf<Guid>([.. Generated.Users, .. Generated.Groups, .. Generated.Organizations]),
                Gen.OneOf("read", "read", "use", "update", "*").Array[0, 2],
                KeyValuePair.Create)
            .Array[0, 3]
            .Select(entries => entries.DistinctBy(e => e.Key).ToDictionary());

        private readonly DatabaseFixture _fixture = new();

        /// <summary>All templates.</summary>
        public IList<TestTemplate> Templates { get; } = [];

        /// <summary>A session of its own.</summary>
        public Coder.Infrastructure.Database.DbSession NewSession() => _fixture.NewSession();

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            await _fixture.InitializeAsync();
            var database = _fixture.Database;
            foreach (var (user, i) in Generated.Users.Select((user, i) => (user, i)))
            {
                await database.ExecuteAsync(InsertUser, Ct, user, $"user{i}");
            }

            var file = await database.AddFileAsync(Generated.Users[0], [1], Ct);
            var lists = Acl.Array[40].Generate(new PCG(stream: 1, seed: 2026), null, out _);
            foreach (var (organization, i) in Generated.Organizations.Select((organization, i) => (organization, i)))
            {
                await database.ExecuteAsync(InsertOrganization, Ct, organization, $"org{i}");
                for (var n = 0; n < 5; n++)
                {
                    var (users, groups) = (Json(lists[i * 10 + n]), Json(lists[i * 10 + 5 + n]));
                    var id = await database.AddTemplateAsync(organization, Generated.Users[0], file, users, groups, Ct);
                    Templates.Add(new TestTemplate(id, ObjectRef.Template(
                        id, organization, AccessControlList.FromJson(users), AccessControlList.FromJson(groups))));
                }
            }
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => _fixture.DisposeAsync();

        private static string Json(Dictionary<Guid, string[]> list) =>
            JsonSerializer.Serialize(list.ToDictionary(e => e.Key.ToString(), e => e.Value, StringComparer.Ordinal));
    }
}
