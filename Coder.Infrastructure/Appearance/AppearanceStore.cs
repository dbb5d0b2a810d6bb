using System.Text.Json;
using Coder.Application.Appearance;
using Coder.Domain.Appearance;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Appearance;

internal sealed class AppearanceStore(DbSession db) : IAppearanceStore
{
    private const string Read = """
        select coalesce(max(value) filter (where key = 'application_name'), '') as application_name,
               coalesce(max(value) filter (where key = 'logo_url'), '') as logo_url,
               coalesce(max(value) filter (where key = 'announcement_banners'), '[]') as banners
        from site_configs
        where key in ('application_name', 'logo_url', 'announcement_banners')
        """;

    public async Task<AppearanceSettings> ReadAsync(CancellationToken ct)
    {
        var row = (await db.QueryOneAsync<Row>(Read, null, ct))!;
        var banners = JsonSerializer.Deserialize<BannerEntry[]>(row.Banners, JsonSerializerOptions.Web) ?? [];
        return new AppearanceSettings(
            row.ApplicationName, row.LogoUrl, [.. banners.Select(b => new Banner(b.Enabled, b.Message, b.BackgroundColor))]);
    }

    private const string Write = """
        insert into site_configs (key, value)
        values ('application_name', @applicationName), ('logo_url', @logoUrl), ('announcement_banners', @banners)
        on conflict (key) do update set value = excluded.value
        """;

    public Task WriteAsync(AppearanceSettings settings, CancellationToken ct) => db.ExecuteAsync(
        Write,
        new
        {
            settings.ApplicationName,
            settings.LogoUrl,
            banners = JsonSerializer.Serialize(
                settings.Banners.Select(b => new BannerEntry(b.Enabled, b.Message, b.BackgroundColor)), JsonSerializerOptions.Web),
        },
        ct);

    private sealed record Row
    {
        public string ApplicationName { get; init; } = "";

        public string LogoUrl { get; init; } = "";

        public string Banners { get; init; } = "";
    }

    private sealed record BannerEntry(bool Enabled, string Message, string BackgroundColor);
}
