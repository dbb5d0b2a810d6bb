using Coder.Domain.Authorization;

namespace Coder.Domain.Tests.Authorization;

/// <summary>Reads the permission tables that the tests write down as text: one line a type, later lines replace earlier ones.</summary>
/// <remarks><c>everything</c> stands for all lines of the table of actions, <c>all</c> for all actions of that table.</remarks>
internal static class RoleTable
{
    /// <summary>docs/spec/platform.md 6.1, typed in again.</summary>
    public const string Actions = """
        user: create read update delete read_personal update_personal
        organization: create read update delete
        organization_member: create read update delete
        group: create read update delete
        group_member: read
        api_key: create read update delete
        assign_role: assign unassign read
        assign_org_role: assign unassign create read update delete
        license: create read delete
        deployment_config: read update
        deployment_stats: read
        debug_info: read
        replicas: read
        audit_log: read create
        connection_log: read update
        template: create read update delete use view_insights
        file: create read
        workspace: create read update delete start stop ssh application_connect create_agent delete_agent
        workspace_dormant: create read update delete start stop ssh application_connect create_agent delete_agent
        prebuilt_workspace: update delete
        provisioner_daemon: create read update delete
        provisioner_jobs: read update create
        oauth2_app: create read update delete
        oauth2_app_secret: create read update delete
        oauth2_app_code_token: create read delete
        workspace_proxy: create read update delete
        idpsync_settings: read update
        system: create read update delete
        crypto_key: create read update delete
        tailnet_coordinator: create read update delete
        notification_message: create read update delete
        notification_template: read update
        notification_preference: read update
        inbox_notification: create read update
        webpush_subscription: create read delete
        user_secret: create read update delete
        usage_event: create read update
        workspace_agent_resource_monitor: create read update
        workspace_agent_devcontainers: create
        """;

    private static readonly Dictionary<string, string[]> Known = Lines(Actions);

    /// <summary>Every type with every action, whether the type knows the action or not.</summary>
    public static IEnumerable<Permission> EveryPair =>
        from type in ResourceTypes.All
        from action in PermissionActions.All
        select new Permission(type, action);

    public static HashSet<string> Parse(string table)
    {
        var rows = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line is "everything" or "read everything")
            {
                foreach (var (type, actions) in Known)
                {
                    rows[type] = line == "everything" ? actions : [.. actions.Where(a => a == "read")];
                }

                continue;
            }

            foreach (var (type, actions) in Lines(line))
            {
                rows[type] = actions switch
                {
                    ["all"] => Known[type],
                    ["and", .. var more] => [.. rows[type], .. more],
                    ["nothing"] => [],
                    _ => actions,
                };
            }
        }

        return [.. rows.SelectMany(row => row.Value.Select(action => $"{row.Key}:{action}"))];
    }

    public static HashSet<string> Names(IEnumerable<PermissionRule> rules, bool negate) =>
        [.. rules.Where(r => r.Negate == negate).Select(r => $"{r.Type!.Value.WireName()}:{r.Action!.Value.WireName()}")];

    /// <summary>What the actor may do to objects that differ in their type only.</summary>
    public static HashSet<string> Allowed(Actor actor, Func<ResourceType, ObjectRef> shape) =>
        [.. EveryPair.Where(p => Authorizer.Can(actor, p.Action, shape(p.Type))).Select(p => p.ToString())];

    private static Dictionary<string, string[]> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .ToDictionary(
                pair => pair[0],
                pair => pair[1].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                StringComparer.Ordinal);
}
