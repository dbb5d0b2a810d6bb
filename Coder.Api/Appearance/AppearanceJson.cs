using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Domain.Appearance;

namespace Coder.Api.Appearance;

/// <summary>A message above every page.</summary>
/// <param name="Enabled">Whether it is shown.</param>
/// <param name="Message">The text; may be Markdown.</param>
/// <param name="BackgroundColor">A colour such as <c>#1e90ff</c>.</param>
public sealed record BannerConfigJson(bool? Enabled, string? Message, string? BackgroundColor)
{
    internal static BannerConfigJson From(Banner banner) => new(banner.Enabled, banner.Message, banner.BackgroundColor);

    internal Banner ToBanner() => new(Enabled ?? false, Message ?? "", BackgroundColor ?? "");
}

/// <summary>A link of the help menu.</summary>
/// <param name="Name">The text.</param>
/// <param name="Target">Where it leads.</param>
/// <param name="Icon">Which picture stands beside it.</param>
public sealed record LinkConfigJson(string Name, string Target, [property: DocumentedTexts("bug", "chat", "docs")] string Icon);

/// <summary>How the dashboard looks.</summary>
/// <param name="ApplicationName">Shown instead of the product's name; empty for the product's own.</param>
/// <param name="LogoUrl">A picture instead of the product's logo; empty for the product's own.</param>
/// <param name="DocsUrl">Where the documentation is.</param>
/// <param name="ServiceBanner">The first banner that is enabled, for clients that know only one.</param>
/// <param name="AnnouncementBanners">Shown above every page.</param>
/// <param name="SupportLinks">Links of the help menu.</param>
public sealed record AppearanceConfigJson(
    string ApplicationName,
    string LogoUrl,
    string DocsUrl,
    BannerConfigJson ServiceBanner,
    IReadOnlyList<BannerConfigJson> AnnouncementBanners,
    IReadOnlyList<LinkConfigJson> SupportLinks);

/// <summary>What an administrator chooses of it. What is absent becomes empty.</summary>
/// <param name="ApplicationName">Shown instead of the product's name.</param>
/// <param name="LogoUrl">A picture instead of the product's logo.</param>
/// <param name="ServiceBanner">The only banner, from clients that know only one; passed over when there are announcement banners.</param>
/// <param name="AnnouncementBanners">Shown above every page.</param>
public sealed record UpdateAppearanceConfigJson(
    string? ApplicationName, string? LogoUrl, BannerConfigJson? ServiceBanner, IReadOnlyList<BannerConfigJson>? AnnouncementBanners)
{
    internal static UpdateAppearanceConfigJson From(AppearanceSettings settings) => new(
        settings.ApplicationName,
        settings.LogoUrl,
        BannerConfigJson.From(settings.ServiceBanner),
        [.. settings.Banners.Select(BannerConfigJson.From)]);

    internal AppearanceSettings ToSettings()
    {
        var banners = AnnouncementBanners ?? (ServiceBanner is null ? [] : [ServiceBanner]);
        return new AppearanceSettings(
            ApplicationName ?? "", LogoUrl ?? "", [.. banners.OfType<BannerConfigJson>().Select(b => b.ToBanner())]);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AppearanceConfigJson))]
[JsonSerializable(typeof(UpdateAppearanceConfigJson))]
internal sealed partial class AppearanceJsonContext : JsonSerializerContext;
