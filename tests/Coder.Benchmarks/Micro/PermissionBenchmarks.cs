using BenchmarkDotNet.Attributes;
using Coder.Domain.Authorization;

namespace Coder.Benchmarks.Micro;

/// <summary>One decision, for each way in which it can come about.</summary>
public class PermissionBenchmarks
{
    private const double Most = 200;
    private const int Organizations = 50;
    private const int Groups = 10;

    private readonly Actor _owner = Make.Actor(0, RoleNames.Owner);
    private readonly Actor _member = Make.Actor(Organizations, null, RoleNames.OrganizationAdmin);
    private readonly Actor _grouped = Make.Actor(1, null, null, Groups);
    private readonly ObjectRef _elsewhere = ObjectRef.Workspace(Make.Id(1), Make.Id(2), Make.Id(3), dormant: false);
    private readonly ObjectRef _lastOrganization = ObjectRef.Template(Make.Id(1), Make.Organization(Organizations - 1), null, null);
    private readonly ObjectRef _own = ObjectRef.Workspace(Make.Id(1), Make.User, Make.Organization(0), dormant: false);
    private readonly ObjectRef _shared = ObjectRef.Template(
        Make.Id(1),
        Make.Organization(0),
        AccessControlList.FromJson($$"""{"{{Make.Id(4)}}": ["read"]}"""),
        AccessControlList.FromJson($$"""{"{{Make.Id(5)}}": ["use"], "{{Make.Group(Groups - 1)}}": ["use"]}"""));

    /// <summary>A decision that comes out otherwise would measure something else.</summary>
    [GlobalSetup]
    public void Check()
    {
        if (!SiteRole() || !OrganizationRole() || !Own() || !Acl() || Denied())
        {
            throw new InvalidOperationException("A permission check does not decide as its benchmark says.");
        }
    }

    [Benchmark(Description = "permission check: site role")]
    [Budget(Most, AllocatesNothing = true)]
    public bool SiteRole() => Authorizer.Can(_owner, PermissionAction.Read, _elsewhere);

    [Benchmark(Description = "permission check: role in the last of 50 organizations")]
    [Budget(Most, AllocatesNothing = true)]
    public bool OrganizationRole() => Authorizer.Can(_member, PermissionAction.Update, _lastOrganization);

    [Benchmark(Description = "permission check: own object")]
    [Budget(Most, AllocatesNothing = true)]
    public bool Own() => Authorizer.Can(_grouped, PermissionAction.Read, _own);

    [Benchmark(Description = "permission check: ACL, last of 10 groups")]
    [Budget(Most, AllocatesNothing = true)]
    public bool Acl() => Authorizer.Can(_grouped, PermissionAction.Use, _shared);

    [Benchmark(Description = "permission check: denied")]
    [Budget(Most, AllocatesNothing = true)]
    public bool Denied() => Authorizer.Can(_grouped, PermissionAction.Read, _elsewhere);
}
