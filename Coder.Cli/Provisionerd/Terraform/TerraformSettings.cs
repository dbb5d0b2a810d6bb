namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>How Terraform is run.</summary>
internal sealed record TerraformSettings
{
    /// <summary>The absolute path of the program.</summary>
    public required string Binary { get; init; }

    /// <summary>The deployment, which agents connect to.</summary>
    public required string Url { get; init; }

    /// <summary>How long it may take to end after it was told to.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>Where downloaded providers are kept; <see langword="null"/>: nowhere.</summary>
    public string? PluginCache { get; init; }

    /// <summary>The environment of the daemon.</summary>
    public required IReadOnlyDictionary<string, string> Inherited { get; init; }
}
