namespace Coder.Domain.Appearance;

/// <summary>How the dashboard looks, as an administrator chose it (docs/spec/platform.md, section 8.5).</summary>
/// <param name="ApplicationName">Shown instead of the product's name; empty for the product's own.</param>
/// <param name="LogoUrl">A picture instead of the product's logo; empty for the product's own.</param>
/// <param name="Banners">Shown above every page, in this order.</param>
public sealed record AppearanceSettings(string ApplicationName, string LogoUrl, IReadOnlyList<Banner> Banners)
{
    /// <summary>What is shown when nobody chose anything, or when the feature is not licensed.</summary>
    public static AppearanceSettings Default { get; } = new("", "", []);

    /// <summary>The first banner that is enabled, for clients that know only one; <see cref="Banner.None"/> when there is none.</summary>
    public Banner ServiceBanner => Banners.FirstOrDefault(b => b.Enabled) ?? Banner.None;
}
