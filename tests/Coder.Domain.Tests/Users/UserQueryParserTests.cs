using Coder.Domain.Common;
using Coder.Domain.Users;

namespace Coder.Domain.Tests.Users;

public sealed class UserQueryParserTests
{
    [Fact]
    public void An_empty_search_asks_for_everybody()
    {
        Read("").Should().BeEquivalentTo(UserFilter.Everybody);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var filter = Read(
            """
            Ada "van der" search:x status:active,dormant status:suspended role:owner,auditor login_type:none,oauth2_provider_app github_com_user_id:7
             last_seen_before:"2026-01-01T00:00:00Z" last_seen_after:"2026-01-02T00:00:00Z" created_before:"2026-01-03T00:00:00Z" created_after:"2026-01-04T00:00:00Z"
            """.ReplaceLineEndings(""));

        filter.Should().BeEquivalentTo(new UserFilter
        {
            Search = ["ada", "van der", "x"],
            Statuses = [UserStatus.Active, UserStatus.Dormant, UserStatus.Suspended],
            Roles = ["owner", "auditor"],
            LoginTypes = [LoginType.None, LoginType.OAuth2ProviderApp],
            GithubUserId = 7,
            LastSeenBefore = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            LastSeenAfter = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero),
            CreatedBefore = new DateTimeOffset(2026, 1, 3, 0, 0, 0, TimeSpan.Zero),
            CreatedAfter = new DateTimeOffset(2026, 1, 4, 0, 0, 0, TimeSpan.Zero),
        });
    }

    [Fact]
    public void The_role_that_everybody_has_asks_for_everybody()
    {
        Read("role:owner,member").Roles.Should().BeEmpty();
    }

    [Fact]
    public void All_errors_are_listed()
    {
        UserQueryParser.Parse("status:asleep colour:red created_after:now").Error.Should().BeEquivalentTo(new
        {
            Kind = ErrorKind.Invalid,
            Message = "Invalid user search query.",
            Validations = new[]
            {
                new FieldError("status", "Query param \"status\" has invalid value: \"asleep\" is not a valid value"),
                new FieldError(
                    "created_after",
                    "Query param \"created_after\" must be a valid date format (2006-01-02T15:04:05.999999999Z07:00): \"now\" is no such time"),
                new FieldError("colour", "\"colour\" is not a valid query param"),
            },
        });
    }

    [Fact]
    public void A_search_of_more_than_8_KiB_is_refused()
    {
        Read(new string('a', 8 * 1024)).Search.Should().ContainSingle();

        Refusal(new string('a', (8 * 1024) - 1) + "é").Should().Be(new FieldError("q", "Query param \"q\" must not be longer than 8 KiB"));
    }

    [Fact]
    public void Nul_is_refused()
    {
        Refusal("ada\0").Should().Be(new FieldError("q", "Query param \"q\" must not contain NUL"));
    }

    private static FieldError Refusal(string text)
    {
        var error = UserQueryParser.Parse(text).Error!;
        error.Should().BeEquivalentTo(new { Kind = ErrorKind.Invalid, Message = "Invalid user search query." });
        return error.Validations.Should().ContainSingle().Subject;
    }

    private static UserFilter Read(string text) => UserQueryParser.Parse(text).Match(filter => filter, e => throw new ArgumentException(e.ToString(), nameof(text)));
}
