namespace Coder.Application.Templates;

/// <summary>The examples that come with the server. All of them work without anything but the server itself.</summary>
public static class TemplateExamples
{
    /// <summary>From the simplest to the richest.</summary>
    public static IReadOnlyList<TemplateExample> All { get; } =
    [
        new TemplateExample
        {
            Id = new Guid("3f0c5a52-4a7e-4d0b-9d52-0c6a2f3e1b01"),
            Name = "Simulated workspace",
            Description = "One agent that is connected at once: the shortest way to see workspaces start and stop.",
            Icon = "/icon/code.svg",
            Tags = ["starter", "simulation"],
            Readme = """
                # Simulated workspace

                The workspace has one agent without a process behind it: it is connected as soon as the build has ended, and stays so until
                the workspace is stopped. Use it to try out schedules, sharing and the dashboard.

                A folder is kept while the workspace is stopped; the machine is made anew at every start.
                """,
            Manifest = """
                {
                  "version": 1,
                  "resources": [
                    {
                      "type": "folder", "name": "home", "present": "always", "icon": "/icon/folder.svg",
                      "metadata": [ { "key": "path", "value": "/home/${owner.name}" } ]
                    },
                    {
                      "type": "machine", "name": "dev",
                      "agents": [
                        {
                          "name": "main", "operating_system": "linux", "architecture": "amd64", "simulate_ready": true,
                          "directory": "/home/${owner.name}",
                          "apps": [
                            { "slug": "docs", "display_name": "Documentation", "url": "https://example.com/docs", "external": true }
                          ]
                        }
                      ]
                    }
                  ]
                }
                """,
        },
        new TemplateExample
        {
            Id = new Guid("3f0c5a52-4a7e-4d0b-9d52-0c6a2f3e1b02"),
            Name = "Parameters of every kind",
            Description = "Asks for a text, a number, a choice, a switch and a list, and shows how values are checked.",
            Icon = "/icon/widgets.svg",
            Tags = ["parameters", "simulation"],
            Readme = """
                # Parameters of every kind

                | parameter | what it shows |
                |---|---|
                | project | a text that must fit a pattern; it can not be changed later |
                | disk | a number within limits that can only grow |
                | region | one of several options |
                | public | a switch |
                | tools | a list of words |
                """,
            Manifest = """
                {
                  "version": 1,
                  "parameters": [
                    {
                      "name": "project", "display_name": "Project", "description": "The name of your project.", "mutable": false,
                      "default_value": "demo", "validation_regex": "^[a-z]{2,20}$", "validation_error": "Use 2 to 20 small letters."
                    },
                    {
                      "name": "disk", "display_name": "Disk size", "description": "In **GB**; a disk can not shrink.", "type": "number",
                      "default_value": "20", "validation_min": 10, "validation_max": 200, "validation_monotonic": "increasing"
                    },
                    {
                      "name": "region", "display_name": "Region", "default_value": "eu",
                      "options": [
                        { "name": "Europe", "value": "eu", "description": "Frankfurt", "icon": "/emojis/1f1ea-1f1fa.png" },
                        { "name": "America", "value": "us", "description": "Ohio", "icon": "/emojis/1f1fa-1f1f8.png" }
                      ]
                    },
                    { "name": "public", "display_name": "Open to everybody", "type": "bool", "default_value": "false" },
                    { "name": "tools", "display_name": "Tools", "type": "list(string)", "default_value": "[\"git\",\"make\"]" }
                  ],
                  "resources": [
                    {
                      "type": "machine", "name": "${parameter.project}",
                      "metadata": [
                        { "key": "disk", "value": "${parameter.disk} GB" },
                        { "key": "region", "value": "${parameter.region}" },
                        { "key": "tools", "value": "${parameter.tools}" }
                      ],
                      "agents": [
                        { "name": "main", "operating_system": "linux", "architecture": "amd64", "simulate_ready": true }
                      ]
                    }
                  ]
                }
                """,
        },
        new TemplateExample
        {
            Id = new Guid("3f0c5a52-4a7e-4d0b-9d52-0c6a2f3e1b03"),
            Name = "Presets and prebuilt workspaces",
            Description = "Two presets, one of them with a workspace that is built before somebody asks for it.",
            Icon = "/icon/memory.svg",
            Tags = ["presets", "prebuilds", "simulation"],
            Readme = """
                # Presets and prebuilt workspaces

                A preset fills a form in one step. The preset *Small, Europe* also keeps one workspace ready on working days: whoever asks
                for one gets it at once, and another one is built in its place. Prebuilt workspaces take a license.

                Builds take five seconds here, so that the difference can be felt.
                """,
            Manifest = """
                {
                  "version": 1,
                  "parameters": [
                    {
                      "name": "size", "display_name": "Size", "default_value": "small",
                      "options": [ { "name": "Small", "value": "small" }, { "name": "Large", "value": "large" } ]
                    },
                    {
                      "name": "region", "display_name": "Region", "default_value": "eu", "mutable": false,
                      "options": [ { "name": "Europe", "value": "eu" }, { "name": "America", "value": "us" } ]
                    }
                  ],
                  "presets": [
                    {
                      "name": "Small, Europe", "description": "Ready on working days.", "default": true,
                      "parameters": { "size": "small", "region": "eu" },
                      "prebuilds": {
                        "instances": 0,
                        "expiration_policy": { "ttl": 86400 },
                        "scheduling": { "timezone": "Europe/Berlin", "schedule": [ { "cron": "* 8-17 * * 1-5", "instances": 1 } ] }
                      }
                    },
                    { "name": "Large, America", "parameters": { "size": "large", "region": "us" } }
                  ],
                  "provision": { "delay_ms": { "start": 5000 } },
                  "resources": [
                    {
                      "type": "machine", "name": "dev", "daily_cost": 4,
                      "metadata": [
                        { "key": "size", "value": "${parameter.size}" },
                        { "key": "region", "value": "${parameter.region}" },
                        { "key": "built as", "value": "${prebuild.stage}" }
                      ],
                      "agents": [
                        { "name": "main", "operating_system": "linux", "architecture": "amd64", "simulate_ready": true }
                      ]
                    }
                  ]
                }
                """,
        },
    ];

    /// <summary>Finds an example by its id.</summary>
    public static TemplateExample? Find(string id) =>
        Guid.TryParseExact(id, "D", out var parsed) ? All.FirstOrDefault(example => example.Id == parsed) : null;
}
