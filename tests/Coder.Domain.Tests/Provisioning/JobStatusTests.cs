using Coder.Domain.Provisioning;

namespace Coder.Domain.Tests.Provisioning;

public sealed class JobStatusTests
{
    private static readonly DateTimeOffset? Set = new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(true, "boom", true, true, JobStatus.Failed)]
    [InlineData(true, "boom", true, false, JobStatus.Failed)]
    [InlineData(true, "boom", false, true, JobStatus.Failed)]
    [InlineData(true, "boom", false, false, JobStatus.Failed)]
    [InlineData(true, "", true, true, JobStatus.Canceled)]
    [InlineData(true, null, true, false, JobStatus.Canceled)]
    [InlineData(true, "", false, true, JobStatus.Succeeded)]
    [InlineData(true, null, false, false, JobStatus.Succeeded)]
    [InlineData(false, "boom", true, true, JobStatus.Failed)]
    [InlineData(false, "boom", true, false, JobStatus.Failed)]
    [InlineData(false, "boom", false, true, JobStatus.Failed)]
    [InlineData(false, "boom", false, false, JobStatus.Failed)]
    [InlineData(false, "", true, true, JobStatus.Canceling)]
    [InlineData(false, null, true, false, JobStatus.Canceling)]
    [InlineData(false, "", false, false, JobStatus.Pending)]
    [InlineData(false, null, false, true, JobStatus.Running)]
    public void The_status_follows_from_the_columns(bool completed, string? error, bool canceled, bool started, JobStatus expected) =>
        JobStatuses.Of(started ? Set : null, canceled ? Set : null, completed ? Set : null, error).Should().Be(expected);

    [Theory]
    [InlineData(JobStatus.Pending, true, false)]
    [InlineData(JobStatus.Running, true, false)]
    [InlineData(JobStatus.Canceling, true, false)]
    [InlineData(JobStatus.Succeeded, false, true)]
    [InlineData(JobStatus.Canceled, false, true)]
    [InlineData(JobStatus.Failed, false, true)]
    [InlineData(JobStatus.Unknown, false, false)]
    public void A_job_is_active_until_it_ends(JobStatus status, bool active, bool ended) =>
        (status.IsActive(), status.HasEnded()).Should().Be((active, ended));

    [Fact]
    public void Only_the_named_moves_are_legal()
    {
        (JobStatus, JobStatus)[] legal =
        [
            (JobStatus.Pending, JobStatus.Running),
            (JobStatus.Pending, JobStatus.Canceled),
            (JobStatus.Pending, JobStatus.Failed),
            (JobStatus.Running, JobStatus.Succeeded),
            (JobStatus.Running, JobStatus.Failed),
            (JobStatus.Running, JobStatus.Canceling),
            (JobStatus.Canceling, JobStatus.Canceled),
            (JobStatus.Canceling, JobStatus.Failed),
        ];

        var all =
            from source in Enum.GetValues<JobStatus>()
            from target in Enum.GetValues<JobStatus>()
            where JobTransitions.IsLegal(source, target)
            select (source, target);

        all.Should().BeEquivalentTo(legal);
    }

    [Fact]
    public void A_job_moves_on_exactly_while_it_is_active() => Enum.GetValues<JobStatus>().Should().OnlyContain(
        status => status.IsActive() == (JobTransitions.From(status).Count > 0));
}
