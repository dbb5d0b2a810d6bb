namespace Coder.Domain.Templates;

/// <summary>What the values of a parameter or variable are. They are always passed as text.</summary>
public enum ParameterType
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A decimal number, such as <c>8</c>, <c>-1.5</c> or <c>1e3</c>.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Bool,

    /// <summary>A JSON array of texts; variables are never of this type.</summary>
    ListOfText,
}

/// <summary>How a form asks for a parameter.</summary>
public enum ParameterFormType
{
    /// <summary>All options at once.</summary>
    Radio,

    /// <summary>Options behind a button.</summary>
    Dropdown,

    /// <summary>One line.</summary>
    Input,

    /// <summary>Many lines.</summary>
    Textarea,

    /// <summary>A number between two others.</summary>
    Slider,

    /// <summary>A box to tick.</summary>
    Checkbox,

    /// <summary>A switch to flip.</summary>
    Switch,

    /// <summary>Free words.</summary>
    TagSelect,

    /// <summary>Several of the options.</summary>
    MultiSelect,
}

/// <summary>How a number may change from build to build.</summary>
public enum MonotonicOrder
{
    /// <summary>As it likes.</summary>
    None,

    /// <summary>It never becomes smaller.</summary>
    Increasing,

    /// <summary>It never becomes greater.</summary>
    Decreasing,
}

/// <summary>When a resource is there.</summary>
public enum ResourcePresence
{
    /// <summary>While the workspace is started.</summary>
    Started,

    /// <summary>Until the workspace is deleted.</summary>
    Always,
}

/// <summary>What an agent runs on.</summary>
public enum AgentOperatingSystem
{
    /// <summary>Linux.</summary>
    Linux,

    /// <summary>macOS.</summary>
    Darwin,

    /// <summary>Windows.</summary>
    Windows,
}

/// <summary>The processor of an agent.</summary>
public enum AgentArchitecture
{
    /// <summary>64-bit x86.</summary>
    Amd64,

    /// <summary>64-bit ARM.</summary>
    Arm64,

    /// <summary>32-bit ARM.</summary>
    Armv7,
}

/// <summary>The buttons that the dashboard itself offers for an agent.</summary>
public enum DisplayApp
{
    /// <summary>VS Code on the desktop.</summary>
    Vscode,

    /// <summary>The preview edition of VS Code.</summary>
    VscodeInsiders,

    /// <summary>A terminal in the browser.</summary>
    WebTerminal,

    /// <summary>Open ports.</summary>
    PortForwardingHelper,

    /// <summary>How to connect by SSH.</summary>
    SshHelper,
}

/// <summary>Who may open an app or a port.</summary>
public enum AppSharingLevel
{
    /// <summary>The owner of the workspace.</summary>
    Owner,

    /// <summary>Everybody who is signed in.</summary>
    Authenticated,

    /// <summary>The members of the workspace's organization.</summary>
    Organization,

    /// <summary>Everybody.</summary>
    Public,
}

/// <summary>Where an app opens.</summary>
public enum AppOpenIn
{
    /// <summary>A window without the controls of the browser.</summary>
    SlimWindow,

    /// <summary>A new tab.</summary>
    Tab,
}

/// <summary>The jobs that <c>provision</c> of a manifest can slow down, fill with log lines and let fail.</summary>
public enum ProvisionPhase
{
    /// <summary>The import of the template version.</summary>
    Import,

    /// <summary>A build that starts.</summary>
    Start,

    /// <summary>A build that stops.</summary>
    Stop,

    /// <summary>A build that deletes.</summary>
    Delete,
}
