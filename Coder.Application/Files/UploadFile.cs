using System.Security.Cryptography;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Files;

/// <summary>Stores an archive. The same content of the same user is stored once (docs/spec/workspaces.md, section 6).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="ContentType">What the content is, as the client says.</param>
/// <param name="Content">The bytes, read once from the beginning to the end; the sender of the request limits them.</param>
public sealed record UploadFile(Actor Actor, string ContentType, Stream Content) : ICommand<UploadedFile>, IActorRequest;

/// <summary>The file that has the uploaded content.</summary>
/// <param name="Id">The file.</param>
/// <param name="IsNew">Whether it was not there before.</param>
public sealed record UploadedFile(Guid Id, bool IsNew);

internal sealed class UploadFileHandler(IFileStore files, IFileBuffers buffers, IIds ids, TimeProvider time)
    : IRequestHandler<UploadFile, Result<UploadedFile>>
{
    public async Task<Result<UploadedFile>> Handle(UploadFile request, CancellationToken cancellationToken)
    {
        var type = request.ContentType.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not (FileTypes.Tar or FileTypes.Zip or FileTypes.WindowsZip))
        {
            return new Error(ErrorKind.Invalid, $"Unsupported content type header \"{request.ContentType}\".");
        }

        // Before the body: nobody should send a hundred megabytes to be told this.
        if (!Authorizer.Can(request.Actor, PermissionAction.Create, ObjectRef.OwnedBy(request.Actor.UserId, ResourceType.File)))
        {
            return Error.Forbidden;
        }

        await using var upload = buffers.New();
        await request.Content.CopyToAsync(upload, cancellationToken);
        if (type == FileTypes.Tar)
        {
            return await StoreAsync(request.Actor.UserId, upload, cancellationToken);
        }

        await using var tar = buffers.New();
        using (await buffers.TakeTurnAsync(upload.Length, cancellationToken))
        {
            if ((await ArchiveConversion.ZipToTarAsync(upload, tar, cancellationToken)).Error is { } error)
            {
                return error;
            }
        }

        return await StoreAsync(request.Actor.UserId, tar, cancellationToken);
    }

    private async Task<Result<UploadedFile>> StoreAsync(Guid user, Stream content, CancellationToken ct)
    {
        content.Position = 0;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
        if (await files.FindSameAsync(hash, user, ct) is { } same)
        {
            return new UploadedFile(same, IsNew: false);
        }

        content.Position = 0;
        var file = new NewFile(ids.Random(), hash, time.GetUtcNow().ToMicroseconds(), user, FileTypes.Tar);
        using var turn = await buffers.TakeTurnAsync(content.Length, ct);
        var stored = await files.AddAsync(file, content, ct);
        return new UploadedFile(stored, stored == file.Id);
    }
}
