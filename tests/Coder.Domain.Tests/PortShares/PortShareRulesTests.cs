using Coder.Domain.Common;
using Coder.Domain.PortShares;
using Coder.Domain.Templates;

namespace Coder.Domain.Tests.PortShares;

/// <summary>Which ports may be shared with whom: docs/spec/workspaces.md, section 7.4.</summary>
public sealed class PortShareRulesTests
{
    private static readonly Guid Workspace = new("11111111-1111-4111-8111-111111111111");

    [Theory]
    [InlineData(8, "public", "http", "Port must be between 9 and 65535.")]
    [InlineData(0, "", "", "Port must be between 9 and 65535.")]
    [InlineData(65536, "public", "http", "Port must be between 9 and 65535.")]
    [InlineData(80, "owner", "http", "Port sharing level not allowed.")]
    [InlineData(80, "everybody", "http", "Port sharing level not allowed.")]
    [InlineData(80, "", "http", "Port sharing level not allowed.")]
    [InlineData(80, "public", "ftp", "Port protocol not allowed.")]
    [InlineData(80, "public", "", "Port protocol not allowed.")]
    public void What_can_not_be_shared_is_refused(int port, string level, string protocol, string message)
    {
        PortShareRules.Read(Workspace, "main", port, level, protocol).Is(out _, out var error).Should().BeFalse();

        error.Should().Be(new Error(ErrorKind.Invalid, message));
    }

    [Theory]
    [InlineData(9, "authenticated", AppSharingLevel.Authenticated, "http", PortProtocol.Http)]
    [InlineData(65535, "organization", AppSharingLevel.Organization, "https", PortProtocol.Https)]
    [InlineData(80, "public", AppSharingLevel.Public, "http", PortProtocol.Http)]
    public void Everything_else_is_read(int port, string level, AppSharingLevel read, string protocol, PortProtocol spoken)
    {
        PortShareRules.Read(Workspace, "main", port, level, protocol).Is(out var share, out _).Should().BeTrue();

        share.Should().Be(new PortShare(Workspace, "main", port, read, spoken));
    }

    [Theory]
    [InlineData(AppSharingLevel.Organization, AppSharingLevel.Owner, false)]
    [InlineData(AppSharingLevel.Organization, AppSharingLevel.Organization, true)]
    [InlineData(AppSharingLevel.Authenticated, AppSharingLevel.Organization, false)]
    [InlineData(AppSharingLevel.Organization, AppSharingLevel.Authenticated, true)]
    [InlineData(AppSharingLevel.Public, AppSharingLevel.Authenticated, false)]
    [InlineData(AppSharingLevel.Public, AppSharingLevel.Public, true)]
    public void A_template_names_the_highest_level(AppSharingLevel level, AppSharingLevel highest, bool isAllowed)
    {
        var refusal = PortShareRules.JudgeLevel(level, highest);

        (refusal is null).Should().Be(isAllowed);
        refusal?.Message.Should().Be($"Port sharing level not allowed. Max level is '{highest.WireName()}'");
    }
}
