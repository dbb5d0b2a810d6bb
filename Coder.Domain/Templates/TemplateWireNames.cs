using Coder.Domain.Common;

namespace Coder.Domain.Templates;

/// <summary>The names of <see cref="ParameterType"/> on the wire, in manifests and in the database.</summary>
public static class ParameterTypes
{
    private static readonly WireTable<ParameterType> Names = new("string", "number", "bool", "list(string)");

    /// <summary>The wire name.</summary>
    public static string WireName(this ParameterType type) => Names[type];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out ParameterType type) => Names.TryParse(name, out type);
}

/// <summary>The names of <see cref="ParameterFormType"/> on the wire, in manifests and in the database.</summary>
public static class ParameterFormTypes
{
    private static readonly WireTable<ParameterFormType> Names = new(
        "radio", "dropdown", "input", "textarea", "slider", "checkbox", "switch", "tag-select", "multi-select");

    /// <summary>The wire name.</summary>
    public static string WireName(this ParameterFormType type) => Names[type];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out ParameterFormType type) => Names.TryParse(name, out type);
}

/// <summary>The names of <see cref="MonotonicOrder"/> on the wire, in manifests and in the database.</summary>
public static class MonotonicOrders
{
    private static readonly WireTable<MonotonicOrder> Names = new("", "increasing", "decreasing");

    /// <summary>The wire name.</summary>
    public static string WireName(this MonotonicOrder order) => Names[order];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out MonotonicOrder order) => Names.TryParse(name, out order);
}

/// <summary>The names of <see cref="ResourcePresence"/> in manifests.</summary>
public static class ResourcePresences
{
    private static readonly WireTable<ResourcePresence> Names = new("started", "always");

    /// <summary>The wire name.</summary>
    public static string WireName(this ResourcePresence presence) => Names[presence];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out ResourcePresence presence) => Names.TryParse(name, out presence);
}

/// <summary>The names of <see cref="AgentOperatingSystem"/> on the wire, in manifests and in the database.</summary>
public static class AgentOperatingSystems
{
    private static readonly WireTable<AgentOperatingSystem> Names = new("linux", "darwin", "windows");

    /// <summary>The wire name.</summary>
    public static string WireName(this AgentOperatingSystem system) => Names[system];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out AgentOperatingSystem system) => Names.TryParse(name, out system);
}

/// <summary>The names of <see cref="AgentArchitecture"/> on the wire, in manifests and in the database.</summary>
public static class AgentArchitectures
{
    private static readonly WireTable<AgentArchitecture> Names = new("amd64", "arm64", "armv7");

    /// <summary>The wire name.</summary>
    public static string WireName(this AgentArchitecture architecture) => Names[architecture];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out AgentArchitecture architecture) => Names.TryParse(name, out architecture);
}

/// <summary>The names of <see cref="DisplayApp"/> on the wire, in manifests and in the database.</summary>
public static class DisplayApps
{
    private static readonly WireTable<DisplayApp> Names = new(
        "vscode", "vscode_insiders", "web_terminal", "port_forwarding_helper", "ssh_helper");

    /// <summary>The wire name.</summary>
    public static string WireName(this DisplayApp app) => Names[app];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out DisplayApp app) => Names.TryParse(name, out app);
}

/// <summary>The names of <see cref="AppSharingLevel"/> on the wire, in manifests and in the database.</summary>
public static class AppSharingLevels
{
    private static readonly WireTable<AppSharingLevel> Names = new("owner", "authenticated", "organization", "public");

    /// <summary>The wire name.</summary>
    public static string WireName(this AppSharingLevel level) => Names[level];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out AppSharingLevel level) => Names.TryParse(name, out level);
}

/// <summary>The names of <see cref="AppOpenIn"/> on the wire, in manifests and in the database.</summary>
public static class AppOpenIns
{
    private static readonly WireTable<AppOpenIn> Names = new("slim-window", "tab");

    /// <summary>The wire name.</summary>
    public static string WireName(this AppOpenIn place) => Names[place];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out AppOpenIn place) => Names.TryParse(name, out place);
}

/// <summary>The names of <see cref="ProvisionPhase"/> in manifests.</summary>
public static class ProvisionPhases
{
    private static readonly WireTable<ProvisionPhase> Names = new("import", "start", "stop", "delete");

    /// <summary>The wire name.</summary>
    public static string WireName(this ProvisionPhase phase) => Names[phase];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out ProvisionPhase phase) => Names.TryParse(name, out phase);
}
