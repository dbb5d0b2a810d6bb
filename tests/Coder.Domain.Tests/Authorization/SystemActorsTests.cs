using Coder.Domain.Authorization;
using static Coder.Domain.Tests.Authorization.Subjects;

namespace Coder.Domain.Tests.Authorization;

/// <summary>The table of docs/spec/platform.md 6.4.</summary>
public sealed class SystemActorsTests
{
    public static TheoryData<string, string> Tables => new()
    {
        {
            "system",
            """
            read everything
            user: all
            api_key: all
            assign_role: all
            assign_org_role: all
            system: all
            group: and create update
            organization: and create
            organization_member: and create delete
            provisioner_daemon: and create update
            workspace: and update delete start stop ssh create_agent delete_agent
            workspace_dormant: and update delete stop
            file: and create
            provisioner_jobs: and update create
            oauth2_app: and create update delete
            oauth2_app_secret: and create update delete
            deployment_config: and update
            workspace_proxy: and create update delete
            crypto_key: all
            notification_message: all
            notification_template: all
            notification_preference: all
            """
        },
        {
            "provisioner daemon",
            """
            provisioner_jobs: read update create
            file: create read
            system: all
            template: read update
            user: read read_personal update_personal
            workspace: delete read update start stop create_agent
            workspace_dormant: delete read update stop
            api_key: all
            organization: read
            group: read
            usage_event: create
            """
        },
        {
            "lifecycle executor",
            """
            organization_member: read
            file: read
            system: all
            template: read update
            user: read
            workspace: delete read update start stop
            workspace_dormant: delete read update stop
            """
        },
        {
            "job reaper",
            """
            system: all
            template: read
            workspace: read update
            provisioner_jobs: read update
            """
        },
        { "connection logger", "connection_log: update read" },
        {
            "prebuilds",
            """
            template: read update use view_insights
            workspace: create delete read update start stop
            prebuilt_workspace: update delete
            organization_member: read create
            assign_org_role: assign
            user: read
            organization: read
            file: read
            group: read create update
            group_member: read
            """
        },
        { "file reader", "file: read" },
    };

    private static Actor[] All =>
    [
        SystemActors.System, SystemActors.ProvisionerDaemon, SystemActors.LifecycleExecutor, SystemActors.JobReaper,
        SystemActors.ConnectionLogger, SystemActors.PrebuildsOrchestrator, SystemActors.FileReader,
    ];

    [Theory]
    [MemberData(nameof(Tables))]
    public void An_internal_subject_may_do_exactly_what_its_row_says_everywhere(string name, string table)
    {
        var actor = All.Single(a => a.Username == name);

        var allowed = RoleTable.Allowed(actor, type => new ObjectRef(type) { Id = Thing, Owner = Other, Organization = OrgA });

        allowed.Should().BeEquivalentTo(RoleTable.Parse(table));
    }

    [Fact]
    public void Internal_subjects_are_marked_and_hold_no_roles()
    {
        All.Should().OnlyContain(a => a.IsInternal && a.SiteRoles.Count == 0 && a.Organizations.Count == 0);
        All.Should().OnlyContain(a => !a.HasSiteRole("member"));
    }

    [Fact]
    public void Only_the_prebuilds_orchestrator_has_a_user_id()
    {
        All.Where(a => a.UserId != Guid.Empty).Should().Equal(SystemActors.PrebuildsOrchestrator);
        SystemActors.PrebuildsOrchestrator.UserId.Should().Be("c42fdf75-3097-471c-8c33-fb52454d81c0");
    }

    [Fact]
    public void A_subject_without_user_id_is_no_entry_of_a_user_list()
    {
        var shared = ObjectRef.Template(Thing, OrgA, AccessControlList.Of(Guid.Empty, PermissionAction.Delete), null);

        Authorizer.Can(SystemActors.JobReaper, PermissionAction.Delete, shared).Should().BeFalse();
    }
}
