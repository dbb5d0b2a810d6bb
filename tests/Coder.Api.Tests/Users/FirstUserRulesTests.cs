using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace Coder.Api.Tests.Users;

/// <summary>What is refused before there is any user: no test of this class may create one.</summary>
public sealed class FirstUserRulesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string First = "/api/v2/users/first";
    private const string Strong = "SomeSecurePassword!";
    private const string Insecure =
        "insecure password, try including more special characters, using uppercase letters, using numbers or using a longer password";

    private const string NotJson = "Request body must be valid JSON.";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private HttpClient Anonymous => fixture.Server.Anonymous;

    [Fact]
    public async Task A_deployment_without_users_says_so()
    {
        var response = await Anonymous.GetAsync(First, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"The initial user has not been created!"}""");
    }

    [Fact]
    public async Task All_missing_fields_are_named_in_one_answer()
    {
        var response = await Anonymous.PostRawAsync(First, "{}", "application/json", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(
            """{"message":"Validation failed.","validations":[{"field":"email","detail":"Validation failed for tag \"required\" with value: \"\""},{"field":"username","detail":"Validation failed for tag \"required\" with value: \"\""},{"field":"password","detail":"Validation failed for tag \"required\" with value: \"\""}]}""");
    }

    [Theory]
    [InlineData("email", "not-an-address", "email")]
    [InlineData("email", " olga@example.com", "email")]
    [InlineData("email", "olga@localhost", "email")]
    [InlineData("email", "a\0b@example.com", "email")]
    [InlineData("username", "olga_owner", "username")]
    [InlineData("username", "-olga", "username")]
    [InlineData("username", "ol--ga", "username")]
    [InlineData("username", "new", "username")]
    [InlineData("username", "create", "username")]
    [InlineData("username", "abcdefghijklmnopqrstuvwxyz-1234567", "username")]
    public async Task A_field_that_breaks_its_rule_is_named_with_the_tag_and_the_value(string field, string value, string tag)
    {
        var response = await PostAsync(field, value);

        var problem = await response.ProblemAsync(Ct);
        problem.Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.BadRequest,
            Message = "Validation failed.",
            Detail = (string?)null,
            Validations = new[] { (field, $"Validation failed for tag \"{tag}\" with value: \"{value}\"") },
        });
    }

    [Fact]
    public async Task A_real_name_may_have_128_characters_without_the_blanks_around_it()
    {
        var name = new string('n', 129);

        var response = await PostAsync("name", name);

        (await response.ProblemAsync(Ct)).Validations.Should().Equal(
            ("name", $"Validation failed for tag \"user_real_name\" with value: \"{name}\""));
    }

    [Theory]
    [InlineData("password", Insecure)]
    [InlineData("newpassword", Insecure)]
    [InlineData("SomeSecurePassword!SomeSecurePassword!SomeSecurePassword!12345678", "password must be no more than 64 characters")]
    public async Task A_weak_password_is_refused_with_the_reason_and_is_not_repeated(string password, string reason)
    {
        var response = await PostAsync("password", password);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(
            $$"""{"message":"Password is invalid","validations":[{"field":"password","detail":"{{reason}}"}]}""");
    }

    [Fact]
    public async Task A_text_with_nul_can_not_be_stored()
    {
        var response = await PostAsync("name", "Olga\0Owner");

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.BadRequest,
            Message = "Request contains text that can not be stored.",
        });
    }

    [Fact]
    public async Task A_name_that_only_a_system_user_has_is_taken()
    {
        var response = await PostAsync("username", "prebuilds");

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.Conflict, Message = "User already exists." });
    }

    [Theory]
    [InlineData("", "The body is empty.")]
    [InlineData("null", "The body is empty.")]
    [InlineData("{\"email\":\"a@example.com\"", "It can not be read at line 1, byte 25.")]
    [InlineData("{\n  \"email\": nonsense\n}", "It can not be read at line 2, byte 13.")]
    [InlineData("{} {}", "It can not be read at line 1, byte 4.")]
    [InlineData("{}]", "It can not be read at line 1, byte 3.")]
    [InlineData("[]", "It can not be read at line 1, byte 2.")]
    [InlineData("\"text\"", "It can not be read at line 1, byte 7.")]
    [InlineData("email=a%40example.com", "It can not be read at line 1, byte 1.")]
    [InlineData("{\"email\":5}", "\"email\" has a value of the wrong type.")]
    [InlineData("{\"email\":[\"a@example.com\"]}", "\"email\" has a value of the wrong type.")]
    [InlineData("{\"email\":\"a@example.com\",\"trial\":\"yes\"}", "\"trial\" has a value of the wrong type.")]
    public async Task A_body_that_is_not_the_expected_json_is_refused_with_the_place(string body, string detail)
    {
        var response = await Anonymous.PostRawAsync(First, body, "application/json", Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new Problem(HttpStatusCode.BadRequest, NotJson, detail, []));
    }

    [Fact]
    public async Task A_body_that_is_not_utf_8_is_refused()
    {
        byte[] body = [.. Encoding.ASCII.GetBytes("{\"email\":\""), 0xC3, 0x28, .. Encoding.ASCII.GetBytes("\"}")];

        var response = await Anonymous.PostRawAsync(First, body, "application/json", Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = NotJson });
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_is_refused()
    {
        var response = await Anonymous.PostRawAsync(First, """{"email":"a@example.com","name":"\ud800"}""", "application/json", Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = NotJson });
    }

    [Theory]
    [InlineData(63, "Validation failed.")]
    [InlineData(64, NotJson)]
    [InlineData(5000, NotJson)]
    public async Task Json_may_be_nested_64_levels_deep(int arrays, string message)
    {
        var body = $$"""{"unknown":{{new string('[', arrays)}}{{new string(']', arrays)}}}""";

        var response = await Anonymous.PostRawAsync(First, body, "application/json", Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = message });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/json; charset=nonsense")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("nonsense")]
    public async Task A_body_is_json_whatever_its_content_type_says(string? contentType)
    {
        var response = await Anonymous.PostRawAsync(
            First, """{"email":"é@example.com","username":"olga","password":"password"}""", contentType, Ct);

        (await response.ProblemAsync(Ct)).Message.Should().Be("Password is invalid");
    }

    [Fact]
    public async Task Unknown_fields_are_ignored_and_names_match_without_regard_to_case_and_null_means_nothing()
    {
        const string Body = """
            {"EMAIL":"a@example.com","UserName":"olga","Password":"password","name":null,"trial":null,"trial_info":{"phone":1},"x":[{}]}
            """;

        var response = await Anonymous.PostRawAsync(First, Body, "application/json", Ct);

        (await response.ProblemAsync(Ct)).Message.Should().Be("Password is invalid");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_more_than_a_mebibyte_is_too_large(bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, First)
        {
            Content = new StringContent($$"""{"email":"{{new string('a', 1024 * 1024)}}"}"""),
        };
        request.Headers.TransferEncodingChunked = isChunked;

        // A body whose length is known is refused before it is read; who sends it all the same may find the connection closed.
        request.Headers.ExpectContinue = !isChunked;

        var response = await Anonymous.SendAsync(request, Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.RequestEntityTooLarge, Message = "Request body is too large.", Detail = (string?)null });
    }

    private Task<HttpResponseMessage> PostAsync(string field, string value)
    {
        var body = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["email"] = "olga@example.com",
            ["username"] = "olga",
            ["name"] = "Olga Owner",
            ["password"] = Strong,
            [field] = value,
        };
        return Anonymous.PostAsJsonAsync(First, body, Ct);
    }
}
