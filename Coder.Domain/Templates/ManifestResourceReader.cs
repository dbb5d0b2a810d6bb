using System.Text.RegularExpressions;

namespace Coder.Domain.Templates;

/// <summary>Reads what a build makes. One reader reads one list, for names are unique within all of it.</summary>
/// <param name="areMade">
/// Whether a daemon made them. In a manifest resources of a type have different names, which tells them apart from build to build, and
/// agents have no tokens.
/// </param>
internal sealed partial class ManifestResourceReader(bool areMade)
{
    private const int MaximumType = 192;
    private const int MaximumName = 64;
    private const int MaximumIcon = 256;
    private const int MaximumMetadataKey = 1024;
    private const int MaximumMetadataValue = 65_536;
    private const int MaximumDirectory = 4096;
    private const int DefaultConnectionTimeout = 120;

    private static readonly IReadOnlyList<DisplayApp> DefaultDisplayApps =
        [DisplayApp.Vscode, DisplayApp.WebTerminal, DisplayApp.PortForwardingHelper, DisplayApp.SshHelper];

    private readonly HashSet<(string Type, string Name)> _resources = [];

    // They become host names.
    private readonly HashSet<string> _agents = new(StringComparer.OrdinalIgnoreCase);

    public ManifestResource Resource(ManifestNode node)
    {
        var type = node.RequiredText("type", MaximumType);
        var name = node.RequiredText("name", MaximumName);
        if (!areMade && type.Length > 0 && name.Length > 0 && !_resources.Add((type, name)))
        {
            node.Complain("name", "must be unique for this type");
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        return new ManifestResource
        {
            Type = type,
            Name = name,
            Icon = node.Text("icon", MaximumIcon),
            Hide = node.Flag("hide"),
            DailyCost = node.Number("daily_cost", minimum: 0),
            Presence = node.Choice("present", ResourcePresences.WireName, ResourcePresence.Started),
            Metadata = node.Items("metadata", metadata => Metadata(metadata, keys)),
            Agents = node.Items("agents", Agent),
        };
    }

    private static ResourceMetadata Metadata(ManifestNode node, HashSet<string> keys)
    {
        var key = node.RequiredText("key", MaximumMetadataKey);
        node.MustBeUnique("key", key, keys);
        return new ResourceMetadata(key, node.Text("value", MaximumMetadataValue), node.Flag("sensitive"));
    }

    private ManifestAgent Agent(ManifestNode node)
    {
        var name = node.RequiredText("name", MaximumName);
        node.MustBeUnique("name", name, _agents);
        if (name.Length > 0 && !AgentName().IsMatch(name))
        {
            node.Complain("name", "must be letters, digits and single hyphens between them");
        }

        var slugs = new HashSet<string>(StringComparer.Ordinal);
        return new ManifestAgent
        {
            Name = name,
            OperatingSystem = node.RequiredChoice<AgentOperatingSystem>("operating_system", AgentOperatingSystems.WireName),
            Architecture = node.RequiredChoice<AgentArchitecture>("architecture", AgentArchitectures.WireName),
            Directory = node.Text("directory", MaximumDirectory),
            Environment = Environment(node),
            DisplayApps = node.ChoicesOrNull<DisplayApp>("display_apps", DisplayApps.WireName) ?? DefaultDisplayApps,
            ConnectionTimeout = TimeSpan.FromSeconds(node.Number("connection_timeout_seconds", DefaultConnectionTimeout, minimum: 0)),
            TroubleshootingUrl = node.Text("troubleshooting_url"),
            MotdFile = node.Text("motd_file"),
            Order = node.Number("order"),
            Scripts = node.Items("scripts", Script),
            Apps = node.Items("apps", app => App(app, slugs)),
            SimulateReady = node.Flag("simulate_ready"),
            AuthToken = areMade ? Token(node) : null,
        };
    }

    private static Guid? Token(ManifestNode node)
    {
        if (node.TextOrNull("auth_token") is not { } text)
        {
            return null;
        }

        if (Guid.TryParseExact(text, "D", out var token) && token != Guid.Empty)
        {
            return token;
        }

        node.Complain("auth_token", "must be a UUID");
        return null;
    }

    private static Dictionary<string, string> Environment(ManifestNode node)
    {
        var variables = node.Map("env");
        foreach (var name in variables.Keys.Where(name => name.Length == 0 || name.Contains('=', StringComparison.Ordinal)))
        {
            node.Complain("env", name, "is not the name of an environment variable");
        }

        return variables;
    }

    private static AgentScript Script(ManifestNode node)
    {
        var script = new AgentScript
        {
            DisplayName = node.Text("display_name"),
            Script = node.RequiredText("script"),
            Cron = node.Text("cron"),
            RunOnStart = node.Flag("run_on_start"),
            RunOnStop = node.Flag("run_on_stop"),
            StartBlocksLogin = node.Flag("start_blocks_login"),
            Timeout = TimeSpan.FromSeconds(node.Number("timeout_seconds", minimum: 0)),
            Icon = node.Text("icon", MaximumIcon),
            LogPath = node.Text("log_path"),
        };
        if (script.Cron.Length > 0 && script.Cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length is not (5 or 6))
        {
            node.Complain("cron", "must have five or six fields");
        }

        if (script is { Cron: "", RunOnStart: false, RunOnStop: false })
        {
            node.Complain("script", "needs run_on_start, run_on_stop or cron");
        }

        if (script is { StartBlocksLogin: true, RunOnStart: false })
        {
            node.Complain("start_blocks_login", "needs run_on_start");
        }

        return script;
    }

    private static AgentApp App(ManifestNode node, HashSet<string> slugs)
    {
        var slug = node.RequiredText("slug", MaximumName);
        node.MustBeUnique("slug", slug, slugs);
        if (slug.Length > 0 && !AppSlug().IsMatch(slug))
        {
            node.Complain("slug", "must be lower-case letters, digits and single hyphens between them");
        }

        var app = new AgentApp
        {
            Slug = slug,
            DisplayName = node.Text("display_name", MaximumName),
            Icon = node.Text("icon", MaximumIcon),
            Url = NotEmpty(node.Text("url")),
            Command = NotEmpty(node.Text("command")),
            External = node.Flag("external"),
            Subdomain = node.Flag("subdomain"),
            Share = node.Choice("share", AppSharingLevels.WireName, AppSharingLevel.Owner),
            Healthcheck = node.Object("healthcheck", Healthcheck),
            Order = node.Number("order"),
            Group = node.Text("group"),
            Hidden = node.Flag("hidden"),
            OpenIn = node.Choice("open_in", AppOpenIns.WireName, AppOpenIn.SlimWindow),
        };
        CheckTarget(node, app);
        return app;
    }

    private static void CheckTarget(ManifestNode node, AgentApp app)
    {
        if (app.Url is null == app.Command is null)
        {
            node.Complain("url", app.Url is null ? "is required, or command is" : "must not be together with command");
        }

        // A URL with placeholders is judged when a build gives their values.
        if (app.Url is { } url && !url.Contains("${", StringComparison.Ordinal) && !IsAbsolute(url))
        {
            node.Complain("url", "must be an absolute URL");
        }

        if (app.External && app.Url is null)
        {
            node.Complain("external", "needs url");
        }

        if (app.External && app.Subdomain)
        {
            node.Complain("external", "must not be together with subdomain");
        }

        if (app.External && app.Healthcheck is not null)
        {
            node.Complain("external", "must not be together with healthcheck");
        }
    }

    private static AppHealthcheck Healthcheck(ManifestNode node) => new(
        node.RequiredText("url"),
        TimeSpan.FromSeconds(node.Number("interval", absent: 1, minimum: 1)),
        node.Number("threshold", absent: 1, minimum: 1));

    // A path of the file system would be an absolute URL otherwise.
    private static bool IsAbsolute(string url) => Uri.TryCreate(url, UriKind.Absolute, out _) && !url.StartsWith('/');

    private static string? NotEmpty(string text) => text.Length == 0 ? null : text;

    [GeneratedRegex("^[a-zA-Z0-9](?:-?[a-zA-Z0-9])*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex AgentName();

    [GeneratedRegex("^[a-z0-9](?:-?[a-z0-9])*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex AppSlug();
}
