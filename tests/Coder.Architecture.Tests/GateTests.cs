using System.Reflection;
using Coder.Api.Deployment;
using Coder.Api.WorkspaceProxies;
using Coder.Application.Common;

namespace Coder.Architecture.Tests;

/// <summary>
/// Gates stand on the request, where they hold for everybody, and on the action, where they hold before anything is bound.
/// </summary>
public sealed class GateTests
{
    /// <summary>Actions that answer without a use case.</summary>
    private static readonly string[] WithoutRequest =
    [
        $"{nameof(DeploymentController)}.{nameof(DeploymentController.Root)}",
        $"{nameof(DeploymentController)}.{nameof(DeploymentController.BuildInfo)}",
        $"{nameof(DeploymentController)}.{nameof(DeploymentController.ReportViolation)}",
        $"{nameof(DeploymentController)}.{nameof(DeploymentController.UpdateCheck)}",
        $"{nameof(DeploymentSettingsController)}.{nameof(DeploymentSettingsController.Config)}",
        $"{nameof(DeploymentSettingsController)}.{nameof(DeploymentSettingsController.Ssh)}",
        $"{nameof(RegionsController)}.{nameof(RegionsController.List)}",
    ];

    [Fact]
    public void Every_action_sends_a_request()
    {
        using var map = new ActionMap();

        var without = Actions().Where(action => map.RequestsOf(action).Count == 0).Select(Name);

        without.Should().BeEquivalentTo(WithoutRequest);
    }

    [Fact]
    public void An_action_has_the_gates_of_the_request_that_it_sends()
    {
        using var map = new ActionMap();

        var differences =
            from action in Actions()
            from request in map.RequestsOf(action)
            let here = Gates(action.GetCustomAttributes().Concat(action.DeclaringType!.GetCustomAttributes()))
            let there = Gates(request.GetCustomAttributes())
            where here != there
            select $"{Name(action)} has [{here}], {request.Name} has [{there}]";

        differences.Should().BeEmpty();
        Product.Requests.Should().Contain(request => Gates(request.GetCustomAttributes()) != "", "else this compares nothing");
    }

    [Fact]
    public void A_request_with_a_gate_says_who_asks()
    {
        var offenders = Product.Requests.Where(
            request => Gates(request.GetCustomAttributes()) != "" && !request.IsAssignableTo(typeof(IActorRequest)));

        offenders.Should().BeEmpty("the behaviour that judges gates sees only requests with an actor");
    }

    private static IEnumerable<MethodInfo> Actions() => Product.Controllers.SelectMany(Product.Actions);

    private static string Name(MethodInfo action) => $"{action.DeclaringType!.Name}.{action.Name}";

    // Of two of a kind the first counts: that of the action before that of its controller, as the framework does it.
    private static string Gates(IEnumerable<Attribute> attributes)
    {
        var all = attributes.ToList();
        var feature = all.OfType<RequiresFeatureAttribute>().FirstOrDefault();
        var permission = all.OfType<RequiresPermissionAttribute>().FirstOrDefault();
        return string.Join(", ", new[]
        {
            feature is null ? null : $"feature {feature.Feature}",
            permission is null ? null : $"{permission.Action} {permission.Resource}{(permission.AnyOrganization ? " anywhere" : "")}",
        }.OfType<string>());
    }
}
