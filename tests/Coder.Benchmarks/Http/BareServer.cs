using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Coder.Api.Deployment;
using Coder.Infrastructure.Database;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Coder.Benchmarks.Http;

/// <summary>
/// What the framework can do on this machine: Kestrel, routing and a minimal API, without anything of ours around it.
/// </summary>
internal static class BareServer
{
    /// <summary>The command that turns this program into that server.</summary>
    public const string Command = "bare";

    /// <summary>One JSON object with the fields of <c>/api/v2/buildinfo</c>.</summary>
    public const string JsonPath = "/json";

    /// <summary>One user by primary key; the id follows. The driver is as it comes, but for prepared statements.</summary>
    public const string RowPath = "/row/";

    /// <summary>The same with the connection settings of the product.</summary>
    public const string TunedRowPath = "/tuned-row/";

    private const string FindUser = "select id, username, email, name, created_at from users where id = @id";

    /// <summary>Serves until it is told to stop.</summary>
    public static async Task RunAsync()
    {
        var address = IPEndPoint.Parse(Environment.GetEnvironmentVariable("CODER_HTTP_ADDRESS")!);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address);
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, BareJsonContext.Default);
        });
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        var connection = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("CODER_PG_CONNECTION_URL"))
        {
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
        };
        await using var plain = NpgsqlDataSource.Create(connection.ConnectionString);
        await using var tuned = NpgsqlDataSource.Create(DatabasePool.Tune(connection.ConnectionString));
        await using var app = builder.Build();
        app.MapGet("/healthz", () => "OK");
        app.MapGet(JsonPath, () => new BuildInfoJson("", "v0.1.0", "http://localhost:3000", false, false, "1.0", "1.9", "", Guid.Empty));
        app.MapGet(RowPath + "{id:guid}", (Guid id, CancellationToken ct) => ReadAsync(plain, id, ct));
        app.MapGet(TunedRowPath + "{id:guid}", (Guid id, CancellationToken ct) => ReadAsync(tuned, id, ct));
        await app.RunAsync();
    }

    private static async Task<RowJson> ReadAsync(NpgsqlDataSource source, Guid id, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<RowJson>(new CommandDefinition(FindUser, new { id }, cancellationToken: ct));
    }
}

/// <summary>One row as Dapper reads it.</summary>
internal sealed record RowJson
{
    public Guid Id { get; init; }

    public string Username { get; init; } = "";

    public string Email { get; init; } = "";

    public string Name { get; init; } = "";

    public DateTime CreatedAt { get; init; }
}

[JsonSerializable(typeof(BuildInfoJson))]
[JsonSerializable(typeof(RowJson))]
internal sealed partial class BareJsonContext : JsonSerializerContext;
