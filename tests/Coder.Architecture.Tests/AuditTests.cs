using System.Reflection;
using Coder.Api.AuditLogs;
using Coder.Application.Appearance;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Application.Deployment;
using Coder.Application.Files;
using Coder.Application.Licensing;
using Coder.Application.Notifications;
using Coder.Application.PortShares;
using Coder.Application.Provisioning;
using Coder.Application.Templates;
using Coder.Application.Users;
using Coder.Application.Workspaces;
using Coder.Domain.AuditLogs;

namespace Coder.Architecture.Tests;

public sealed class AuditTests
{
    /// <summary>Commands that the audit log has no kind of resource for, or that change nothing that anybody decides on.</summary>
    private static readonly Type[] NotRecorded =
    [
        typeof(RecordWorkspaceUsage),
        typeof(SetPortShare),
        typeof(DeletePortShare),
        typeof(UpdateAppearance),
        typeof(UploadFile),
        typeof(MarkInboxRead),

        // Its work is another command, which is recorded.
        typeof(RequestOneTimePasscode),

        typeof(SetInboxReadStatus),

        // The work of provisioner daemons; what it changes is recorded where it was asked for.
        typeof(RegisterDaemon),
        typeof(BeatDaemon),
        typeof(AcquireJob),
        typeof(GetJobArchive),
        typeof(UpdateJob),
        typeof(CompleteJob),
        typeof(FailJob),
        typeof(AcknowledgeCancel),

        // They leave nothing that anybody uses.
        typeof(CreateDryRun),
        typeof(CancelDryRun),

        // The server's own work.
        typeof(ReapJobs),
        typeof(ForgetDaemons),

        // What agents and proxies report, which has logs of its own.
        typeof(AddAgentLogs),
        typeof(AddAgentLogSource),
        typeof(ReportAgentConnections),
        typeof(ReportAgentLifecycle),
        typeof(ReportWebConnections),
        typeof(SetAppStatus),

        typeof(CheckConnectionLog),
        typeof(CloseOrphanedSessions),
        typeof(MissSilentAgents),
        typeof(ImportLicenses),
        typeof(PartitionConnectionLog),
        typeof(PurgeAuditLogs),
        typeof(PurgeConnectionLogs),
        typeof(RebuildConnectionLogCounts),
        typeof(RefreshDeploymentStats),
        typeof(RefreshEntitlements),

        // Is an entry itself.
        typeof(GenerateTestAuditLog),
    ];

    [Fact]
    public void Every_command_is_recorded_unless_there_is_a_reason()
    {
        var commands = Product.Application.GetTypes().Where(IsCommand).ToList();

        commands.Should().NotBeEmpty();
        commands.Where(c => !c.IsAssignableTo(typeof(IAudited))).Should().BeEquivalentTo(NotRecorded);
    }

    [Fact]
    public void What_is_recorded_of_a_resource_stands_in_the_table_of_audited_resources()
    {
        var recorded = AuditedResources.All.SelectMany(r => r.Actions.Select(a => (r.Type, a))).ToHashSet();
        var declared = Product.Application.GetTypes().Where(t => t.IsAssignableTo(typeof(IAudited)) && !t.IsInterface)
            .Select(AuditedOf)
            .ToList();

        declared.Should().NotBeEmpty();
        declared.Select(a => (a.Resource, a.Action)).Should().BeSubsetOf(recorded);
    }

    [Fact]
    public void What_a_gate_refuses_on_an_action_is_recorded_like_the_request_that_it_sends()
    {
        using var map = new ActionMap();
        var actions = Product.Controllers.SelectMany(Product.Actions).ToList();

        var differences = actions
            .Select(action => (
                Name: $"{action.DeclaringType!.Name}.{action.Name}",
                Wanted: map.RequestsOf(action).Where(r => HasGate(r) && r.IsAssignableTo(typeof(IAudited))).Select(AuditedOf)
                    .Select(a => (a.Resource, a.Action)).ToList(),
                Found: action.GetCustomAttributes<RecordsRefusalsAttribute>().Select(a => (a.Resource, a.Action)).ToList()))
            .Where(a => !a.Wanted.SequenceEqual(a.Found))
            .Select(a => $"{a.Name} says [{string.Join(", ", a.Found)}] and its request [{string.Join(", ", a.Wanted)}]");

        differences.Should().BeEmpty();
        actions.Should().Contain(action => action.IsDefined(typeof(RecordsRefusalsAttribute), false), "else this compares nothing");
    }

    private static bool HasGate(Type request) =>
        request.IsDefined(typeof(RequiresFeatureAttribute), false) || request.IsDefined(typeof(RequiresPermissionAttribute), false);

    private static bool IsCommand(Type type) =>
        !type.IsInterface && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICommand<>));

    // The property has an initializer, so a real constructor must run; every argument is its type's default.
    private static AuditedAction AuditedOf(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var arguments = constructor.GetParameters()
            .Select(p => p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null).ToArray();
        return ((IAudited)constructor.Invoke(arguments)).Audited;
    }
}
