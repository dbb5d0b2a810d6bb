using Coder.Application.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coder.Infrastructure.Database;

/// <summary>Registers the way to the database. Nobody outside of this folder has to know the driver.</summary>
internal static class DatabaseSetup
{
    public static IServiceCollection AddDatabase(this IServiceCollection services, string connectionString)
    {
        services.AddNpgsqlDataSource(DatabasePool.Tune(connectionString), connectionLifetime: ServiceLifetime.Scoped);
        return services
            .AddScoped<DbSession>()
            .AddScoped<IUnitOfWork>(s => s.GetRequiredService<DbSession>())
            .AddScoped<IAfterCommit>(s => s.GetRequiredService<DbSession>())
            .AddScoped<INotifier>(s => s.GetRequiredService<DbSession>())
            .AddSingleton<IFailureClassifier, PostgresErrors>()
            .AddSingleton(s => new NotificationHub(
                connectionString, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<NotificationHub>>()))
            .AddSingleton<INotificationSource>(s => s.GetRequiredService<NotificationHub>())
            .AddSingleton(s => new Migrator(connectionString, s.GetRequiredService<ILogger<Migrator>>()));
    }
}
