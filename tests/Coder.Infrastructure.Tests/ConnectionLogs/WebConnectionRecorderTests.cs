using Coder.Application.ConnectionLogs;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Licensing;
using Coder.Infrastructure.Common;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using NSubstitute;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, sections 4.4, 11 item 8 and 12.5.</summary>
public sealed class WebConnectionRecorderTests : ConnectionLogTests, IClassFixture<DatabaseFixture>
{
    private readonly FakeTimeProvider _clock = new(Now);
    private readonly IConnectionLogger _log = Substitute.For<IConnectionLogger>();
    private readonly IEntitlementSource _entitlements = Substitute.For<IEntitlementSource>();
    private readonly List<ConnectionEvent> _logged = [];
    private readonly WebConnectionRecorder _recorder;
    private readonly WebOpening _opening;
    private Result<Done> _outcome = Done.Value;

    public WebConnectionRecorderTests(DatabaseFixture fixture)
        : base(fixture)
    {
        _log.UpsertAsync(Arg.Any<IReadOnlyList<ConnectionEvent>>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            if (_outcome.Error is null)
            {
                _logged.AddRange(call.Arg<IReadOnlyList<ConnectionEvent>>());
            }

            return _outcome;
        });
        Entitle(isEntitled: true);
        _recorder = NewRecorder(new WebSessionStore(fixture.NewSession()));
        var agent = new ConnectedAgent(Organization, TestIds.New(), TestIds.New(), "work", "main");
        _opening = new WebOpening(agent, TestIds.New(), WebTarget.App(TestIds.New(), "code"), TestIds.New(), "192.0.2.1", "firefox", 200);
    }

    [Fact]
    public async Task The_second_request_of_a_session_is_silent()
    {
        (await RecordAsync(_opening)).Should().Be(1);
        (await RecordAsync(_opening)).Should().Be(0);
        (await RecordAsync(_opening, _opening)).Should().Be(0);

        _logged.Should().ContainSingle().Which.Should().Match<ConnectionEvent>(e => e.UserId == _opening.UserId && e.SlugOrPort == "code");
    }

    [Fact]
    public async Task Another_address_user_browser_target_or_status_is_another_session()
    {
        var app = WebTarget.App(TestIds.New(), "code");
        (await RecordAsync(
            _opening,
            _opening with { Ip = "192.0.2.2" },
            _opening with { UserId = null },
            _opening with { UserAgent = "chrome" },
            _opening with { Target = app },
            _opening with { Target = WebTarget.Port("80") },
            _opening with { Target = WebTarget.Terminal },
            _opening with { StatusCode = 404 },
            _opening with { AgentId = TestIds.New() },
            _opening with { StatusCode = null })).Should().Be(9, "the last one is the first one again");
    }

    [Fact]
    public async Task A_session_ends_an_hour_after_its_last_request_whoever_saw_that()
    {
        (await RecordAsync(_opening)).Should().Be(1);
        _clock.Advance(TimeSpan.FromMinutes(59));
        (await RecordAsync(_opening)).Should().Be(0);
        _clock.Advance(TimeSpan.FromMinutes(59));
        (await NewRecorder(new WebSessionStore(Fixture.NewSession())).RecordAsync([_opening], Ct)).Should().Be((Result<int>)0, "it was moved forward");
        _clock.Advance(TimeSpan.FromMinutes(60));
        (await RecordAsync(_opening)).Should().Be(1);
    }

    [Fact]
    public async Task The_time_of_the_event_does_not_move_the_window()
    {
        (await RecordAsync(_opening with { Time = Now.AddDays(-3) })).Should().Be(1);
        (await RecordAsync(_opening with { Time = Now })).Should().Be(0);
    }

    [Fact]
    public async Task A_key_that_was_seen_within_five_minutes_needs_no_database()
    {
        var sessions = Substitute.For<IWebSessionStore>();
        sessions.TouchAsync(default!, default, default, Ct).ReturnsForAnyArgs(
            call => call.Arg<IReadOnlyList<(Guid Id, WebSessionKey Key)>>().Select(o => o.Id).ToHashSet());
        var recorder = NewRecorder(sessions);

        for (var i = 0; i < 100; i++)
        {
            await recorder.RecordAsync([_opening], Ct);
            _clock.Advance(TimeSpan.FromSeconds(6));
        }

        await sessions.ReceivedWithAnyArgs(2).TouchAsync(default!, default, default, Ct);
        _logged.Should().ContainSingle();
    }

    [Fact]
    public async Task While_sessions_can_not_be_read_nothing_is_logged()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");
        var recorder = NewRecorder(new WebSessionStore(new DbSession(nowhere, _clock)));

        (await recorder.RecordAsync([_opening], Ct)).Should().Be((Result<int>)0);

        _logged.Should().BeEmpty();
        (await RecordAsync(_opening)).Should().Be(1, "it is logged once they can be");
    }

    [Fact]
    public async Task What_could_not_be_logged_is_logged_by_the_next_try()
    {
        _outcome = new Error(ErrorKind.Unavailable, "away");
        (await _recorder.RecordAsync([_opening], Ct)).Error.Should().NotBeNull();
        _outcome = Done.Value;

        (await RecordAsync(_opening)).Should().Be(1);
    }

    [Fact]
    public async Task Without_a_license_nothing_is_logged_and_no_session_begins()
    {
        Entitle(isEntitled: false);
        (await RecordAsync(_opening)).Should().Be(0);
        Entitle(isEntitled: true);

        (await RecordAsync(_opening)).Should().Be(1);
    }

    private WebConnectionRecorder NewRecorder(IWebSessionStore sessions) => new(
        _log, sessions, new WebSessionCache(), _entitlements, new PostgresErrors(), new Ids(_clock), _clock,
        NullLogger<WebConnectionRecorder>.Instance);

    private async Task<int> RecordAsync(params WebOpening[] openings) =>
        (await _recorder.RecordAsync(openings, Ct)).Match(recorded => recorded, error => throw new InvalidOperationException(error.Message));

    private void Entitle(bool isEntitled)
    {
        var license = new LicenseClaims
        {
            IssuedAt = Now,
            NotBefore = Now,
            LicenseExpires = Now.AddYears(1),
            Expires = Now.AddYears(1),
            FeatureSet = FeatureSet.Premium,
        };
        StoredLicense[] licenses = isEntitled ? [new StoredLicense(1, TestIds.New(), license)] : [];
        _entitlements.Current.Returns(LicenseEvaluator.Evaluate(licenses, new DeploymentUsage(), FeatureSwitches.Default, Now, _ => 0));
    }
}
