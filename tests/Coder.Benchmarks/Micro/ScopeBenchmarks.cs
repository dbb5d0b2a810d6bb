using BenchmarkDotNet.Attributes;
using Coder.Domain.Authorization;

namespace Coder.Benchmarks.Micro;

/// <summary>What is done once a request: compiling the roles, and the scope of a list.</summary>
public class ScopeBenchmarks
{
    private static readonly AuthorizationOptions Settings = AuthorizationOptions.Default;

    private OrganizationRoles[] _memberships = [];
    private Actor _actor = SystemActors.PrebuildsOrchestrator;

    /// <summary>The memberships of the actor.</summary>
    [Params(1, 50)]
    public int Organizations { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _memberships = Make.Memberships(Organizations, RoleNames.OrganizationAdmin);
        _actor = CreateActor();
        if (ReadScope().Organizations.Count != Organizations)
        {
            throw new InvalidOperationException("The scope does not have the organizations of the actor.");
        }
    }

    [Benchmark(Description = "scope compilation")]
    [Budget(5_000)]
    public ReadScope ReadScope() => Authorizer.ReadScope(_actor, ResourceType.Workspace);

    [Benchmark(Description = "actor creation")]
    public Actor CreateActor() => Actor.Create(Make.User, "me", [], _memberships, [], KeyScope.All, [], Settings);
}
