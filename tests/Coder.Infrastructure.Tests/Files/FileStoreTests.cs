using Coder.Application.Files;
using Coder.Domain.Authorization;
using Coder.Domain.Tests.Authorization;
using Coder.Infrastructure.Files;
using Coder.Testing;
using CsCheck;

namespace Coder.Infrastructure.Tests.Files;

/// <summary>Whose templates open a file is decided by the statement as it is decided in memory.</summary>
public sealed class FileStoreTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly Permission Update = new(ResourceType.Template, PermissionAction.Update);

    [Fact]
    public async Task A_file_is_used_by_the_templates_that_somebody_may_change_and_by_no_others()
    {
        var author = (await fixture.Database.AddUserAsync(new NewTestUser(), DateTimeOffset.UnixEpoch, Ct)).Id;
        foreach (var (organization, i) in Generated.Organizations.Select((id, i) => (id, i)))
        {
            await fixture.Database.ExecuteAsync(
                "insert into organizations (id, name, display_name, created_at, updated_at) values ($1, $2, $2, now(), now())", Ct, organization, $"org{i}");
        }

        var templates = new List<(Guid File, ObjectRef Template)>();
        foreach (var (organization, users, groups) in Shares())
        {
            var file = await fixture.Database.AddFileAsync(author, [(byte)templates.Count], Ct);
            var id = await fixture.Database.AddTemplateAsync(organization, author, file, users, groups, Ct);
            templates.Add((file, ObjectRef.Template(id, organization, AccessControlList.FromJson(users), AccessControlList.FromJson(groups))));
        }

        await Generated.Actor.SampleAsync(
            async actor =>
            {
                foreach (var (file, template) in templates)
                {
                    var isUsed = await Store().IsUsedAsync(file, Authorizer.ReadScope(actor, Update), Ct);
                    isUsed.Should().Be(Authorizer.Can(actor, PermissionAction.Update, template));
                }

                return true;
            },
            iter: 100);
    }

    [Fact]
    public async Task Of_two_who_add_the_same_content_the_later_one_gets_the_file_of_the_first()
    {
        var user = (await fixture.Database.AddUserAsync(new NewTestUser(), DateTimeOffset.UnixEpoch, Ct)).Id;
        var first = new NewFile(new Guid(1, 0, 0, new byte[8]), "hash", DateTimeOffset.UnixEpoch, user, FileTypes.Tar);
        using var one = new MemoryStream([1, 2, 3]);
        using var two = new MemoryStream([1, 2, 3]);

        var stored = await Store().AddAsync(first, one, Ct);
        var again = await Store().AddAsync(first with { Id = new Guid(2, 0, 0, new byte[8]) }, two, Ct);

        stored.Should().Be(first.Id);
        again.Should().Be(first.Id);
        (await Store().FindAsync(first.Id, Ct)).Should().Be(new StoredFile(first.Id, user, FileTypes.Tar, 3));
        (await Store().FindSameAsync("hash", user, Ct)).Should().Be(first.Id);
        (await Store().FindSameAsync("hash", Guid.Empty, Ct)).Should().BeNull();
    }

    private FileStore Store() => new(fixture.NewSession());

    private static IEnumerable<(Guid Organization, string Users, string Groups)> Shares() =>
        from organization in Generated.Organizations
        from share in (IEnumerable<(string Users, string Groups)>)
        [
            ("{}", "{}"),
            ($$"""{"{{Generated.Users[0]}}": ["*"], "{{Generated.Users[1]}}": ["read", "use"]}""", "{}"),
            ("{}", $$"""{"{{Generated.Groups[0]}}": ["update"], "{{organization}}": ["read"]}"""),
            ("{}", $$"""{"{{organization}}": ["*"]}"""),
        ]
        select (organization, share.Users, share.Groups);
}
