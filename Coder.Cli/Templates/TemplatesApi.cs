using System.Globalization;
using System.Text.Json;
using Coder.Cli.Common;
using Coder.Cli.Jobs;

namespace Coder.Cli.Templates;

/// <summary>The calls about templates, their versions and files.</summary>
internal sealed class TemplatesApi(CoderClient client)
{
    private const int NotFound = 404;
    private static readonly TemplatesJsonContext Json = TemplatesJsonContext.Default;

    /// <summary>Lists templates as the server shows them.</summary>
    /// <param name="organization">Where they are; <see langword="null"/> for all organizations.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    internal Task<CliResult<JsonElement[]>> ListAsync(Guid? organization, CancellationToken cancellationToken) => client.GetAsync(
        PathOf(organization), CoderJsonContext.Default.JsonElementArray, cancellationToken);

    /// <summary>The same, as the tool reads them.</summary>
    internal Task<CliResult<TemplateJson[]>> ListTypedAsync(Guid? organization, CancellationToken cancellationToken) =>
        client.GetAsync(PathOf(organization), Json.TemplateJsonArray, cancellationToken);

    /// <summary>Finds the template that an organization has under a name.</summary>
    /// <returns>The template, or <see langword="null"/> where there is none that the user may see.</returns>
    internal async Task<CliResult<TemplateJson?>> FindAsync(OrganizationJson organization, string name, CancellationToken cancellationToken)
    {
        var found = await client.GetAsync(
            $"/organizations/{organization.Id}/templates/{Uri.EscapeDataString(name)}", Json.TemplateJson, cancellationToken);
        return found.Is(out var template, out var error) ? template : error.Status == NotFound ? (TemplateJson?)null : error;
    }

    /// <summary>Lists the templates of a name in all organizations.</summary>
    internal Task<CliResult<TemplateJson[]>> ListNamedAsync(string name, CancellationToken cancellationToken) => client.GetAsync(
        $"/templates?q={Uri.EscapeDataString($"exact_name:\"{name}\"")}", Json.TemplateJsonArray, cancellationToken);

    internal Task<CliResult<UploadedFileJson>> UploadAsync(Stream tar, CancellationToken cancellationToken) =>
        client.UploadAsync("/files", tar, "application/x-tar", Json.UploadedFileJson, cancellationToken);

    internal Task<CliResult<TemplateVersionJson>> CreateVersionAsync(
        Guid organization, NewVersionJson version, CancellationToken cancellationToken) => client.PostAsync(
        $"/organizations/{organization}/templateversions", version, Json.NewVersionJson, Json.TemplateVersionJson, cancellationToken);

    internal Task<CliResult<TemplateJson>> CreateAsync(Guid organization, NewTemplateJson template, CancellationToken cancellationToken) =>
        client.PostAsync($"/organizations/{organization}/templates", template, Json.NewTemplateJson, Json.TemplateJson, cancellationToken);

    internal Task<CliError?> PromoteAsync(Guid template, Guid version, CancellationToken cancellationToken) =>
        client.PatchAsync($"/templates/{template}/versions", new ActiveVersionJson(version), Json.ActiveVersionJson, cancellationToken);

    internal Task<CliError?> RenameVersionAsync(Guid version, string name, CancellationToken cancellationToken) =>
        client.PatchAsync($"/templateversions/{version}", new RenamedVersionJson(name), Json.RenamedVersionJson, cancellationToken);

    internal Task<CliError?> DeleteAsync(Guid template, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Delete, $"/templates/{template}", cancellationToken);

    internal Task<CliResult<TemplateVersionJson>> GetVersionAsync(Guid version, CancellationToken cancellationToken) =>
        client.GetAsync($"/templateversions/{version}", Json.TemplateVersionJson, cancellationToken);

    internal Task<CliResult<TemplateVersionJson>> GetVersionAsync(Guid template, string name, CancellationToken cancellationToken) =>
        client.GetAsync($"/templates/{template}/versions/{Uri.EscapeDataString(name)}", Json.TemplateVersionJson, cancellationToken);

    internal Task<CliResult<TemplateVariableJson[]>> GetVariablesAsync(Guid version, CancellationToken cancellationToken) =>
        client.GetAsync($"/templateversions/{version}/variables", Json.TemplateVariableJsonArray, cancellationToken);

    internal Task<CliResult<ParameterJson[]>> GetParametersAsync(Guid version, CancellationToken cancellationToken) =>
        client.GetAsync($"/templateversions/{version}/rich-parameters", Json.ParameterJsonArray, cancellationToken);

    internal Task<CliResult<PresetJson[]>> GetPresetsAsync(Guid version, CancellationToken cancellationToken) =>
        client.GetAsync($"/templateversions/{version}/presets", Json.PresetJsonArray, cancellationToken);

    /// <summary>The import of a version, to be waited for.</summary>
    internal WatchedJob Import(TemplateVersionJson version) => new()
    {
        ReadAsync = async ct => (await GetVersionAsync(version.Id, ct)).Is(out var read, out var error)
            ? read.Job is { } job ? new JobState(job, read.MatchedProvisioners) : new CliError("The server shows no job of the version")
            : error,
        ReadLogAsync = (after, ct) => client.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"/templateversions/{version.Id}/logs?after={after}"),
            Json.JobLogLineJsonArray,
            ct),
        GoesOn = $"You no longer wait. The import of version {version.Name} goes on; no template uses it.",
    };

    private static string PathOf(Guid? organization) => organization is { } id ? $"/organizations/{id}/templates" : "/templates";
}
