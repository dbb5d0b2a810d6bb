using System.Net;
using System.Net.Http.Json;
using Coder.Application.Users;
using Coder.Domain.Common;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Hosting;

public sealed class ShutdownTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_under_way_is_answered_before_the_server_ends()
    {
        var passwords = new SlowPasswords();
        var server = await TestServer.StartAsync(null, Ct, services => services.AddSingleton<IPasswordHasher>(passwords));
        var request = server.Anonymous.PostAsJsonAsync("/api/v2/users/login", new { email = "a@example.com", password = "whatever it is" }, Ct);
        await passwords.Entered.Task.WaitAsync(Ct);

        var stop = server.StopAsync();
        stop.IsCompleted.Should().BeFalse();
        passwords.Released.SetResult();

        (await request).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        await stop;
        await server.DisposeAsync();
    }

    private sealed class SlowPasswords : IPasswordHasher
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Result<string>> HashAsync(string password, CancellationToken ct) => throw new NotSupportedException();

        public async Task<Result<PasswordVerdict>> VerifyAsync(string password, string? hash, CancellationToken ct)
        {
            Entered.SetResult();
            await Released.Task;
            return PasswordVerdict.Wrong;
        }
    }
}
