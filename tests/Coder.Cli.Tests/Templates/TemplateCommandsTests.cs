using Coder.Cli.Tests.Login;

namespace Coder.Cli.Tests.Templates;

public sealed class TemplateCommandsTests : IDisposable
{
    private const string Go = """
        {"id":"6f2b0f0e-0000-4000-8000-0000000000e1","name":"go","display_name":"Go","description":"For Go",
        "organization_name":"acme","created_at":"2025-07-01T10:20:30.5Z","updated_at":"2025-08-01T10:20:30Z","created_by_name":"ada",
        "active_user_count":1,"default_ttl_ms":28800000,"deprecated":false,"active_version_id":"6f2b0f0e-0000-4000-8000-0000000000f1",
        "something_new":[1.50]}
        """;

    private const string Node = """
        {"id":"6f2b0f0e-0000-4000-8000-0000000000e2","name":"node","organization_name":"acme","updated_at":"2025-08-02T10:20:30Z",
        "active_user_count":12,"deprecated":true}
        """;

    private const string Organization = "6f2b0f0e-0000-4000-8000-0000000000c1";

    private readonly CliHarness _cli = new();

    public TemplateCommandsTests()
    {
        _cli.SignIn();
        _cli.Server.Answer("GET /templates", 200, $"[{Go},{Node}]");
        _cli.Server.Answer("GET /organizations/acme", 200, $$"""{"id":"{{Organization}}","name":"acme"}""");
        _cli.Server.Answer("GET /users/me/organizations", 200, $$"""[{"id":"{{Organization}}","name":"acme","is_default":true}]""");
        _cli.Server.Answer($"GET /organizations/{Organization}/templates", 200, $"[{Go}]");
        _cli.Server.Answer($"GET /organizations/{Organization}/templates/go", 200, Go);
        _cli.Server.Answer($"GET /organizations/{Organization}/templates/node", 200, Node);
        _cli.Server.Answer("DELETE /templates/6f2b0f0e-0000-4000-8000-0000000000e1", 200, """{"message":"Template has been deleted!"}""");
        _cli.Server.Answer("DELETE /templates/6f2b0f0e-0000-4000-8000-0000000000e2", 400, """
            {"message":"All workspaces must be deleted before a template can be removed."}
            """);
    }

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("list")]
    [InlineData("ls")]
    public async Task List_is_a_table(string name)
    {
        var code = await _cli.RunAsync("templates", name);

        code.Should().Be(0);
        _cli.Output.Should().Be("""
            NAME  ORGANIZATION NAME  LAST UPDATED          USED BY
            go    acme               2025-08-01T10:20:30Z  1 user
            node  acme               2025-08-02T10:20:30Z  12 users

            """);
    }

    [Fact]
    public async Task List_shows_the_columns_that_are_asked_for()
    {
        await _cli.RunAsync("templates", "list", "-c", "name,display name,description,created at,created by,default ttl,deprecated");

        _cli.Output.Should().Be("""
            NAME  DISPLAY NAME  DESCRIPTION  CREATED AT            CREATED BY  DEFAULT TTL  DEPRECATED
            go    Go            For Go       2025-07-01T10:20:30Z  ada         8h           false
            node                             0001-01-01T00:00:00Z              none         true

            """);
    }

    [Fact]
    public async Task List_as_JSON_is_what_the_server_says()
    {
        var code = await _cli.RunAsync("templates", "list", "-o", "json");

        code.Should().Be(0);
        LoginCommandTests.ShouldBeJson(_cli.Output, $"[{Go},{Node}]");
        _cli.Output.Should().Contain("1.50");
    }

    [Fact]
    public async Task List_can_be_of_one_organization()
    {
        await _cli.RunAsync("templates", "list", "--org", "acme", "-c", "name");

        _cli.Output.Should().Be("NAME\ngo\n");
    }

    [Fact]
    public async Task An_empty_list_says_how_to_make_a_template()
    {
        _cli.Server.Answer("GET /templates", 200, "[]");

        var code = await _cli.RunAsync("templates", "list");

        code.Should().Be(0);
        _cli.Output.Should().BeEmpty();
        _cli.Errors.Should().Be("There are no templates that you may see. Make one: coder templates push\n");
    }

    [Fact]
    public async Task List_refuses_unknown_columns_without_asking_the_server()
    {
        var code = await _cli.RunAsync("templates", "list", "-c", "colour");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith("error: --column names a column that the table does not have: colour\n");
        _cli.Server.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("rm")]
    public async Task Delete_deletes_each_and_stops_at_the_first_that_can_not_be(string name)
    {
        var code = await _cli.RunAsync("templates", name, "go", "node", "GO", "--yes");

        code.Should().Be(1);
        _cli.Output.Should().Be("Template go is deleted.\n");
        _cli.Errors.Should().Be("error: All workspaces must be deleted before a template can be removed.\n");
    }

    [Theory]
    [InlineData(false, "", "error: There is no terminal to ask: Delete go?\nUse --yes to say so.\n")]
    [InlineData(true, "\n", "Delete go? (yes/no) [no]: error: Nothing was changed\n")]
    public async Task Delete_needs_a_yes(bool isInteractive, string input, string errors)
    {
        _cli.IsInteractive = isInteractive;
        _cli.Input = input;

        var code = await _cli.RunAsync("templates", "delete", "go");

        code.Should().Be(1);
        _cli.Errors.Should().Be(errors);
        _cli.Server.Lines.Should().NotContain(line => line.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Delete_begins_only_when_all_of_them_are_there()
    {
        var code = await _cli.RunAsync("templates", "delete", "go", "none", "--yes");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith("error: There is no template \"none\" in the organization acme that you may see\n");
        _cli.Server.Lines.Should().NotContain(line => line.StartsWith("DELETE", StringComparison.Ordinal));
    }
}
