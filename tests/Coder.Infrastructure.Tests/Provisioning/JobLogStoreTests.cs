using System.Data;
using Coder.Application.Provisioning;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Infrastructure.Provisioning;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Provisioning;

public sealed class JobLogStoreTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly JobLogRange All = new(0, null, int.MaxValue);

    [Fact]
    public async Task Lines_come_back_in_their_order_with_growing_ids()
    {
        var job = await AddJobAsync();
        var lines = Enumerable.Range(0, 50).Select(i => Line($"line {i}") with { Level = (LogLevel)(i % 5), Source = (LogSource)(i % 2) }).ToList();

        await AppendAsync(job, lines[..20]);
        await AppendAsync(job, lines[20..]);
        var part = await Store().ReadAsync(job, All, Ct);

        part.Lines.Select(l => l.Line).Should().Equal(lines);
        part.Lines.Select(l => l.Id).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        part.HasEnded.Should().BeFalse();
    }

    [Fact]
    public async Task A_part_is_what_stands_between_two_lines()
    {
        var job = await AddJobAsync();
        await AppendAsync(job, [Line("a"), Line("b"), Line("c"), Line("d")]);
        var ids = (await Store().ReadAsync(job, All, Ct)).Lines.Select(l => l.Id).ToList();

        var after = await Store().ReadAsync(job, new JobLogRange(ids[1], null, 10), Ct);
        var before = await Store().ReadAsync(job, new JobLogRange(0, ids[1], 10), Ct);
        var first = await Store().ReadAsync(job, new JobLogRange(0, null, 1), Ct);

        after.Lines.Select(l => l.Line.Output).Should().Equal("c", "d");
        before.Lines.Select(l => l.Line.Output).Should().Equal("a");
        first.Lines.Select(l => l.Line.Output).Should().Equal("a");
    }

    [Fact]
    public async Task Beyond_one_MiB_one_warning_is_written_and_the_rest_is_dropped()
    {
        var job = await AddJobAsync();
        var full = new string('x', JobLog.MaximumLength);

        await AppendAsync(job, [Line(full)]);
        await AppendAsync(job, [Line("too much"), Line("and more")]);
        await AppendAsync(job, [Line("later")]);

        var lines = (await Store().ReadAsync(job, All, Ct)).Lines;
        lines.Should().HaveCount(1025);
        lines[^1].Line.Output.Should().Be(JobLog.OverflowText);
        lines[^1].Line.Level.Should().Be(LogLevel.Warn);
        (await fixture.Database.ScalarAsync<bool>("select logs_overflowed and logs_length = 1048576 from provisioner_jobs where id = $1", Ct, job))
            .Should().BeTrue();
    }

    [Fact]
    public async Task A_line_that_is_too_long_becomes_several()
    {
        var job = await AddJobAsync();

        await AppendAsync(job, [Line(new string('x', 2500))]);

        (await Store().ReadAsync(job, All, Ct)).Lines.Select(l => l.Line.Output.Length).Should().Equal(1024, 1024, 452);
    }

    [Fact]
    public async Task The_last_words_are_written_even_into_a_full_log_and_in_its_last_stage()
    {
        var job = await AddJobAsync();
        await AppendAsync(job, [Line(new string('x', JobLog.MaximumLength)) with { Stage = "Building" }, Line("too much") with { Stage = "Building" }]);

        await InTransactionAsync(store => store.AddLastWordsAsync(job, stage => [Line("end") with { Stage = stage ?? "" }], Ct));

        var last = (await Store().ReadAsync(job, All, Ct)).Lines[^1].Line;
        (last.Output, last.Stage).Should().Be(("end", "Building"));
    }

    [Fact]
    public async Task The_log_of_an_ended_job_and_of_no_job_has_ended()
    {
        var job = await AddJobAsync(Now);

        (await Store().ReadAsync(job, All, Ct)).HasEnded.Should().BeTrue();
        var none = await Store().ReadAsync(TestIds.New(), All, Ct);
        none.HasEnded.Should().BeTrue();
        none.Lines.Should().BeEmpty();
    }

    private Task AppendAsync(Guid job, IReadOnlyCollection<JobLogLine> lines) => InTransactionAsync(store => store.AppendAsync(job, lines, Ct));

    private async Task InTransactionAsync(Func<JobLogStore, Task> work)
    {
        var session = fixture.NewSession();
        await session.RunAsync(
            IsolationLevel.ReadCommitted,
            async _ =>
            {
                await work(new JobLogStore(session));
                return Result<Done>.From(Done.Value);
            },
            Ct);
    }

    private async Task<Guid> AddJobAsync(DateTimeOffset? completedAt = null)
    {
        var organization = await fixture.Database.DefaultOrganizationAsync(Ct);
        var user = await fixture.Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var file = await fixture.Database.AddFileAsync(user.Id, [1], Ct);
        return await fixture.Database.AddJobAsync(
            new NewTestJob { Organization = organization, File = file, CreatedAt = Now, StartedAt = Now, CompletedAt = completedAt }, Ct);
    }

    private JobLogStore Store() => new(fixture.NewSession());

    private static JobLogLine Line(string output) => new(Now, LogSource.Provisioner, LogLevel.Info, "Stage", output);
}
