using Coder.Domain.Authorization;

namespace Coder.Application.Files;

/// <summary>A file that was uploaded. It never changes.</summary>
/// <param name="Id">The file.</param>
/// <param name="CreatedBy">Who uploaded it.</param>
/// <param name="MimeType">What it is.</param>
/// <param name="Size">In bytes.</param>
public sealed record StoredFile(Guid Id, Guid CreatedBy, string MimeType, long Size);

/// <summary>A file to be stored.</summary>
/// <param name="Id">New.</param>
/// <param name="Hash">SHA-256 of the content, hexadecimal in small letters.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="CreatedBy">Who uploads it.</param>
/// <param name="MimeType">What it is.</param>
public sealed record NewFile(Guid Id, string Hash, DateTimeOffset CreatedAt, Guid CreatedBy, string MimeType);

/// <summary>Uploaded files. Their content passes through in pieces and is never in memory as a whole.</summary>
public interface IFileStore
{
    /// <summary>The file of a user that has this content already.</summary>
    Task<Guid?> FindSameAsync(string hash, Guid user, CancellationToken ct);

    /// <summary>Adds a file, unless its user has one with the same content by now.</summary>
    /// <param name="file">The file.</param>
    /// <param name="content">Its content from the present position to the end; must know its length.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <returns>The file that has the content: the new one, or the one that was quicker.</returns>
    Task<Guid> AddAsync(NewFile file, Stream content, CancellationToken ct);

    /// <summary>Finds a file.</summary>
    Task<StoredFile?> FindAsync(Guid id, CancellationToken ct);

    /// <summary>Whether one of these templates has a version that was made from a file.</summary>
    Task<bool> IsUsedAsync(Guid id, ReadScope templates, CancellationToken ct);

    /// <summary>The content, read in pieces from the beginning. No connection is held between two of them.</summary>
    Stream Open(StoredFile file);
}

/// <summary>Where uploads and conversions wait while they are worked on.</summary>
public interface IFileBuffers
{
    /// <summary>An empty stream to write and read that takes next to no memory; what is in it is gone once it is disposed.</summary>
    Stream New();

    /// <summary>
    /// Waits until nobody else on this node converts or stores a large file: how much memory that takes is decided by what is in the archive
    /// and by the database, so it must not be taken many times at once.
    /// </summary>
    /// <param name="length">Of the file, in bytes. Small ones do not wait.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <returns>Ends the turn when disposed.</returns>
    Task<IDisposable> TakeTurnAsync(long length, CancellationToken ct);
}
