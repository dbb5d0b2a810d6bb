using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Workspaces;

public sealed class PrebuildGuardTests
{
    [Theory]
    [InlineData(ScheduleSetting.Autostart, "Autostart is not supported for prebuilt workspaces")]
    [InlineData(ScheduleSetting.Ttl, "TTL updates are not supported for prebuilt workspaces")]
    [InlineData(ScheduleSetting.Dormancy, "Dormancy updates are not supported for prebuilt workspaces")]
    [InlineData(ScheduleSetting.Deadline, "Deadline extension is not supported for prebuilt workspaces")]
    public void Stock_has_no_schedule_of_its_own(ScheduleSetting setting, string message)
    {
        var refusal = PrebuildGuard.Judge(SystemActors.PrebuildsUserId, setting);

        refusal!.Kind.Should().Be(ErrorKind.Conflict);
        refusal.Message.Should().Be(message);
        refusal.Detail.Should().Contain("preset");
        PrebuildGuard.Judge(new Guid("11111111-1111-4111-8111-111111111111"), setting).Should().BeNull();
    }
}
