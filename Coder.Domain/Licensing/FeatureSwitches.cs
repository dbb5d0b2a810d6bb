namespace Coder.Domain.Licensing;

/// <summary>Which features a deployment switches on by its configuration, whatever its licenses say. Immutable.</summary>
public sealed record FeatureSwitches
{
    private readonly uint _on;

    private FeatureSwitches(uint on) => _on = on;

    /// <summary>Everything off.</summary>
    public static FeatureSwitches None { get; } = new(0);

    /// <summary>A server with nothing configured: on is what the catalogue calls <c>always</c> (docs/spec/licensing.md, 2.1).</summary>
    public static FeatureSwitches Default { get; } = Of(
        FeatureName.AuditLog,
        FeatureName.ConnectionLog,
        FeatureName.TemplateRbac,
        FeatureName.ExternalProvisionerDaemons,
        FeatureName.AdvancedTemplateScheduling,
        FeatureName.WorkspaceProxy,
        FeatureName.UserRoleManagement,
        FeatureName.AccessControl,
        FeatureName.ControlSharedPorts);

    /// <summary>On are the named features and no others.</summary>
    public static FeatureSwitches Of(params ReadOnlySpan<FeatureName> on)
    {
        var switches = None;
        foreach (var feature in on)
        {
            switches = switches.With(feature, true);
        }

        return switches;
    }

    /// <summary>Whether the feature is switched on.</summary>
    public bool IsOn(FeatureName feature) => (_on & feature.Bit()) != 0;

    /// <summary>The same switches with one of them set.</summary>
    public FeatureSwitches With(FeatureName feature, bool on) => new(on ? _on | feature.Bit() : _on & ~feature.Bit());
}
