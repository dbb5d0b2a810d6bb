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
        Answer();
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
            call => call.Arg<IReadOnlyList<WebSessionOpening>>().Where(o => !o.IsLogged).ToDictionary(o => o.Key, o => o.Row));
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
    public async Task While_sessions_can_not_be_read_nothing_is_logged_and_nothing_acknowledged()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");
        var recorder = NewRecorder(new WebSessionStore(new DbSession(nowhere, _clock)));

        (await recorder.RecordAsync([_opening], Ct)).Error!.Kind.Should().Be(ErrorKind.Unavailable);

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
    public async Task What_a_process_has_begun_when_it_is_killed_is_logged_by_the_next_one()
    {
        var killed = new TaskCompletionSource<Result<Done>>();
        _log.UpsertAsync(Arg.Any<IReadOnlyList<ConnectionEvent>>(), Arg.Any<CancellationToken>()).Returns(killed.Task);
        _ = RecordAsync(_opening with { Time = Now.AddDays(-1) });
        await UntilSessionsAsync(1);
        Answer();

        _clock.Advance(TimeSpan.FromMinutes(10));
        (await NewRecorder(new WebSessionStore(Fixture.NewSession())).RecordAsync([_opening], Ct)).Should().Be((Result<int>)1);

        _logged.Should().ContainSingle().Which.Time.Should().Be(Now.AddDays(-1), "the row is the one that was begun");
    }

    [Fact]
    public async Task What_was_committed_by_a_process_that_could_not_say_so_is_not_logged_again()
    {
        ConnectionEvent? committed = null;
        _log.UpsertAsync(Arg.Any<IReadOnlyList<ConnectionEvent>>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            committed = call.Arg<IReadOnlyList<ConnectionEvent>>().Single();
            return new Error(ErrorKind.Unavailable, "The connection broke during the commit.");
        });
        (await _recorder.RecordAsync([_opening], Ct)).Error.Should().NotBeNull();
        await WriteAsync(committed!);
        Answer();

        (await RecordAsync(_opening)).Should().Be(0);
        (await NewRecorder(new WebSessionStore(Fixture.NewSession())).RecordAsync([_opening], Ct)).Should().Be((Result<int>)0);

        _logged.Should().BeEmpty();
    }

    [Fact]
    public async Task A_session_that_goes_on_stays_known_when_its_row_is_purged()
    {
        _log.UpsertAsync(Arg.Any<IReadOnlyList<ConnectionEvent>>(), Arg.Any<CancellationToken>()).Returns(async call =>
        {
            await WriteAsync([.. call.Arg<IReadOnlyList<ConnectionEvent>>()]);
            return (Result<Done>)Done.Value;
        });
        (await RecordAsync(_opening)).Should().Be(1);
        _clock.Advance(TimeSpan.FromMinutes(6));
        (await RecordAsync(_opening)).Should().Be(0);
        await Fixture.Database.ExecuteAsync("delete from connection_logs where organization_id = $1", Ct, Organization);

        (await NewRecorder(new WebSessionStore(Fixture.NewSession())).RecordAsync([_opening], Ct)).Should().Be((Result<int>)0);
    }

    [Fact]
    public async Task A_caller_who_hangs_up_does_not_make_the_next_one_log_again()
    {
        var (begun, commit) = (new TaskCompletionSource(), new TaskCompletionSource<Result<Done>>());
        _log.UpsertAsync(Arg.Any<IReadOnlyList<ConnectionEvent>>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            _logged.AddRange(call.Arg<IReadOnlyList<ConnectionEvent>>());
            begun.TrySetResult();
            return commit.Task.WaitAsync(call.Arg<CancellationToken>());
        });
        using var caller = new CancellationTokenSource();
        var first = _recorder.RecordAsync([_opening], caller.Token);
        await begun.Task.WaitAsync(Ct);

        await caller.CancelAsync();
        var next = RecordAsync(_opening);
        commit.SetResult(Done.Value);

        (await next).Should().Be(0);
        (await first).Should().Be((Result<int>)1);
        _logged.Should().ContainSingle();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_comes_while_a_session_is_logged_waits_and_shares_the_outcome(bool isStored)
    {
        var commit = new TaskCompletionSource<Result<Done>>();
        _log.UpsertAsync(Arg.Any<IReadOnlyList<ConnectionEvent>>(), Arg.Any<CancellationToken>()).Returns(commit.Task);
        var other = _opening with { StatusCode = 404 };
        var first = _recorder.RecordAsync([_opening, other], Ct);
        var second = _recorder.RecordAsync([other, _opening], Ct);
        await UntilSessionsAsync(2);
        second.IsCompleted.Should().BeFalse();
        using var leaving = new CancellationTokenSource();
        var third = _recorder.RecordAsync([_opening], leaving.Token);
        await leaving.CancelAsync();

        commit.SetResult(isStored ? Done.Value : new Error(ErrorKind.Unavailable, "away"));

        ((await first).Error is null, (await second).Error is null).Should().Be((isStored, isStored));
        await FluentActions.Awaiting(() => third).Should().ThrowAsync<OperationCanceledException>();
        (await second).Match(recorded => recorded, _ => 0).Should().Be(0);
        Answer();
        (await RecordAsync(_opening, other)).Should().Be(isStored ? 0 : 2);
    }

    [Fact]
    public async Task After_a_bug_the_session_is_free_again()
    {
        _log.UpsertAsync(Arg.Any<IReadOnlyList<ConnectionEvent>>(), Arg.Any<CancellationToken>())
            .Returns<Result<Done>>(_ => throw new InvalidOperationException("a bug"));
        await FluentActions.Awaiting(() => RecordAsync(_opening)).Should().ThrowAsync<InvalidOperationException>().WithMessage("a bug");
        Answer();

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

    private void Answer() =>
        _log.UpsertAsync(Arg.Any<IReadOnlyList<ConnectionEvent>>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            if (_outcome.Error is null)
            {
                _logged.AddRange(call.Arg<IReadOnlyList<ConnectionEvent>>());
            }

            return _outcome;
        });

    private Task UntilSessionsAsync(int count) => Fixture.Database.UntilAsync(
        $"select count(*) = {count} from workspace_app_audit_sessions where agent_id = '{_opening.AgentId}'", Ct);

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
