using Coder.Api.Tests.Swagger;

namespace Coder.Api.Tests.Contract;

/// <summary>What is served is what existing clients expect, and what is not served yet is written down.</summary>
public sealed class ContractTests(ServedDocument document) : IClassFixture<ServedDocument>
{
    /// <summary>Differences that are meant. One that is gone must be taken out.</summary>
    private static readonly string[] Meant =
    [
        // A trial is never ordered anywhere, so its details are passed over like every field that we do not know.
        "POST /api/v2/users/first request.trial_info: is missing",

        // An experiment that this version does not know is answered too, so there is no list of all values.
        "GET /api/v2/experiments 200[]: should be one of [example, auto-fill-parameters, notifications, workspace-usage, web-push, oauth2, "
            + "mcp-server-http, workspace-sharing] and is one of []",

        // What a daemon has to know of a dry run: docs/spec/workspaces.md, section 5.
        "POST /api/v2/provisionerdaemons/{daemon}/acquire 200.template_dry_run: is not in the contract",

        // Optional for clients; there are no web push notifications.
        "GET /api/v2/buildinfo 200.webpush_public_key: is missing",

        // What dashboards read has capital letters; the contract wrote the names down in small ones.
        "GET /api/v2/deployment/stats 200.workspaces.connection_latency_ms.p50: is missing",
        "GET /api/v2/deployment/stats 200.workspaces.connection_latency_ms.p95: is missing",
        "GET /api/v2/deployment/stats 200.workspaces.connection_latency_ms.P50: is not in the contract",
        "GET /api/v2/deployment/stats 200.workspaces.connection_latency_ms.P95: is not in the contract",

        // The contract forgot what is sent here and what is answered; without it nothing could be marked.
        "PUT /api/v2/notifications/inbox/{id}/read-status request: should have no body",
        "PUT /api/v2/notifications/inbox/{id}/read-status 200.message: is missing",
        "PUT /api/v2/notifications/inbox/{id}/read-status 200.detail: is missing",
        "PUT /api/v2/notifications/inbox/{id}/read-status 200.validations: is missing",
        "PUT /api/v2/notifications/inbox/{id}/read-status 200.notification: is not in the contract",
        "PUT /api/v2/notifications/inbox/{id}/read-status 200.unread_count: is not in the contract",

        // Names are accepted beside ids.
        "GET /api/v2/workspaceproxies/{workspaceproxy} parameter.path.workspaceproxy: should be a uuid",
        "PATCH /api/v2/workspaceproxies/{workspaceproxy} parameter.path.workspaceproxy: should be a uuid",
        "DELETE /api/v2/workspaceproxies/{workspaceproxy} parameter.path.workspaceproxy: should be a uuid",

        // A name and the word "default" are as good as an id, there as on every other path with an organization.
        "GET /api/v2/organizations/{organization}/members/{user}/workspace-quota parameter.path.organization: should be a uuid",
        "POST /api/v2/organizations/{organization}/members/{user}/workspaces parameter.path.organization: should be a uuid",
        "GET /api/v2/organizations/{organization} parameter.path.organization: should be a uuid",
        "GET /api/v2/organizations/{organization}/members/roles parameter.path.organization: should be a uuid",
        "POST /api/v2/organizations/{organization}/members/roles parameter.path.organization: should be a uuid",
        "PUT /api/v2/organizations/{organization}/members/roles parameter.path.organization: should be a uuid",
        "DELETE /api/v2/organizations/{organization}/members/roles/{roleName} parameter.path.organization: should be a uuid",

        // One organization, as clients named it before users could join several at once.
        "POST /api/v2/users request.organization_id: is not in the contract",

        // A file, which is no JSON.
        "GET /api/v2/connectionlog/export 200: should have no body",
        "GET /api/v2/audit/export 200: should have no body",

        // Clients read an id or null; the contract wrote down how that is held in memory.

        // Beyond the reference: docs/spec/platform.md, section 12.
        "PUT /api/v2/users/{user}/profile request.email: is not in the contract",
        "GET /api/v2/users/{user}/sessions 200[].ip_address: is not in the contract",
        "DELETE /api/v2/users/{user}/sessions parameter.query.keep_current: is not in the contract",
        "POST /api/v2/users request.is_service_account: is not in the contract",
        "POST /api/v2/users/{user}/keys/tokens request.scopes: is not in the contract",
        "POST /api/v2/users/{user}/keys/tokens request.allow_list: is not in the contract",

        // A name and the word "default" are as good as an id, there as on every other path with an organization.
        "GET /api/v2/organizations/{organization}/groups parameter.path.organization: should be a uuid",
        "GET /api/v2/organizations/{organization}/groups/{groupName} parameter.path.organization: should be a uuid",

        // The body is the file itself and the header says what it is; the contract describes a form that no client sends.
        "POST /api/v2/files parameter.header.Content-Type: is missing",
        "POST /api/v2/files parameter.form.file: is missing",
        "POST /api/v2/files request: should have no body",

        // Any format is looked at, and the bytes are described.
        "GET /api/v2/files/{fileID} parameter.query.format: is not in the contract",
        "GET /api/v2/files/{fileID} parameter.path.fileID: should be a uuid",
        "GET /api/v2/files/{fileID} 200: should have no body",

        // Lists are texts with commas and an object is its JSON, as texts of a query can only be; the archive is no JSON.
        "GET /api/v2/organizations/{organization}/provisionerdaemons parameter.path.organization: should be a uuid",
        "GET /api/v2/organizations/{organization}/provisionerdaemons parameter.query.ids: should be array and is string",
        "GET /api/v2/organizations/{organization}/provisionerdaemons parameter.query.tags: should be object and is string",
        "GET /api/v2/organizations/{organization}/provisionerjobs parameter.path.organization: should be a uuid",
        "GET /api/v2/organizations/{organization}/provisionerjobs parameter.query.ids: should be array and is string",
        "GET /api/v2/organizations/{organization}/provisionerjobs parameter.query.tags: should be object and is string",
        "GET /api/v2/organizations/{organization}/provisionerjobs/{job} parameter.path.organization: should be a uuid",
        "GET /api/v2/provisionerdaemons/{daemon}/jobs/{job}/archive 200: should have no body",

        // A name and the word "default" are as good as an id, there as on every other path with an organization.
        "GET /api/v2/organizations/{organization}/templates parameter.path.organization: should be a uuid",
        "GET /api/v2/organizations/{organization}/templates/examples parameter.path.organization: should be a uuid",
        "GET /api/v2/organizations/{organization}/templates/{templatename} parameter.path.organization: should be a uuid",
        "GET /api/v2/organizations/{organization}/templates/{templatename}/versions/{templateversionname} parameter.path.organization: should be a uuid",
        "GET /api/v2/organizations/{organization}/templates/{templatename}/versions/{templateversionname}/previous parameter.path.organization: should be a uuid",
        "POST /api/v2/organizations/{organization}/templateversions parameter.path.organization: should be a uuid",

        // What dashboards read has capital letters; and what the client said is kept, whatever it was.
        "GET /api/v2/templates 200[].build_time_stats.*.p50: is missing",
        "GET /api/v2/templates 200[].build_time_stats.*.p95: is missing",
        "GET /api/v2/templates 200[].build_time_stats.*.P50: is not in the contract",
        "GET /api/v2/templates 200[].build_time_stats.*.P95: is not in the contract",
        "GET /api/v2/templates 200[].provisioner: should be one of [terraform] and is one of [echo, terraform]",
        "GET /api/v2/templates/{template} 200.build_time_stats.*.p50: is missing",
        "GET /api/v2/templates/{template} 200.build_time_stats.*.p95: is missing",
        "GET /api/v2/templates/{template} 200.build_time_stats.*.P50: is not in the contract",
        "GET /api/v2/templates/{template} 200.build_time_stats.*.P95: is not in the contract",
        "GET /api/v2/templates/{template} 200.provisioner: should be one of [terraform] and is one of [echo, terraform]",
        "PATCH /api/v2/templates/{template} 200.build_time_stats.*.p50: is missing",
        "PATCH /api/v2/templates/{template} 200.build_time_stats.*.p95: is missing",
        "PATCH /api/v2/templates/{template} 200.build_time_stats.*.P50: is not in the contract",
        "PATCH /api/v2/templates/{template} 200.build_time_stats.*.P95: is not in the contract",
        "PATCH /api/v2/templates/{template} 200.provisioner: should be one of [terraform] and is one of [echo, terraform]",
        "GET /api/v2/organizations/{organization}/templates 200[].build_time_stats.*.p50: is missing",
        "GET /api/v2/organizations/{organization}/templates 200[].build_time_stats.*.p95: is missing",
        "GET /api/v2/organizations/{organization}/templates 200[].build_time_stats.*.P50: is not in the contract",
        "GET /api/v2/organizations/{organization}/templates 200[].build_time_stats.*.P95: is not in the contract",
        "GET /api/v2/organizations/{organization}/templates 200[].provisioner: should be one of [terraform] and is one of [echo, terraform]",
        "POST /api/v2/organizations/{organization}/templates 201.build_time_stats.*.p50: is missing",
        "POST /api/v2/organizations/{organization}/templates 201.build_time_stats.*.p95: is missing",
        "POST /api/v2/organizations/{organization}/templates 201.build_time_stats.*.P50: is not in the contract",
        "POST /api/v2/organizations/{organization}/templates 201.build_time_stats.*.P95: is not in the contract",
        "POST /api/v2/organizations/{organization}/templates 201.provisioner: should be one of [terraform] and is one of [echo, terraform]",
        "GET /api/v2/organizations/{organization}/templates/{templatename} 200.build_time_stats.*.p50: is missing",
        "GET /api/v2/organizations/{organization}/templates/{templatename} 200.build_time_stats.*.p95: is missing",
        "GET /api/v2/organizations/{organization}/templates/{templatename} 200.build_time_stats.*.P50: is not in the contract",
        "GET /api/v2/organizations/{organization}/templates/{templatename} 200.build_time_stats.*.P95: is not in the contract",
        "GET /api/v2/organizations/{organization}/templates/{templatename} 200.provisioner: should be one of [terraform] and is one of [echo, terraform]",

        // What is done with keys of daemons is recorded too; clients show kinds that they do not know by their name.
        "GET /api/v2/audit 200.audit_logs[].resource_type: should be one of ["
            + "template, template_version, user, workspace, workspace_build, git_ssh_key, api_key, group, license, "
            + "convert_login, health_settings, notifications_settings, prebuilds_settings, workspace_proxy, organization, "
            + "oauth2_provider_app, oauth2_provider_app_secret, custom_role, organization_member, notification_template, "
            + "idp_sync_settings_organization, idp_sync_settings_group, idp_sync_settings_role, workspace_agent, "
            + "workspace_app] and is one of ["
            + "organization, template, template_version, user, workspace, git_ssh_key, api_key, group, workspace_build, "
            + "license, workspace_proxy, convert_login, health_settings, oauth2_provider_app, oauth2_provider_app_secret, "
            + "custom_role, organization_member, notifications_settings, notification_template, "
            + "idp_sync_settings_organization, idp_sync_settings_group, idp_sync_settings_role, workspace_agent, "
            + "workspace_app, prebuilds_settings, provisioner_key]",

        // The contract forgot what is sent; without it no key would have a name.
        "POST /api/v2/organizations/{organization}/provisionerkeys request: should have no body",

        // Days begin where the reader is.
        "GET /api/v2/templates/{template}/daus parameter.query.tz_offset: is not in the contract",

        // Bytes, which are no build.
        "GET /api/v2/workspacebuilds/{workspacebuild}/state 200: should be object and is string",

        // Whoever runs Terraform needs the values of its variables, and tells which ones are missing.
        "POST /api/v2/provisionerdaemons/{daemon}/acquire 200.workspace_build.variable_values: is not in the contract",
        "POST /api/v2/provisionerdaemons/{daemon}/jobs/{job}/fail request.variables: is not in the contract",
    ];

    /// <summary>Places at which any difference is meant.</summary>
    private static readonly string[] MeantPlaces =
    [
        // A tree with those settings only that this server has; it is not described in advance.
        "GET /api/v2/deployment/config 200.config.",

        // There are no relays, so there is nothing to describe.
        "GET /api/v2/debug/health 200.derp.netcheck:",
        "GET /api/v2/debug/health 200.derp.regions.",

        // No daemon is watched.
        "GET /api/v2/debug/health 200.provisioner_daemons.items[]:",
    ];

    private static readonly string[] MeantEverywhere =
    [
        // An id or null, as clients read it, wherever there is an agent.
        ".parent_id: should be object and is string",

        // Beyond the reference: docs/spec/platform.md, section 12.
        "].scopes: is not in the contract",
        "200.scopes: is not in the contract",
        ".allow_list: is not in the contract",
        ".is_service_account: is not in the contract",
    ];

    [Fact]
    public void Everything_served_has_the_form_of_the_contract()
    {
        var differences = document.Operations
            .Where(o => ApiContract.Endpoints.ContainsKey(o.Name))
            .SelectMany(o => new ContractComparison(document, o).Run())
            .Where(difference => Meant.Contains(difference, StringComparer.Ordinal)
                || !Array.Exists(MeantEverywhere, end => difference.EndsWith(end, StringComparison.Ordinal)))
            .ToList();

        // As one text, so that a failure names all of them.
        string.Join('\n', differences.Except(Meant, StringComparer.Ordinal)
            .Where(difference => !Array.Exists(MeantPlaces, place => difference.StartsWith(place, StringComparison.Ordinal))))
            .Should().BeEmpty();
        MeantPlaces.Should().OnlyContain(
            place => differences.Exists(d => d.StartsWith(place, StringComparison.Ordinal)), "a place without a difference must be taken out");
        string.Join('\n', Meant.Except(differences, StringComparer.Ordinal)).Should().BeEmpty("a difference that is gone must be taken out of the list");
    }

    [Fact]
    public void Nothing_is_served_that_is_not_in_the_contract()
    {
        var unknown = document.Operations.Select(o => o.Name).Where(name => !ApiContract.Endpoints.ContainsKey(name));

        unknown.Should().BeEmpty();
    }

    [Fact]
    public void What_the_first_version_serves_is_served_or_listed_as_not_built_yet()
    {
        var served = document.Operations.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        var missing = ApiContract.Endpoints
            .Where(e => e.Value["first"]!.GetValue<bool>() && !served.Contains(e.Key))
            .Select(e => e.Key);

        missing.Except(ApiContract.NotBuiltYet, StringComparer.Ordinal).Should().BeEmpty();
    }

    [Fact]
    public void The_list_of_what_is_not_built_yet_only_shrinks()
    {
        var served = document.Operations.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);

        ApiContract.NotBuiltYet.Where(served.Contains).Should().BeEmpty("what is served must be taken out of the list");
        ApiContract.NotBuiltYet.Should().OnlyHaveUniqueItems();
        ApiContract.NotBuiltYet.Except(ApiContract.Endpoints.Keys, StringComparer.Ordinal).Should().BeEmpty("only what is in the contract can be built");
    }
}
