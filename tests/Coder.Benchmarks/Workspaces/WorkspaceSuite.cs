using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Benchmarks.Processes;
using Coder.Benchmarks.Report;
using Coder.Testing;

namespace Coder.Benchmarks.Workspaces;

/// <summary>How many workspaces there are and how often they are read.</summary>
/// <param name="Rows">Workspaces.</param>
/// <param name="Rounds">How often each case is measured.</param>
internal sealed record WorkspacePlan(int Rows, int Rounds);

/// <summary>Pages of the list of workspaces with all that belongs to them, and how long a person waits for a new workspace.</summary>
internal static class WorkspaceSuite
{
    private const int RequestsInARound = 20;
    private const int WarmUps = 100;
    private const int CreatedInARound = 5;
    private const double MostForPage = 50;
    private const double MostToRunning = 300;
    private const string Password = "SomeSecurePassword!";
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<ResultRow>> RunAsync(WorkspacePlan plan, CancellationToken ct)
    {
        using var folder = new BenchFolder("workspaces");
        await using var postgres = await LocalProduct.StartPostgresAsync(folder, ct);
        await using var product = await ChildServer.StartUnlimitedProductAsync(postgres.ConnectionString, ct);
        var (token, _) = await LocalClient.CreateOwnerAsync(product.Port, ct);
        using var owner = LocalClient.Create(product.Port, token);
        var (member, memberId) = await CreateMemberAsync(product.Port, owner, ct);
        using (member)
        {
            await Fleet.PrepareAsync(postgres.ConnectionString, ct);
            await Fleet.AddAsync(postgres.ConnectionString, plan.Rows, memberId, ct);
            ListCase[] cases =
            [
                new("first page", owner, "", plan.Rows),
                new("page in the middle", owner, $"&offset={plan.Rows / 2}", plan.Rows),
                new("first page of a member", member, "", plan.Rows / 50),
                new("status:running", owner, "&q=status:running", null),
                new("has-agent:connected", owner, "&q=has-agent:connected", null),
                new("owner:person7", owner, "&q=owner:person7", null),
                new("a word of the name", owner, "&q=space-77", null),
                new("param:region=region-1", owner, "&q=param:region=region-1", null),
            ];
            return [.. await ListAsync(cases, plan, ct), await CreateAsync(owner, plan, ct)];
        }
    }

    private static async Task<IReadOnlyList<ResultRow>> ListAsync(ListCase[] cases, WorkspacePlan plan, CancellationToken ct)
    {
        foreach (var one in cases)
        {
            await CheckAsync(one, ct);
            for (var i = 0; i < WarmUps; i++)
            {
                await TimeAsync(one, ct);
            }
        }

        var took = cases.ToDictionary(one => one, _ => new List<double>());
        for (var round = 0; round < plan.Rounds; round++)
        {
            // Every other round backwards: what drifts evenly cancels out.
            foreach (var one in round % 2 == 0 ? cases : cases.Reverse())
            {
                for (var i = 0; i < RequestsInARound; i++)
                {
                    took[one].Add(await TimeAsync(one, ct));
                }
            }

            Progress.Say($"workspaces: round {round + 1} of {plan.Rounds}");
        }

        return [.. cases.Select(one => Row($"25 of {plan.Rows} workspaces, {one.Name}", took[one], MostForPage))];
    }

    private static ResultRow Row(string name, List<double> took, double most)
    {
        var (median, p95) = (Quantile.Median(took), Quantile.P95(took));
        return new ResultRow(
            name, Units.Milliseconds(median), "-", $"p95 {Units.Milliseconds(p95)}", $"p95 <= {Units.Milliseconds(most)}", p95 <= most);
    }

    // A page that is empty would be quick.
    private static async Task CheckAsync(ListCase one, CancellationToken ct)
    {
        var page = (await one.Client.GetFromJsonAsync<JsonObject>(one.Path, ct))!;
        var (found, count) = (page["workspaces"]!.AsArray().Count, page["count"]!.GetValue<int>());
        if (found != Math.Min(25, count) || found < 5 || count != (one.Count ?? count))
        {
            throw new InvalidOperationException($"{one.Name}: {found} of {count}");
        }
    }

    private static async Task<double> TimeAsync(ListCase one, CancellationToken ct)
    {
        var start = TestClock.System.GetTimestamp();
        await one.Client.GetByteArrayAsync(one.Path, ct);
        return TestClock.System.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<(HttpClient Client, Guid Id)> CreateMemberAsync(int port, HttpClient owner, CancellationToken ct)
    {
        var organizations = (await owner.GetFromJsonAsync<JsonArray>("/api/v2/organizations", ct))!;
        var member = new { email = "member@example.com", username = "member", password = Password, organization_ids = new[] { Id(organizations[0]!) } };
        var created = await LocalClient.PostAsync(owner, "/api/v2/users", member, ct);
        var session = await LocalClient.PostAsync(owner, "/api/v2/users/login", new { member.email, member.password }, ct);
        return (LocalClient.Create(port, session["session_token"]!.GetValue<string>()), Id(created));
    }

    /// <summary>From the request to the moment at which a client sees that the workspace runs; the built-in daemons do the work.</summary>
    private static async Task<ResultRow> CreateAsync(HttpClient owner, WorkspacePlan plan, CancellationToken ct)
    {
        var template = await ImportAsync(owner, ct);
        var took = new List<double>();
        for (var round = 0; round <= plan.Rounds; round++)
        {
            for (var i = 0; i < CreatedInARound; i++)
            {
                var start = TestClock.System.GetTimestamp();
                var created = await LocalClient.PostAsync(
                    owner, "/api/v2/users/me/workspaces", new { template_id = template, name = $"new-{round}-{i}" }, ct);
                await UntilAsync(owner, $"/api/v2/workspaces/{Id(created)}", w => w["latest_build"]!["status"]!, "running", ct);

                // The first round is not counted: code is compiled.
                if (round > 0)
                {
                    took.Add(TestClock.System.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }

        return Row("new workspace until it runs, template without delay", took, MostToRunning);
    }

    private static async Task<Guid> ImportAsync(HttpClient owner, CancellationToken ct)
    {
        using var archive = new ByteArrayContent(Fleet.Archive());
        archive.Headers.ContentType = new("application/x-tar");
        using var uploaded = await owner.PostAsync(new Uri("/api/v2/files", UriKind.Relative), archive, ct);
        uploaded.EnsureSuccessStatusCode();
        var file = (await uploaded.Content.ReadFromJsonAsync<JsonObject>(ct))!["hash"]!.GetValue<Guid>();
        var version = Id(await LocalClient.PostAsync(
            owner, "/api/v2/organizations/default/templateversions", new { file_id = file, storage_method = "file", provisioner = "echo" }, ct));
        await UntilAsync(owner, $"/api/v2/templateversions/{version}", v => v["job"]!["status"]!, "succeeded", ct);
        return Id(await LocalClient.PostAsync(
            owner, "/api/v2/organizations/default/templates", new { name = "quick", template_version_id = version }, ct));
    }

    private static async Task UntilAsync(HttpClient client, string path, Func<JsonObject, JsonNode> status, string wanted, CancellationToken ct)
    {
        var start = TestClock.System.GetTimestamp();
        while (TestClock.System.GetElapsedTime(start) < Patience)
        {
            var found = status((await client.GetFromJsonAsync<JsonObject>(path, ct))!).GetValue<string>();
            if (found == wanted)
            {
                return;
            }

            if (found is "failed" or "canceled")
            {
                throw new InvalidOperationException($"{path}: {found}");
            }

            await Task.Delay(Glance, TestClock.System, ct);
        }

        throw new InvalidOperationException($"{path}: not {wanted} in time");
    }

    private static Guid Id(JsonNode json) => json["id"]!.GetValue<Guid>();

    private sealed record ListCase(string Name, HttpClient Client, string Search, int? Count)
    {
        public string Path => $"/api/v2/workspaces?limit=25{Search}";
    }
}
