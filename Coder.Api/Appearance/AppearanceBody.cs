using System.Text.Json;
using Coder.Api.Configuration;
using Coder.Api.Http;
using Coder.Domain.Appearance;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Coder.Api.Appearance;

/// <summary>The appearance as bytes, made once for each change and not for each request.</summary>
internal sealed class AppearanceBody(CoderSettings settings, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
{
    private Rendered? _rendered;

    /// <summary>The answer for an appearance.</summary>
    public IActionResult For(AppearanceSettings appearance)
    {
        var rendered = Volatile.Read(ref _rendered);
        if (rendered is null || !ReferenceEquals(rendered.Of, appearance))
        {
            rendered = new Rendered(appearance, JsonSerializer.SerializeToUtf8Bytes(ToJson(appearance), json.Value.SerializerOptions));
            Volatile.Write(ref _rendered, rendered);
        }

        return new JsonBytesResult(rendered.Bytes);
    }

    private AppearanceConfigJson ToJson(AppearanceSettings appearance) => new(
        appearance.ApplicationName,
        appearance.LogoUrl,
        settings.DocsUrl,
        BannerConfigJson.From(appearance.ServiceBanner),
        [.. appearance.Banners.Select(BannerConfigJson.From)],
        SupportLinks: []);

    private sealed record Rendered(AppearanceSettings Of, byte[] Bytes);
}
