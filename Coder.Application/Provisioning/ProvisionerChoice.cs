using Coder.Application.Files;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;

namespace Coder.Application.Provisioning;

/// <summary>
/// Which provisioner the jobs of a template version need. The archive decides and not what the client says, for clients always say
/// <c>terraform</c> (docs/spec/workspaces.md, section 3.5).
/// </summary>
public sealed class ProvisionerChoice(IFileStore files)
{
    /// <summary>Looks into the root of an archive.</summary>
    /// <param name="fileId">An archive as it is stored, a tar.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>
    /// <see cref="ProvisionerType.Terraform"/> when there is a <c>*.tf</c> or <c>*.tf.json</c> and no manifest. Anything else, a damaged
    /// archive too, is for <see cref="ProvisionerType.Echo"/>, whose import then says what is wrong with it.
    /// </returns>
    public async Task<ProvisionerType> OfAsync(Guid fileId, CancellationToken cancellationToken)
    {
        if (await files.FindAsync(fileId, cancellationToken) is not { } file)
        {
            return ProvisionerType.Echo;
        }

        var hasManifest = false;
        var hasTerraform = false;
        await using var tar = files.Open(file);
        var failed = await TemplateArchive.WalkFilesAsync(
            tar,
            path =>
            {
                hasManifest |= path == TemplateManifest.FileName;
                hasTerraform |= !path.Contains('/', StringComparison.Ordinal)
                    && (path.EndsWith(".tf", StringComparison.Ordinal) || path.EndsWith(".tf.json", StringComparison.Ordinal));
            },
            cancellationToken);
        return failed is null && hasTerraform && !hasManifest ? ProvisionerType.Terraform : ProvisionerType.Echo;
    }
}
