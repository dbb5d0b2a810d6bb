using Coder.Domain.Common;

namespace Coder.Domain.Provisioning;

/// <summary>What a job does.</summary>
public enum JobType
{
    /// <summary>Reads an archive and finds out what a template version offers.</summary>
    TemplateVersionImport,

    /// <summary>Starts, stops or deletes a workspace.</summary>
    WorkspaceBuild,

    /// <summary>Shows what a template version would make, without making it.</summary>
    TemplateVersionDryRun,
}

/// <summary>What can execute a job.</summary>
public enum ProvisionerType
{
    /// <summary>Reads <c>coder-template.json</c>; built into the server.</summary>
    Echo,

    /// <summary>Runs Terraform; always an external daemon.</summary>
    Terraform,
}

/// <summary>What a build does to the stock of prebuilt workspaces.</summary>
public enum PrebuildStage
{
    /// <summary>Nothing: an ordinary build.</summary>
    None,

    /// <summary>It builds a workspace before somebody asks for it.</summary>
    Create,

    /// <summary>It hands such a workspace to its new owner.</summary>
    Claim,
}

/// <summary>How much a log line matters.</summary>
public enum LogLevel
{
    /// <summary>Every step.</summary>
    Trace,

    /// <summary>For those who search for a fault.</summary>
    Debug,

    /// <summary>What happens.</summary>
    Info,

    /// <summary>Something that may become a problem.</summary>
    Warn,

    /// <summary>Why it does not work.</summary>
    Error,
}

/// <summary>Who wrote a log line.</summary>
public enum LogSource
{
    /// <summary>The daemon, or the server in its place.</summary>
    ProvisionerDaemon,

    /// <summary>What the daemon ran.</summary>
    Provisioner,
}

/// <summary>The names of <see cref="JobType"/> on the wire and in the database.</summary>
public static class JobTypes
{
    private static readonly WireTable<JobType> Names = new("template_version_import", "workspace_build", "template_version_dry_run");

    /// <summary>The wire name.</summary>
    public static string WireName(this JobType type) => Names[type];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out JobType type) => Names.TryParse(name, out type);
}

/// <summary>The names of <see cref="ProvisionerType"/> on the wire and in the database.</summary>
public static class ProvisionerTypes
{
    private static readonly WireTable<ProvisionerType> Names = new("echo", "terraform");

    /// <summary>The wire name.</summary>
    public static string WireName(this ProvisionerType type) => Names[type];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out ProvisionerType type) => Names.TryParse(name, out type);
}

/// <summary>The names of <see cref="PrebuildStage"/> for daemons and in placeholders.</summary>
public static class PrebuildStages
{
    private static readonly WireTable<PrebuildStage> Names = new("none", "create", "claim");

    /// <summary>The wire name.</summary>
    public static string WireName(this PrebuildStage stage) => Names[stage];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out PrebuildStage stage) => Names.TryParse(name, out stage);
}

/// <summary>The names of <see cref="LogLevel"/> on the wire and in the database.</summary>
public static class LogLevels
{
    private static readonly WireTable<LogLevel> Names = new("trace", "debug", "info", "warn", "error");

    /// <summary>The wire name.</summary>
    public static string WireName(this LogLevel level) => Names[level];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out LogLevel level) => Names.TryParse(name, out level);
}

/// <summary>The names of <see cref="LogSource"/> on the wire and in the database.</summary>
public static class LogSources
{
    private static readonly WireTable<LogSource> Names = new("provisioner_daemon", "provisioner");

    /// <summary>The wire name.</summary>
    public static string WireName(this LogSource source) => Names[source];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out LogSource source) => Names.TryParse(name, out source);
}
