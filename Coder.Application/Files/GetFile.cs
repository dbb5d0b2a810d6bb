using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Files;

/// <summary>Reads a file: one's own, any with the permission for it, and those of templates that the caller may change.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="File">The id as it stands in the path.</param>
/// <param name="Format">Empty for the file as it is stored, <c>zip</c> for a conversion.</param>
public sealed record GetFile(Actor Actor, string File, string Format) : IQuery<FileContent>, IActorRequest;

/// <summary>What a file holds.</summary>
/// <param name="MimeType">What it is.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Content">Read once from the beginning to the end, and disposed by whoever does that.</param>
public sealed record FileContent(string MimeType, long Size, Stream Content);

internal sealed class GetFileHandler(IFileStore files, IFileBuffers buffers) : IRequestHandler<GetFile, Result<FileContent>>
{
    private const string ZipFormat = "zip";

    private static readonly Error Unsupported = new(ErrorKind.Invalid, "Unsupported conversion format.");

    public async Task<Result<FileContent>> Handle(GetFile request, CancellationToken cancellationToken)
    {
        if (!PathIds.Parse(request.File).Is(out var id, out var error))
        {
            return error;
        }

        if (await files.FindAsync(id, cancellationToken) is not { } file || !await MayReadAsync(files, request.Actor, file, cancellationToken))
        {
            return Error.NotFound;
        }

        return request.Format switch
        {
            "" => new FileContent(file.MimeType, file.Size, files.Open(file)),
            ZipFormat => await ZipAsync(file, cancellationToken),
            _ => Unsupported,
        };
    }

    /// <summary>Whether somebody may read a file, and so make a template version of it.</summary>
    internal static async Task<bool> MayReadAsync(IFileStore files, Actor actor, StoredFile file, CancellationToken ct)
    {
        if (Authorizer.Can(actor, PermissionAction.Read, ObjectRef.OwnedBy(file.CreatedBy, ResourceType.File, file.Id)))
        {
            return true;
        }

        var templates = Authorizer.ReadScope(actor, new Permission(ResourceType.Template, PermissionAction.Update));
        return templates.Kind != ReadScopeKind.None && await files.IsUsedAsync(file.Id, templates, ct);
    }

    // Converted before the answer begins, so that an archive that can not be is an error and not a download that breaks off.
    private async Task<Result<FileContent>> ZipAsync(StoredFile file, CancellationToken ct)
    {
        var zip = buffers.New();
        var isHandedOver = false;
        try
        {
            using var turn = await buffers.TakeTurnAsync(file.Size, ct);
            await using var tar = files.Open(file);
            if ((await ArchiveConversion.TarToZipAsync(tar, zip, ct)).Error is { } error)
            {
                return error;
            }

            zip.Position = 0;
            isHandedOver = true;
            return new FileContent(FileTypes.Zip, zip.Length, zip);
        }
        finally
        {
            if (!isHandedOver)
            {
                await zip.DisposeAsync();
            }
        }
    }
}
