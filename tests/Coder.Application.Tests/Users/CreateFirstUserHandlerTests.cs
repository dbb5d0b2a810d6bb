using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Coder.Application.Tests.Users;

public sealed class CreateFirstUserHandlerTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly Guid UserId = Guid.Parse("0b3a4f0e-0000-4000-8000-000000000001");
    private static readonly Guid OrganizationId = Guid.Parse("0b3a4f0e-0000-4000-8000-000000000002");

    private readonly IUserStore _users = Substitute.For<IUserStore>();
    private readonly IPasswordHasher _passwords = Substitute.For<IPasswordHasher>();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(12_345_678));

    public CreateFirstUserHandlerTests()
    {
        _passwords.HashAsync("SomeSecurePassword!", Ct).Returns(Result<string>.From("the hash"));
        _users.AddAsync(Arg.Any<NewUser>(), Ct).Returns(true);
    }

    [Fact]
    public async Task The_user_is_added_as_active_owner_at_a_time_that_the_database_can_keep()
    {
        var result = await HandleAsync(Request);

        result.Should().Be(Result<CreatedFirstUser>.From(new CreatedFirstUser(UserId, OrganizationId)));
        await _users.Received(1).AddAsync(
            Arg.Is<NewUser>(u => u.Id == UserId && u.Name == "Olga Owner" && u.PasswordHash == "the hash" && u.Status == UserStatus.Active
                && u.LoginType == LoginType.Password && u.Roles.SequenceEqual(new[] { RoleNames.Owner })
                && u.OrganizationId == OrganizationId
                && u.CreatedAt.Ticks % TimeSpan.TicksPerMicrosecond == 0),
            Ct);
    }

    [Fact]
    public async Task A_weak_password_is_refused_without_asking_anybody()
    {
        var result = await HandleAsync(Request with { Password = "password" });

        result.Error!.Message.Should().Be("Password is invalid");
        _users.ReceivedCalls().Should().BeEmpty();
        _passwords.ReceivedCalls().Should().BeEmpty();
    }

    [Fact]
    public async Task Once_there_is_a_user_nobody_waits_for_the_lock()
    {
        _users.AnyAsync(Ct).Returns(true);

        var result = await HandleAsync(Request);

        result.Error!.Kind.Should().Be(ErrorKind.Conflict);
        await _users.DidNotReceive().LockFirstUserAsync(Ct);
    }

    [Fact]
    public async Task Whoever_waited_for_the_lock_looks_again_before_the_work_of_hashing()
    {
        _users.AnyAsync(Ct).Returns(false, true);

        var result = await HandleAsync(Request);

        result.Error!.Message.Should().Be("The initial user has already been created.");
        _passwords.ReceivedCalls().Should().BeEmpty();
        await _users.DidNotReceiveWithAnyArgs().AddAsync(null!, Ct);
    }

    [Fact]
    public async Task Without_a_hash_nothing_is_stored()
    {
        var overloaded = new Error(ErrorKind.Unavailable, "Later.");
        _passwords.HashAsync("SomeSecurePassword!", Ct).Returns(Result<string>.From(overloaded));

        var result = await HandleAsync(Request);

        result.Error.Should().Be(overloaded);
        await _users.DidNotReceiveWithAnyArgs().AddAsync(null!, Ct);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_the_answer()
    {
        _users.AddAsync(Arg.Any<NewUser>(), Ct).Returns(false);

        var result = await HandleAsync(Request);

        result.Error.Should().BeEquivalentTo(new Error(ErrorKind.Conflict, "User already exists."));
    }

    private static CreateFirstUser Request => new("olga@example.com", "olga", " Olga Owner ", "SomeSecurePassword!");

    private Task<Result<CreatedFirstUser>> HandleAsync(CreateFirstUser request)
    {
        var ids = Substitute.For<IIds>();
        ids.Random().Returns(UserId);
        var organizations = Substitute.For<IOrganizationStore>();
        organizations.DefaultIdAsync(Ct).Returns(OrganizationId);
        return new CreateFirstUserHandler(_users, organizations, _passwords, ids, _time, Silent.AuditTrail()).Handle(request, Ct);
    }
}
