using System.Net;
using Coder.Domain.Authorization;
using Coder.Testing;

namespace Coder.Api.Tests.Files;

public sealed class FilesEndpointTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string NotFound = "Resource not found or you do not have access to this resource";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_tar_archive_comes_back_as_it_was()
    {
        using var user = await Server.AddUserAsync(Ct);
        var tar = FilesApi.TarOf(("main.tf", "resource"));

        var upload = await user.Client.UploadAsync(tar, FilesApi.Tar, Ct);
        var body = await upload.JsonAsync(Ct);
        var download = await user.Client.GetAsync($"{FilesApi.Files}/{body["hash"]}", Ct);

        upload.StatusCode.Should().Be(HttpStatusCode.Created);
        body.Select(p => p.Key).Should().Equal("hash");
        download.StatusCode.Should().Be(HttpStatusCode.OK);
        download.Content.Headers.ContentType!.ToString().Should().Be(FilesApi.Tar);
        download.Content.Headers.ContentLength.Should().Be(tar.Length);
        (await download.Content.ReadAsByteArrayAsync(Ct)).Should().Equal(tar);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    public async Task Bytes_of_any_number_come_back_and_tar_archives_are_not_looked_into(int length)
    {
        using var user = await Server.AddUserAsync(Ct);
        var bytes = Enumerable.Range(0, length).Select(i => (byte)(i * 31 >> 3)).ToArray();

        var id = await user.Client.UploadedAsync(bytes, FilesApi.Tar, Ct);

        (await user.Client.GetByteArrayAsync($"{FilesApi.Files}/{id}", Ct)).Should().Equal(bytes);
    }

    [Theory]
    [InlineData("application/zip")]
    [InlineData("application/x-zip-compressed")]
    [InlineData("Application/Zip; x=y")]
    public async Task A_zip_archive_is_stored_as_tar(string type)
    {
        using var user = await Server.AddUserAsync(Ct);

        var id = await user.Client.UploadedAsync(FilesApi.ZipOf(("main.tf", "resource"), ("modules/a.tf", "a")), type, Ct);

        var download = await user.Client.GetAsync($"{FilesApi.Files}/{id}", Ct);
        download.Content.Headers.ContentType!.ToString().Should().Be(FilesApi.Tar);
        FilesApi.ReadTar(await download.Content.ReadAsByteArrayAsync(Ct)).Should().Equal(("main.tf", "resource"), ("modules/a.tf", "a"));
    }

    [Fact]
    public async Task A_file_is_converted_to_zip_when_that_is_asked_for()
    {
        using var user = await Server.AddUserAsync(Ct);
        var id = await user.Client.UploadedAsync(FilesApi.TarOf(("main.tf", "resource"), ("big", new string('x', 200_000))), FilesApi.Tar, Ct);

        var download = await user.Client.GetAsync($"{FilesApi.Files}/{id}?format=zip", Ct);

        download.Content.Headers.ContentType!.ToString().Should().Be(FilesApi.Zip);
        var zip = await download.Content.ReadAsByteArrayAsync(Ct);
        zip.Length.Should().Be((int)download.Content.Headers.ContentLength!).And.BeLessThan(10_000);
        FilesApi.ReadZip(zip).Should().Equal(("main.tf", "resource"), ("big", new string('x', 200_000)));
    }

    [Fact]
    public async Task The_same_bytes_of_the_same_user_are_stored_once()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);
        var tar = FilesApi.TarOf(("once", "x"));
        var first = await user.Client.UploadAsync(tar, FilesApi.Tar, Ct);
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        var second = await user.Client.UploadAsync(tar, FilesApi.Tar, Ct);
        var foreign = await other.Client.UploadAsync(tar, FilesApi.Tar, Ct);

        second.StatusCode.Should().Be(HttpStatusCode.OK);
        (await second.Content.ReadAsStringAsync(Ct)).Should().Be(await first.Content.ReadAsStringAsync(Ct));
        foreign.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_same_zip_archive_is_stored_once_whenever_it_is_uploaded()
    {
        using var user = await Server.AddUserAsync(Ct);
        var zip = FilesApi.ZipOf(("twice", "x"));
        var first = await user.Client.UploadedAsync(zip, FilesApi.Zip, Ct);
        Server.Clock.Advance(TimeSpan.FromHours(1));

        var second = await user.Client.UploadAsync(zip, FilesApi.Zip, Ct);

        second.StatusCode.Should().Be(HttpStatusCode.OK);
        (await second.JsonAsync(Ct))["hash"]!.GetValue<Guid>().Should().Be(first);
    }

    [Fact]
    public async Task Of_many_who_upload_the_same_bytes_at_once_one_is_first_and_all_have_its_id()
    {
        using var user = await Server.AddUserAsync(Ct);
        var tar = FilesApi.TarOf(("raced", "x"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => user.Client.UploadAsync(tar, FilesApi.Tar, Ct)));

        answers.Should().ContainSingle(a => a.StatusCode == HttpStatusCode.Created);
        answers.Where(a => a.StatusCode == HttpStatusCode.OK).Should().HaveCount(7);
        var ids = await Task.WhenAll(answers.Select(async a => (await a.JsonAsync(Ct))["hash"]!.GetValue<Guid>()));
        ids.Distinct().Should().ContainSingle();
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/gzip")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Other_types_are_refused(string? type)
    {
        using var user = await Server.AddUserAsync(Ct);

        var problem = await (await user.Client.UploadAsync([1], type, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = $"Unsupported content type header \"{type}\"." });
    }

    [Fact]
    public async Task A_zip_archive_that_is_not_accepted_is_400_and_says_why()
    {
        using var user = await Server.AddUserAsync(Ct);

        var outside = await (await user.Client.UploadAsync(FilesApi.ZipOf(("../main.tf", "")), FilesApi.Zip, Ct)).ProblemAsync(Ct);
        var damaged = await (await user.Client.UploadAsync([1, 2, 3], FilesApi.Zip, Ct)).ProblemAsync(Ct);

        outside.Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.BadRequest,
            Message = "The archive can not be accepted.",
            Detail = "\"../main.tf\" leads out of the archive.",
        });
        damaged.Detail.Should().Be("It is damaged, or no archive of this kind at all.");
    }

    [Fact]
    public async Task A_stored_archive_that_can_not_be_converted_is_400()
    {
        using var user = await Server.AddUserAsync(Ct);
        var id = await user.Client.UploadedAsync([.. Enumerable.Repeat((byte)7, 2000)], FilesApi.Tar, Ct);

        var problem = await (await user.Client.GetAsync($"{FilesApi.Files}/{id}?format=zip", Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "The archive can not be accepted." });
    }

    [Theory]
    [InlineData("tar")]
    [InlineData("ZIP")]
    public async Task Other_formats_are_refused(string format)
    {
        using var user = await Server.AddUserAsync(Ct);
        var id = await user.Client.UploadedAsync(FilesApi.TarOf(), FilesApi.Tar, Ct);

        var problem = await (await user.Client.GetAsync($"{FilesApi.Files}/{id}?format={format}", Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Unsupported conversion format." });
    }

    [Fact]
    public async Task What_is_no_id_is_400_and_what_is_not_there_404()
    {
        using var user = await Server.AddUserAsync(Ct);

        var malformed = await (await user.Client.GetAsync($"{FilesApi.Files}/x", Ct)).ProblemAsync(Ct);
        var missing = await (await user.Client.GetAsync($"{FilesApi.Files}/{Guid.Empty}?format=tar", Ct)).ProblemAsync(Ct);

        malformed.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Invalid UUID \"x\"." });
        missing.Should().BeEquivalentTo(new { Status = HttpStatusCode.NotFound, Message = NotFound });
    }

    [Fact]
    public async Task More_than_100_MiB_is_413_before_it_is_sent()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, FilesApi.Files) { Content = new ZerosContent((100L * 1024 * 1024) + 1) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", FilesApi.Tar);
        request.Headers.ExpectContinue = true;

        var response = await user.Client.SendAsync(request, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_credential_for_applications_can_not_upload_and_a_caller_without_one_neither()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Scope = KeyScope.ApplicationConnect }, Ct);

        (await user.Client.UploadAsync([1], FilesApi.Tar, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await Server.Anonymous.UploadAsync([1], FilesApi.Tar, Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_file_is_read_by_its_user_and_by_who_may_read_all()
    {
        using var user = await Server.AddUserAsync(Ct);
        var id = await user.Client.UploadedAsync(FilesApi.TarOf(("secret", "x")), FilesApi.Tar, Ct);

        foreach (var (roles, expected) in ((string[], HttpStatusCode)[])
            [
                (["owner"], HttpStatusCode.OK),
                (["template-admin"], HttpStatusCode.OK),
                (["user-admin"], HttpStatusCode.NotFound),
                (["auditor"], HttpStatusCode.NotFound),
                ([], HttpStatusCode.NotFound),
            ])
        {
            using var reader = await Server.AddUserAsync(roles, Ct);
            (await reader.Client.GetAsync($"{FilesApi.Files}/{id}", Ct)).StatusCode.Should().Be(expected, string.Join(' ', roles));
        }
    }

    [Fact]
    public async Task A_file_is_read_by_who_may_change_a_template_that_was_made_from_it()
    {
        using var author = await Server.AddUserAsync(Ct);
        using var shared = await Server.AddUserAsync(Ct);
        using var grouped = await Server.AddUserAsync(Ct);
        using var user = await Server.AddUserAsync(Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        var group = await Server.Database.AddGroupAsync(organization, $"editors-{author.Id:N}", [grouped.Id], Ct);
        var id = await author.Client.UploadedAsync(FilesApi.TarOf(("shared", "x")), FilesApi.Tar, Ct);
        (await StatusAsync(shared, id)).Should().Be(HttpStatusCode.NotFound, "no template was made from it yet");

        var template = await Server.Database.AddTemplateAsync(
            organization,
            author.Id,
            id,
            $$"""{"{{shared.Id}}": ["*"], "{{user.Id}}": ["read", "use"]}""",
            $$"""{"{{group}}": ["*"], "{{organization}}": ["read", "use"]}""",
            Ct);

        (await StatusAsync(shared, id)).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(grouped, id)).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(user, id)).Should().Be(HttpStatusCode.NotFound, "to use a template is not to change it");
        await Server.Database.ExecuteAsync("update templates set deleted = true where id = $1", Ct, template);
        (await StatusAsync(shared, id)).Should().Be(HttpStatusCode.NotFound, "a deleted template is changed by nobody");
    }

    [Fact]
    public async Task The_template_admin_of_an_organization_reads_what_its_templates_were_made_from_and_nothing_else()
    {
        using var author = await Server.AddUserAsync(Ct);
        using var admin = await Server.AddUserAsync(new NewTestUser { OrganizationRoles = ["organization-template-admin"] }, Ct);
        var elsewhere = await Server.Database.AddOrganizationAsync($"land-{author.Id:N}"[..20], Ct);
        var here = await author.Client.UploadedAsync(FilesApi.TarOf(("here", "x")), FilesApi.Tar, Ct);
        var there = await author.Client.UploadedAsync(FilesApi.TarOf(("there", "x")), FilesApi.Tar, Ct);
        await Server.Database.AddTemplateAsync(await Server.Database.DefaultOrganizationAsync(Ct), author.Id, here, "{}", "{}", Ct);
        await Server.Database.AddTemplateAsync(elsewhere, author.Id, there, "{}", "{}", Ct);

        (await StatusAsync(admin, here)).Should().Be(HttpStatusCode.OK);
        (await StatusAsync(admin, there)).Should().Be(HttpStatusCode.NotFound);
    }

    private static async Task<HttpStatusCode> StatusAsync(TestUser user, Guid id) =>
        (await user.Client.GetAsync($"{FilesApi.Files}/{id}", Ct)).StatusCode;
}
