using System.Security.Cryptography;
using System.Text;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>The environment of Terraform: what the <c>coder</c> provider and the template read.</summary>
internal static class TerraformEnvironment
{
    private const string Own = "CODER_";

    // They would put the state or the plugins elsewhere.
    private static readonly string[] Misleading = ["TF_WORKSPACE", "TF_DATA_DIR"];

    /// <summary>Puts the environment of a job together.</summary>
    /// <param name="settings">What all jobs have.</param>
    /// <param name="transition">start, stop or delete.</param>
    /// <param name="build">The build; <see langword="null"/> at an import.</param>
    /// <param name="variables">Values for the variables of the template.</param>
    /// <param name="agentIds">The ids of the agents in the state by name, of a claim.</param>
    internal static IReadOnlyDictionary<string, string> Of(
        TerraformSettings settings,
        string transition,
        BuildJson? build,
        IReadOnlyDictionary<string, string> variables,
        IReadOnlyDictionary<string, string> agentIds)
    {
        // The daemon's own settings hold its secrets, and the provider would read them as the workspace's.
        var environment = settings.Inherited
            .Where(variable => !variable.Key.StartsWith(Own, StringComparison.OrdinalIgnoreCase)
                && !Misleading.Contains(variable.Key, StringComparer.OrdinalIgnoreCase))
            .ToDictionary(variable => variable.Key, variable => variable.Value, StringComparer.Ordinal);
        environment["TF_IN_AUTOMATION"] = "1";
        environment["TF_INPUT"] = "0";
        environment["CHECKPOINT_DISABLE"] = "1";
        if (settings.PluginCache is not null)
        {
            environment["TF_PLUGIN_CACHE_DIR"] = settings.PluginCache;
        }

        environment["CODER_AGENT_URL"] = settings.Url;
        environment["CODER_WORKSPACE_TRANSITION"] = transition;
        if (build is not null)
        {
            AddWorkspace(environment, build, agentIds);
        }

        foreach (var (name, value) in variables)
        {
            environment[$"TF_VAR_{name}"] = value;
        }

        return environment;
    }

    /// <summary>The variable in which the provider looks for the value of a parameter.</summary>
    internal static string ParameterVariable(string name) =>
        $"CODER_PARAMETER_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}";

    private static void AddWorkspace(
        Dictionary<string, string> environment, BuildJson build, IReadOnlyDictionary<string, string> agentIds)
    {
        environment["CODER_WORKSPACE_BUILD_ID"] = build.WorkspaceBuildId.ToString();
        environment["CODER_WORKSPACE_ID"] = build.WorkspaceId.ToString();
        environment["CODER_WORKSPACE_NAME"] = build.WorkspaceName ?? "";
        environment["CODER_WORKSPACE_OWNER"] = build.WorkspaceOwnerName ?? "";
        environment["CODER_WORKSPACE_OWNER_ID"] = build.WorkspaceOwnerId.ToString();
        environment["CODER_WORKSPACE_OWNER_NAME"] = build.WorkspaceOwnerName ?? "";
        environment["CODER_WORKSPACE_OWNER_EMAIL"] = build.WorkspaceOwnerEmail ?? "";
        if (build.TemplateId != Guid.Empty)
        {
            environment["CODER_WORKSPACE_TEMPLATE_ID"] = build.TemplateId.ToString();
            environment["CODER_WORKSPACE_TEMPLATE_NAME"] = build.TemplateName ?? "";
        }

        environment["CODER_WORKSPACE_TEMPLATE_VERSION"] = build.TemplateVersionId.ToString();
        switch (build.PrebuiltWorkspaceBuildStage)
        {
            case "create":
                environment["CODER_WORKSPACE_IS_PREBUILD"] = "true";
                break;
            case "claim":
                environment["CODER_WORKSPACE_IS_PREBUILD_CLAIM"] = "true";
                break;
        }

        foreach (var parameter in build.RichParameterValues ?? [])
        {
            environment[ParameterVariable(parameter.Name ?? "")] = parameter.Value ?? "";
        }

        foreach (var agent in build.RunningAgentAuthTokens ?? [])
        {
            if (agentIds.TryGetValue(agent.AgentName ?? "", out var id))
            {
                environment[$"CODER_RUNNING_WORKSPACE_AGENT_TOKEN_{id}"] = agent.Token ?? "";
            }
        }
    }
}
