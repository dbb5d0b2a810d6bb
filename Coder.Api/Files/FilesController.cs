using Coder.Api.Http;
using Coder.Api.RateLimiting;
using Coder.Api.Swagger;
using Coder.Application.Files;
using Coder.Domain.Files;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Files;

/// <summary>Archives with the sources of templates.</summary>
[Route("api/v2/files")]
[Tags("Files")]
internal sealed class FilesController(ISender sender) : CoderController(sender)
{
    /// <summary>Upload an archive.</summary>
    /// <remarks>
    /// The Content-Type says what it is. A zip archive is stored as tar; its entries must be files and folders inside the archive, at most
    /// 10,000 and at most 100 MiB together.
    /// </remarks>
    /// <response code="200">You have uploaded the same bytes before; this is the file of that time.</response>
    /// <response code="201">The file was stored.</response>
    /// <response code="400">The Content-Type is not one of an archive, or the zip archive is not accepted; the detail says why.</response>
    /// <response code="403">You may not upload files.</response>
    /// <response code="413">The archive is larger than 100 MiB.</response>
    [HttpPost]
    [RateLimit(12)]
    [RequestSizeLimit(ArchiveRules.MaximumBytes)]
    [TakesBytes(FileTypes.Tar, FileTypes.Zip, FileTypes.WindowsZip)]
    [ProducesResponseType<UploadResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<UploadResponseJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status413PayloadTooLarge)]
    public Task<IActionResult> Upload() => SendAsync(
        new UploadFile(Actor, Request.ContentType ?? "", Request.Body),
        file => file.IsNew ? Created(new UploadResponseJson(file.Id)) : Ok(new UploadResponseJson(file.Id)));

    /// <summary>Download an archive.</summary>
    /// <remarks>Your own, and those of templates that you may change.</remarks>
    /// <param name="fileID">The id that the upload answered.</param>
    /// <param name="format">Left out for the file as it is stored, <c>zip</c> for a zip archive.</param>
    /// <response code="200">The bytes.</response>
    /// <response code="400">There is no such format, the stored archive can not be converted, or this is no id.</response>
    /// <response code="404">There is no such file, or you may not see it.</response>
    [HttpGet("{fileID}")]
    [AnswersBytes(FileTypes.Tar, FileTypes.Zip)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Download(string fileID, [FromQuery] string? format) => SendAsync(
        new GetFile(Actor, fileID, format ?? ""),
        file =>
        {
            Response.ContentLength = file.Size;
            return File(file.Content, file.MimeType);
        });
}
