using System.Globalization;
using System.Text.Json;
using Coder.Cli.Common;
using Coder.Cli.Jobs;
using Coder.Cli.Templates;

namespace Coder.Cli.Workspaces;

/// <summary>A workspace as the tool reads it, and as the server sent it.</summary>
internal sealed record FoundWorkspace(WorkspaceJson Workspace, JsonElement Raw);

/// <summary>The calls about workspaces and their builds.</summary>
internal sealed class WorkspacesApi(CoderClient client)
{
    private const int PageSize = 100;
    private const int NotFound = 404;

    // The answer to an owner whom the user may not see.
    private const int UnknownOwner = 400;
    private static readonly WorkspacesJsonContext Json = WorkspacesJsonContext.Default;

    /// <summary>Finds a workspace by what the user typed.</summary>
    internal async Task<CliResult<FoundWorkspace>> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (!WorkspaceName.Parse(text).Is(out var name, out var error))
        {
            return error;
        }

        var path = $"/users/{Uri.EscapeDataString(name.Owner)}/workspace/{Uri.EscapeDataString(name.Name)}";
        if (!(await client.GetAsync(path, CoderJsonContext.Default.JsonElement, cancellationToken)).Is(out var raw, out error))
        {
            return error.Status is NotFound or UnknownOwner
                ? new CliError($"There is no workspace \"{name}\" that you may see", Hint: "Run 'coder list' to see yours.") { Status = NotFound }
                : error;
        }

        return Read(raw) is { } workspace
            ? new FoundWorkspace(workspace, raw)
            : new CliError($"What answers at {client.Url} is not a Coder server", Hint: "Check the address.");
    }

    /// <summary>Lists the workspaces of a search, page by page.</summary>
    internal async Task<CliResult<FoundWorkspace[]>> ListAsync(string search, CancellationToken cancellationToken)
    {
        var all = new List<FoundWorkspace>();
        while (true)
        {
            var path = string.Create(
                CultureInfo.InvariantCulture, $"/workspaces?q={Uri.EscapeDataString(search)}&limit={PageSize}&offset={all.Count}");
            if (!(await client.GetAsync(path, CoderJsonContext.Default.JsonElement, cancellationToken)).Is(out var page, out var error))
            {
                return error;
            }

            var before = all.Count;
            if (page.ValueKind == JsonValueKind.Object
                && page.TryGetProperty("workspaces", out var list)
                && list.ValueKind == JsonValueKind.Array)
            {
                all.AddRange(list.EnumerateArray().Select(raw => (Raw: raw, Workspace: Read(raw)))
                    .Where(read => read.Workspace is not null)
                    .Select(read => new FoundWorkspace(read.Workspace!, read.Raw)));
            }

            if (all.Count - before < PageSize)
            {
                return all.ToArray();
            }
        }
    }

    internal Task<CliResult<WorkspaceJson>> CreateAsync(string owner, NewWorkspaceJson workspace, CancellationToken cancellationToken) =>
        client.PostAsync(
            $"/users/{Uri.EscapeDataString(owner)}/workspaces", workspace, Json.NewWorkspaceJson, Json.WorkspaceJson, cancellationToken);

    internal Task<CliResult<BuildJson>> BuildAsync(Guid workspace, NewBuildJson build, CancellationToken cancellationToken) =>
        client.PostAsync($"/workspaces/{workspace}/builds", build, Json.NewBuildJson, Json.BuildJson, cancellationToken);

    /// <summary>The values of the parameters of a build.</summary>
    internal Task<CliResult<NamedValueJson[]>> GetValuesAsync(Guid build, CancellationToken cancellationToken) =>
        client.GetAsync($"/workspacebuilds/{build}/parameters", Json.NamedValueJsonArray, cancellationToken);

    /// <summary>Cancels a build.</summary>
    /// <param name="build">The build.</param>
    /// <param name="expected">The status without which nothing is to be done (docs/spec/workspaces.md, section 7.3).</param>
    /// <param name="cancellationToken">Ends the request.</param>
    internal Task<CliError?> CancelAsync(Guid build, string? expected, CancellationToken cancellationToken) => client.SendAsync(
        HttpMethod.Patch,
        $"/workspacebuilds/{build}/cancel{(expected is null ? "" : $"?expect_status={Uri.EscapeDataString(expected)}")}",
        cancellationToken);

    /// <summary>A build, to be waited for.</summary>
    internal WatchedJob Watch(WorkspaceJson workspace, BuildJson build) => new()
    {
        ReadAsync = async ct =>
            (await client.GetAsync($"/workspacebuilds/{build.Id}", Json.BuildJson, ct)).Is(out var read, out var error)
                ? new JobState(read.Job, read.MatchedProvisioners)
                : error,
        ReadLogAsync = (after, ct) => client.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"/workspacebuilds/{build.Id}/logs?after={after}"),
            Json.JobLogLineJsonArray,
            ct),
        GoesOn = $"You no longer wait, but the build goes on. To cancel it: coder cancel {workspace.FullName}",
    };

    private static WorkspaceJson? Read(JsonElement raw)
    {
        try
        {
            return raw.Deserialize(Json.WorkspaceJson);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
