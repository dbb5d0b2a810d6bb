using Coder.Application.Common;
using Coder.Application.Common.Behaviors;
using Coder.Application.Licensing;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using NSubstitute;

namespace Coder.Application.Tests.Common;

public sealed class GateKeeperTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Owner = ActorWith(RoleNames.Owner);
    private static readonly Actor Member = ActorWith();

    private readonly IEntitlementSource _source = Substitute.For<IEntitlementSource>();

    [Theory]
    [InlineData(FeatureName.AuditLog, "Audit Log is a Premium feature. Contact sales!")]
    [InlineData(FeatureName.Scim, "SCIM is a Premium feature. Contact sales!")]
    [InlineData(FeatureName.TemplateRbac, "Template RBAC is a Premium feature. Contact sales!")]
    [InlineData(FeatureName.MultipleOrganizations, "Multiple Organizations is a Premium feature. Contact sales!")]
    public void A_feature_that_is_not_enabled_is_refused_by_its_display_name(FeatureName feature, string message)
    {
        Licensed();

        var refused = Keeper().Judge(Owner, new RequiresFeatureAttribute(feature), null);

        refused.Should().Be(new Error(ErrorKind.Forbidden, message));
    }

    [Fact]
    public void A_feature_that_is_enabled_is_allowed_to_everybody()
    {
        Licensed(FeatureName.AuditLog);

        var refused = Keeper().Judge(Member, new RequiresFeatureAttribute(FeatureName.AuditLog), null);

        refused.Should().BeNull();
    }

    [Fact]
    public void A_feature_that_is_entitled_but_switched_off_is_refused()
    {
        Licensed(FeatureName.BrowserOnly);

        var refused = Keeper().Judge(Owner, new RequiresFeatureAttribute(FeatureName.BrowserOnly), null);

        refused!.Message.Should().Be("Browser Only is a Premium feature. Contact sales!");
    }

    [Fact]
    public void The_feature_is_judged_before_the_permission()
    {
        Licensed();
        var feature = new RequiresFeatureAttribute(FeatureName.AuditLog);
        var permission = new RequiresPermissionAttribute(ResourceType.License, PermissionAction.Create);

        var unlicensed = Keeper().Judge(Member, feature, permission);
        Licensed(FeatureName.AuditLog);
        var licensed = Keeper().Judge(Member, feature, permission);
        var owner = Keeper().Judge(Owner, feature, permission);

        unlicensed!.Message.Should().StartWith("Audit Log");
        licensed.Should().Be(Error.Forbidden);
        owner.Should().BeNull();
    }

    [Fact]
    public void The_document_of_the_moment_decides()
    {
        var keeper = Keeper();
        var feature = new RequiresFeatureAttribute(FeatureName.AuditLog);

        Licensed(FeatureName.AuditLog);
        var open = keeper.Judge(Member, feature, null);
        Licensed();
        var closed = keeper.Judge(Member, feature, null);

        open.Should().BeNull();
        closed.Should().NotBeNull();
    }

    [Fact]
    public async Task A_refused_request_does_not_reach_its_handler()
    {
        Licensed();
        var behavior = new GateBehavior<Gated, Result<Done>>(Keeper());
        var reached = 0;

        var refused = await behavior.Handle(new Gated(Owner), Next, Ct);
        Licensed(FeatureName.AuditLog);
        var forbidden = await behavior.Handle(new Gated(Member), Next, Ct);
        var allowed = await behavior.Handle(new Gated(Owner), Next, Ct);

        refused.Error!.Message.Should().StartWith("Audit Log");
        forbidden.Error.Should().Be(Error.Forbidden);
        allowed.Error.Should().BeNull();
        reached.Should().Be(1);

        Task<Result<Done>> Next(CancellationToken ct)
        {
            reached++;
            return Task.FromResult<Result<Done>>(Done.Value);
        }
    }

    private static Actor ActorWith(params string[] roles) =>
        Actor.Create(new Guid(1, 0, 0, new byte[8]), "somebody", roles, [], [], KeyScope.All, [], new AuthorizationOptions(false));

    private GateKeeper Keeper() => new(_source);

    private void Licensed(params FeatureName[] features)
    {
        var claims = new LicenseClaims
        {
            IssuedAt = Now,
            NotBefore = Now,
            LicenseExpires = Now.AddYears(1),
            Expires = Now.AddYears(1),
            Features = features.ToDictionary(f => f.WireName(), _ => 1L, StringComparer.Ordinal),
        };
        var entitlements = LicenseEvaluator.Evaluate(
            [new StoredLicense(1, Guid.Empty, claims)], new DeploymentUsage(), FeatureSwitches.Default, Now, _ => 0);
        _source.Current.Returns(entitlements);
    }

    [RequiresFeature(FeatureName.AuditLog)]
    [RequiresPermission(ResourceType.License, PermissionAction.Create)]
    private sealed record Gated(Actor Actor) : ICommand<Done>, IActorRequest;
}
