using System.Net;
using Coder.Api.Authentication;
using Coder.Api.Configuration;
using Coder.Api.ConnectionLogs;
using Coder.Api.Csrf;
using Coder.Api.Deployment;
using Coder.Api.Experiments;
using Coder.Api.Http;
using Coder.Api.Licensing;
using Coder.Api.Provisioning;
using Coder.Api.RateLimiting;
using Coder.Api.Swagger;
using Coder.Api.Users;
using Coder.Api.Workspaces;
using Coder.Application;
using Coder.Application.Appearance;
using Coder.Application.AuditLogs;
using Coder.Application.ConnectionLogs;
using Coder.Application.Deployment;
using Coder.Application.Licensing;
using Coder.Application.Provisioning;
using Coder.Application.Workspaces;
using Coder.Domain.Licensing;
using Coder.Infrastructure;
using Coder.Infrastructure.Common;
using Coder.Infrastructure.Database;
using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Coder.Api.Hosting;

/// <summary>Puts the server together and brings it up in the order in which its parts need each other.</summary>
public static class CoderServer
{
    private const int MaximumBody = 1024 * 1024;
    private const int MaximumRequestLine = 128 * 1024;

    /// <summary>Makes a server that is not started yet.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="connectionString">The database, external or embedded.</param>
    /// <param name="time">The clock of everything.</param>
    /// <param name="adjust">Lets an embedding host or a test replace services.</param>
    public static WebApplication Build(
        CoderSettings settings, string connectionString, TimeProvider time, Action<IServiceCollection>? adjust = null)
    {
        ArgumentNullException.ThrowIfNull(settings);

        // The empty builder reads no configuration of its own: settings come from one place.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(CoderServer).Assembly.GetName().Name,
            EnvironmentName = settings.HostEnvironment,
        });
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaximumBody;

            // A search that is too long is to be told so by us.
            kestrel.Limits.MaxRequestLineSize = MaximumRequestLine;
            kestrel.Listen(settings.HttpAddress);
            if (settings.PrometheusAddress is { } prometheus)
            {
                kestrel.Listen(prometheus);
            }
        });
        AddLogging(builder.Logging, settings);
        AddServices(builder.Services, settings, connectionString, time);
        adjust?.Invoke(builder.Services);
        var app = builder.Build();
        Compose(app, settings);
        return app;
    }

    /// <summary>Migrates the database, loads what is kept in memory, and only then listens.</summary>
    /// <param name="app">What <see cref="Build"/> made.</param>
    /// <param name="isAlone">Whether the database is this server's own, so that servers in it that did not say goodbye are dead.</param>
    /// <param name="ct">Stops the start.</param>
    /// <exception cref="InvalidOperationException">Something that nobody can do without failed; the message says what.</exception>
    public static async Task StartAsync(WebApplication app, bool isAlone, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.Services;
        var settings = services.GetRequiredService<CoderSettings>();
        WarnOfExperiments(settings, services.GetRequiredService<ILogger<CoderSettings>>());
        await services.GetRequiredService<Migrator>().RunAsync(ct);
        await using (var scope = services.CreateAsyncScope())
        {
            await services.GetRequiredService<Infrastructure.Common.Deployment>().LoadAsync(scope.ServiceProvider.GetRequiredService<DbSession>(), ct);

            if (isAlone)
            {
                await scope.ServiceProvider.GetRequiredService<IReplicaRegistry>().EndOthersAsync(ct);
            }

            // Before anything is loaded, or a change in between would be missed.
            await services.GetRequiredService<NotificationHub>().ConnectAsync(ct);
            if (settings.LicenseFile is { } file)
            {
                await ImportLicensesAsync(file, scope.ServiceProvider, services.GetRequiredService<ILogger<CoderSettings>>(), ct);
            }
        }

        if ((await services.GetRequiredService<IEntitlementRefresher>().RefreshAsync(ct)).Error is { } error)
        {
            throw new InvalidOperationException($"{error.Message}: {error.Detail}");
        }

        if ((await services.GetRequiredService<IAppearanceSource>().ReloadAsync(ct)).Error is { } unread)
        {
            throw new InvalidOperationException($"{unread.Message}: {unread.Detail}");
        }

        services.GetRequiredService<LicenseMetrics>();
        if (settings.AccessUrl is { } configured)
        {
            services.GetRequiredService<AccessUrl>().Set(configured);
        }

        await app.StartAsync(ct);
        if (settings.AccessUrl is null)
        {
            services.GetRequiredService<AccessUrl>().Set(ListenUrl(app, settings));
        }
    }

    /// <summary>The URL at which a started server can be reached from this machine.</summary>
    public static Uri ListenUrl(WebApplication app, CoderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(settings);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var url = new Uri(addresses.First());
        return IPAddress.TryParse(url.Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(url) { Host = "localhost" }.Uri
            : url;
    }

    internal static void AddLogging(ILoggingBuilder logging, CoderSettings settings)
    {
        logging.SetMinimumLevel(settings.Verbose ? LogLevel.Debug : LogLevel.Information);

        // Eight lines a request otherwise, SQL among them.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning).AddFilter("Microsoft.Hosting", LogLevel.Warning);

        // Its base class tells of every refused credential.
        logging.AddFilter(typeof(SessionTokenHandler).FullName, LogLevel.Warning);
        logging.AddFilter(typeof(ProxyTokenHandler).FullName, LogLevel.Warning);
        logging.AddFilter(typeof(ProvisionerDaemonHandler).FullName, LogLevel.Warning);
        logging.AddFilter(typeof(AgentTokenHandler).FullName, LogLevel.Warning);

        // The exception handler of ours logs what is a bug, and only that.
        logging.AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
        if (settings.LoggingJson)
        {
            logging.AddJsonConsole(o => o.UseUtcTimestamp = true);
        }
        else
        {
            logging.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.TimestampFormat = "HH:mm:ss ";
            });
        }
    }

    private static void AddServices(IServiceCollection services, CoderSettings settings, string connectionString, TimeProvider time)
    {
        services.TryAddSingleton(time);
        services.AddSingleton(settings);
        services.AddSingleton<AccessUrl>();
        services.AddSingleton<BuildInfo>();
        services.AddHttpContextAccessor();
        services.AddSingleton<IRequestOrigin, HttpRequestOrigin>();
        services.AddSingleton(new SessionCookie(settings.SecureAuthCookie, settings.SameSiteAuthCookie));
        services.AddSingleton<EntitlementsBody>();
        services.AddSingleton<LicenseMetrics>();
        services.AddDeployment();
        services.AddSingleton(settings.TokenLifetimes);
        services.AddSingleton(new QuietHoursOptions(settings.QuietHours));
        services.AddSingleton(new BuiltInDaemonOptions(settings.ProvisionerDaemons, Environment.MachineName));
        services.AddCoderApplication();
        services.AddCoderInfrastructure(new InfrastructureOptions(
            connectionString,
            settings.LicenseKeys,
            new LicensingOptions(Switches(settings), settings.TelemetryEnable),
            new Application.Users.SessionOptions(
                settings.SessionDuration, settings.DisableSessionExpiryRefresh, settings.DisablePasswordAuth)
            {
                DisableLoginThrottle = settings.DisableRateLimits,
            },
            new Domain.Authorization.AuthorizationOptions(settings.DisableOwnerWorkspaceAccess)
            {
                RestrictUserSearch = settings.RestrictUserSearch,
            },
            new ServerVersion(ProductVersion.Text))
        {
            AuditLogs = new AuditLogOptions(settings.AuditLogsRetention),
            ConnectionLogs = new ConnectionLogOptions(settings.ConnectionLogsRetention),
            Workspaces = new WorkspaceOptions(settings.AllowWorkspaceRenames),
            Outbox = new Infrastructure.Users.OutboxOptions(settings.EmailOutbox),
        });

        // The core only: the rest would make data protection keys that nothing here uses.
        services.AddAuthenticationCore();
        services.AddSingleton<IAuthenticationSchemeProvider, ExplicitSchemes>();
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, SessionTokenHandler>(SessionTokenHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, ProxyTokenHandler>(ProxyTokenHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, ProvisionerDaemonHandler>(ProvisionerDaemonHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, AgentTokenHandler>(AgentTokenHandler.SchemeName, null);
        services.AddAuthorization();
        services.AddSingleton(settings.Experiments);
        services.AddSingleton<ContentSecurityPolicy>();
        services.AddSingleton<CspReports>();
        services.AddSingleton<CsrfTokens>();
        services.AddSingleton<RequestWindows>();
        services.AddSingleton<RefusedCredentials>();
        services.AddCors();
        services.AddCoderControllers();
        services.AddCoderSwagger();
        services.AddCoderTelemetry(settings);
        services.AddExceptionHandler<UnhandledExceptions>();
        services.AddHostedService<NotificationService>();
        services.AddHostedService<EntitlementRefreshService>();
        services.AddHostedService<SessionActivityService>();
        services.AddHostedService<PasscodeService>();
        services.AddHostedService<ReplicaService>();
        services.AddHostedService<BuiltInDaemonService>();
        services.AddHostedService<ConnectionIngestionService>().AddHostedService<LogPurgeService>();
        services.AddProvisioning(settings);
        services.AddAgents();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = settings.ShutdownTimeout);
    }

    private static void Compose(WebApplication app, CoderSettings settings)
    {
        app.UseClientAddress(settings);
        app.UseResponseHeaders();
        app.UseExceptionHandler(_ => { });
        app.UsePrometheus(settings);
        app.UseSingleSlashes();
        app.UsePathApps(settings);
        app.UseCoderSwagger();
        app.UseWebSockets();
        app.UseRouting();
        app.UseCrossOrigin(settings);
        app.UseCsrfGuard();
        app.UseRateLimits(settings);
        app.UseRouteNotFound();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseExperimentGate();
        app.MapHealth();
        app.MapControllers().RequireSession();
    }

    private static void WarnOfExperiments(CoderSettings settings, ILogger logger)
    {
        foreach (var warning in settings.ExperimentWarnings)
        {
            HostingLog.Setting(logger, warning);
        }

        if (string.Equals(settings.HostEnvironment, Environments.Development, StringComparison.OrdinalIgnoreCase))
        {
            HostingLog.Setting(logger, "The host environment is Development: what needs an experiment may work without it.");
        }
    }

    private static FeatureSwitches Switches(CoderSettings settings) => FeatureSwitches.Default
        .With(FeatureName.BrowserOnly, settings.BrowserOnly)
        .With(FeatureName.Scim, settings.HasScim)
        .With(FeatureName.ExternalTokenEncryption, settings.HasTokenEncryption);

    private static async Task ImportLicensesAsync(string file, IServiceProvider services, ILogger logger, CancellationToken ct)
    {
        try
        {
            await services.GetRequiredService<ISender>().Send(new ImportLicenses(await File.ReadAllLinesAsync(file, ct)), ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HostingLog.LicenseFile(logger, e.Message);
        }
    }
}
