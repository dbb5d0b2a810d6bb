namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>Reads agents and what belongs to them.</summary>
internal static class AgentReader
{
    /// <summary>Stands for the address of an app that only a build knows.</summary>
    internal const string UnknownUrl = "${known after a build}";

    private static readonly (string Name, bool Usual)[] DisplayApps =
        [("vscode", true), ("vscode_insiders", false), ("web_terminal", true), ("port_forwarding_helper", true), ("ssh_helper", true)];

    /// <summary>Reads a <c>coder_agent</c> with the apps, scripts and variables that name it.</summary>
    internal static AgentJson Agent(TerraformResource agent, IEnumerable<TerraformResource> parts)
    {
        var values = agent.Values;
        var own = parts.ToList();
        var environment = new Dictionary<string, string>(values.Map("env"), StringComparer.Ordinal);
        foreach (var variable in own.Where(part => part.Type == "coder_env").Select(part => part.Values))
        {
            if (variable.Text("name") is { Length: > 0 } name)
            {
                environment[name] = variable.Text("value") ?? "";
            }
        }

        return new AgentJson
        {
            Name = agent.Name,
            OperatingSystem = values.Text("os") ?? "",
            Architecture = values.Text("arch") ?? "",
            Directory = values.Text("dir"),
            Env = environment,
            DisplayApps = values.Blocks("display_apps") is [var buttons, ..]
                ? [.. DisplayApps.Where(app => buttons.Flag(app.Name) ?? app.Usual).Select(app => app.Name)]
                : null,
            ConnectionTimeoutSeconds = values.Number("connection_timeout"),
            TroubleshootingUrl = values.Text("troubleshooting_url"),
            MotdFile = values.Text("motd_file"),
            Order = values.Number("order") ?? 0,
            Scripts = [.. OwnScripts(values), .. own.Where(part => part.Type == "coder_script").Select(part => Script(part.Values))],
            Apps = [.. own.Where(part => part.Type == "coder_app").Select(part => App(part.Values))],
            AuthToken = values.Text("token") is { } token && Guid.TryParseExact(token, "D", out _) ? token : null,
        };
    }

    private static IEnumerable<ScriptJson> OwnScripts(Attributes values)
    {
        if (values.Text("startup_script") is { Length: > 0 } startup)
        {
            yield return new ScriptJson
            {
                DisplayName = "Startup Script",
                Script = startup,
                RunOnStart = true,
                StartBlocksLogin = values.Text("startup_script_behavior") == "blocking",
                LogPath = "coder-startup-script.log",
            };
        }

        if (values.Text("shutdown_script") is { Length: > 0 } shutdown)
        {
            yield return new ScriptJson
            {
                DisplayName = "Shutdown Script",
                Script = shutdown,
                RunOnStop = true,
                LogPath = "coder-shutdown-script.log",
            };
        }
    }

    private static ScriptJson Script(Attributes values) => new()
    {
        DisplayName = values.Text("display_name"),
        Script = values.Text("script") ?? "",
        Cron = values.Text("cron"),
        RunOnStart = values.Flag("run_on_start") ?? false,
        RunOnStop = values.Flag("run_on_stop") ?? false,
        StartBlocksLogin = values.Flag("start_blocks_login") ?? false,
        TimeoutSeconds = values.Number("timeout") ?? 0,
        Icon = values.Text("icon"),
        LogPath = values.Text("log_path"),
    };

    private static AppJson App(Attributes values)
    {
        var command = NotEmpty(values.Text("command"));
        return new AppJson
        {
            Slug = values.Text("slug") ?? "",
            DisplayName = values.Text("display_name"),
            Icon = values.Text("icon"),
            Url = NotEmpty(values.Text("url")) ?? (command is null ? UnknownUrl : null),
            Command = command,
            External = values.Flag("external") ?? false,
            Subdomain = values.Flag("subdomain") ?? false,
            Share = NotEmpty(values.Text("share")),
            Healthcheck = values.Blocks("healthcheck") is [var check, ..] && check.Text("url") is { Length: > 0 } url
                ? new HealthcheckJson(url, check.Number("interval") ?? 1, check.Number("threshold") ?? 1)
                : null,
            Order = values.Number("order") ?? 0,
            Group = values.Text("group"),
            Hidden = values.Flag("hidden") ?? false,
            OpenIn = NotEmpty(values.Text("open_in")),
        };
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
