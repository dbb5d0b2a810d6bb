using System.Security.Cryptography;
using Coder.Application.Common;
using Coder.Application.Files;
using Coder.Domain.Authorization;
using Coder.Domain.Common;

namespace Coder.Application.Templates;

/// <summary>Finds the archive that a version is made of.</summary>
internal sealed class VersionArchive(IFileStore files, IIds ids, TimeProvider time)
{
    /// <summary>Refuses a request that names no archive or two.</summary>
    public static Error? Judge(NewVersion fields) => (fields.FileId, fields.ExampleId.Length) switch
    {
        (not null, > 0) => new Error(ErrorKind.Invalid, "You cannot specify both an example_id and a file_id."),
        (null, 0) => Error.ValidationFailed([new FieldError("file_id", "Validation failed for tag \"required\" with value: \"\"")]),
        _ => null,
    };

    /// <summary>The file that was uploaded and that the caller may read, or a copy of the example that the caller owns.</summary>
    public async Task<Result<Guid>> FindAsync(Actor actor, NewVersion fields, CancellationToken ct)
    {
        if (fields.FileId is { } id)
        {
            return await files.FindAsync(id, ct) is { } file && await GetFileHandler.MayReadAsync(files, actor, file, ct)
                ? id
                : new Error(ErrorKind.NotFound, "File not found.");
        }

        if (TemplateExamples.Find(fields.ExampleId) is not { } example)
        {
            return new Error(ErrorKind.NotFound, "Example not found.");
        }

        var content = example.Archive();
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        using var stream = new MemoryStream(content);
        return await files.AddAsync(
            new NewFile(ids.Random(), hash, time.GetUtcNow().ToMicroseconds(), actor.UserId, FileTypes.Tar), stream, ct);
    }
}
