using Coder.Domain.Authorization;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.Workspaces;

/// <summary>A workspace that was put into the database, as the memory of a test has it.</summary>
internal sealed record ListedWorkspace(WorkspaceRow Row, NewWorkspace Spec, string Owner, ReadyTemplate Template, string TemplateName, NewAgent? Agent)
{
    private const string Running = "start Succeeded";

    public string State => $"{Spec.Transition} {Spec.Job}";

    public bool IsRunning => State == Running;

    public bool Matches(WorkspaceFilter filter, Guid me, DateTimeOffset now)
    {
        var name = Spec.Name!.ToLowerInvariant();
        return (filter.Ids?.Contains(Row.Id) ?? true)
            && (filter.Owner is null || (filter.Owner == "me" ? Row.OwnerId == me : Owner == filter.Owner))
            && (filter.Template is null || TemplateName == filter.Template || Template.Id.ToString() == filter.Template)
            && filter.Names.All(part => name.Contains(part, StringComparison.Ordinal))
            && (filter.Status is { } status ? StatusOf() == status && (status == WorkspaceStatus.Deleted || !Spec.Deleted) : !Spec.Deleted)
            && (filter.HasAgent is null || (Agent is not null && StatusOf(Agent).StatusAt(now) == filter.HasAgent))
            && Is(filter.IsDormant, Spec.DormantAt is not null)
            && Is(filter.IsOutdated, Spec.VersionId is not null)
            && Is(filter.HasAiTask, Spec.HasAiTask ?? false)
            && Is(filter.HasExternalAgent, Spec.HasExternalAgent ?? false)
            && Is(filter.IsPrebuild, Row.OwnerId == SystemActors.PrebuildsUserId)
            && (filter.LastUsedAfter is not { } after || Spec.LastUsedAt >= after)
            && (filter.LastUsedBefore is not { } before || Spec.LastUsedAt <= before)
            && filter.HasParameters.All(Parameters.Keys.Contains)
            && filter.ParameterValues.All(Parameters.Select(p => $"{p.Key}={p.Value}").Contains);
    }

    public bool IsReadable(Actor actor) => Authorizer.Can(
        actor,
        PermissionAction.Read,
        ObjectRef.Workspace(
            Row.Id,
            Row.OwnerId,
            Template.OrganizationId,
            Spec.DormantAt is not null,
            AccessControlList.FromJson(Spec.UserAcl),
            AccessControlList.FromJson(Spec.GroupAcl)));

    private Dictionary<string, string> Parameters =>
        Spec.Parameters.ToDictionary(p => p.Key.ToLowerInvariant(), p => p.Value.ToLowerInvariant(), StringComparer.Ordinal);

    private WorkspaceStatus StatusOf()
    {
        var isKnown = Domain.Provisioning.JobStatuses.TryParse(Spec.Job.ToString().ToLowerInvariant(), out var job)
            & WorkspaceTransitions.TryParse(Spec.Transition, out var transition);
        return isKnown ? WorkspaceStatuses.Of(job, transition) : throw new InvalidOperationException(Spec.Transition);
    }

    private static AgentContact StatusOf(NewAgent agent) => new(
        agent.CreatedAt!.Value, 120, agent.FirstConnectedAt, agent.LastConnectedAt, agent.DisconnectedAt, agent.Simulated);

    private static bool Is(bool? wanted, bool value) => wanted is null || wanted == value;
}

/// <summary>A database with workspaces of every kind, and the same in memory.</summary>
public sealed class ListedWorkspaces : IAsyncLifetime
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private const int HowMany = 72;
    private static readonly string[] Transitions = ["start", "stop", "delete"];
    private static readonly string[] Names = ["dev", "Web", "data_1", "100%", "x"];

    private readonly List<ListedWorkspace> _all = [];
    private TestDatabase? _database;
    private NpgsqlDataSource? _source;

    public TestDatabase Database => _database!;

    public DbSession NewSession() => new(_source!, TestClock.System);

    public IReadOnlyList<TestAccount> Users { get; private set; } = [];

    public Guid Organization { get; private set; }

    public Guid Other { get; private set; }

    internal IReadOnlyList<ListedWorkspace> All => _all;

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        _database = await TestDatabase.CreateAsync(ct);
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
        Organization = await _database.ScalarAsync<Guid>("select id from organizations where is_default", ct);
        Other = TestIds.New();
        await _database.ExecuteAsync(
            "insert into organizations (id, name, display_name, created_at, updated_at) values ($1, 'other', 'Other', now(), now())", ct, Other);
        Users =
        [
            await _database.AddUserAsync(new NewTestUser { Username = "alice" }, Now, ct),
            await _database.AddUserAsync(new NewTestUser { Username = "Bob" }, Now, ct),
        ];
        await FillAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    // Every column goes round with a period of its own, so that all sorts of combinations come up.
    private async Task FillAsync(CancellationToken ct)
    {
        (ReadyTemplate Template, string Name, Guid NewVersion)[] templates =
        [
            await TemplateAsync(Organization, "docker", ct), await TemplateAsync(Organization, "Kubernetes", ct), await TemplateAsync(Other, "docker", ct),
        ];
        for (var i = 0; i < HowMany; i++)
        {
            var (template, templateName, newVersion) = templates[i % templates.Length];
            var (owner, ownerName) = (i % 5) switch
            {
                0 or 1 => (Users[0].Id, "alice"),
                2 or 3 => (Users[1].Id, "bob"),
                _ => (SystemActors.PrebuildsUserId, "prebuilds"),
            };
            var job = (RowJob)(i / 3 % 6);
            var transition = Transitions[i % 7 % 3];
            var spec = new NewWorkspace
            {
                Name = FormattableString.Invariant($"{Names[i % Names.Length]}-{i}"),
                Transition = transition,
                Job = job,
                Deleted = transition == "delete" && job == RowJob.Succeeded,
                LastUsedAt = Now.AddHours(-i),
                DormantAt = i % 11 == 3 ? Now.AddDays(-1) : null,
                Favorite = i % 4 == 1,
                VersionId = i % 3 == 1 ? newVersion : null,
                HasAiTask = (i % 8) switch { 0 => true, 1 => false, _ => null },
                HasExternalAgent = (i % 9) switch { 0 => true, 1 => false, _ => null },
                Parameters = ParametersOf(i),
                UserAcl = i % 6 == 5 ? $$"""{"{{Users[0].Id}}": {"permissions": ["read"]} }""" : "{}",
                GroupAcl = i % 13 == 6 ? $$"""{"{{template.OrganizationId}}": {"permissions": ["read"]} }""" : "{}",
            };
            var row = await Database.AddWorkspaceAsync(template, owner, spec, ct);
            var agent = AgentOf(i);
            if (agent is not null)
            {
                await Database.AddAgentAsync(row, agent, ct);
            }

            _all.Add(new ListedWorkspace(row, spec, ownerName, template, templateName.ToLowerInvariant(), agent));
        }
    }

    private async Task<(ReadyTemplate Template, string Name, Guid NewVersion)> TemplateAsync(Guid organization, string name, CancellationToken ct)
    {
        var template = await Database.AddReadyTemplateAsync(organization, Users[0].Id, ct, name);
        return (template, name, await Database.AddVersionAsync(template, TestIds.New(), Users[0].Id, ct));
    }

    private static Dictionary<string, string> ParametersOf(int i) => (i % 4) switch
    {
        0 => new Dictionary<string, string>(StringComparer.Ordinal) { ["Region"] = "EU", ["size"] = "big" },
        1 => new Dictionary<string, string>(StringComparer.Ordinal) { ["Region"] = "us" },
        _ => [],
    };

    private static NewAgent? AgentOf(int i)
    {
        var agent = new NewAgent { CreatedAt = Now.AddMinutes(-10) };
        return (i % 9) switch
        {
            0 => agent with { CreatedAt = Now.AddSeconds(-120) },
            1 => agent,
            2 => agent with { FirstConnectedAt = Now.AddMinutes(-5), LastConnectedAt = Now.AddSeconds(-30) },
            3 => agent with { FirstConnectedAt = Now.AddMinutes(-5), LastConnectedAt = Now.AddSeconds(-31) },
            4 => agent with { FirstConnectedAt = Now.AddMinutes(-5), LastConnectedAt = Now.AddSeconds(-9), DisconnectedAt = Now.AddSeconds(-8) },
            5 => agent with { FirstConnectedAt = Now.AddMinutes(-5), LastConnectedAt = Now.AddSeconds(-7), DisconnectedAt = Now.AddSeconds(-8) },
            6 => agent with { FirstConnectedAt = Now.AddMinutes(-5), Simulated = true },
            _ => null,
        };
    }
}
