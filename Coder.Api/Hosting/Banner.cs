using Coder.Api.Configuration;
using Coder.Api.Deployment;
using Coder.Application.Users;
using Coder.Infrastructure.EmbeddedPostgres;
using MediatR;

namespace Coder.Api.Hosting;

/// <summary>What a person who started the server wants to read: where it is, where its data is, and what to do next.</summary>
internal static class Banner
{
    public static async Task WriteAsync(WebApplication app, CoderSettings settings, EmbeddedPostgresServer? embedded, CancellationToken ct)
    {
        if (settings.LoggingJson)
        {
            return;
        }

        await using var scope = app.Services.CreateAsyncScope();
        var exists = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new HasFirstUser(), ct);
        var url = app.Services.GetRequiredService<AccessUrl>().Value;
        var data = embedded is null ? "external PostgreSQL" : $"{embedded.DataDirectory} (embedded PostgreSQL)";
        var next = exists.Is(out var hasUser, out _) && hasUser
            ? $"coder login {url}"
            : $"coder login {url}   (creates the first user)";
        await Console.Out.WriteLineAsync($"""

            Coder for .NET {ProductVersion.Text}

              URL      {url}
              API      {url}/swagger
              Data     {data}
              Next     {next}
              Stop     Ctrl+C

            """.AsMemory(), ct);
    }
}
