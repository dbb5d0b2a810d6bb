using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Notifications;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Notifications;

/// <summary>The inbox of the caller.</summary>
[Route("api/v2/notifications/inbox")]
[Tags("Notifications")]
internal sealed class InboxController(ISender sender, InboxSockets sockets) : CoderController(sender)
{
    /// <summary>List your notifications.</summary>
    /// <remarks>At most 25, newest first; <c>starting_before</c> asks for those behind the last one.</remarks>
    /// <param name="targets">Only notifications about all of these: ids with commas between them.</param>
    /// <param name="templates">Only notifications of one of these kinds: ids with commas between them.</param>
    /// <param name="readStatus">all, read or unread.</param>
    /// <param name="startingBefore">Only notifications older than this one.</param>
    /// <response code="200">The notifications.</response>
    /// <response code="400">A parameter can not be read.</response>
    [HttpGet]
    [ProducesResponseType<ListInboxNotificationsResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    public Task<IActionResult> List(
        [FromQuery(Name = "targets")] string? targets,
        [FromQuery(Name = "templates")] string? templates,
        [FromQuery(Name = "read_status")] string? readStatus,
        [FromQuery(Name = "starting_before"), DocumentedAs(typeof(Guid))] string? startingBefore) => SendAsync(
        new ListInbox(Actor, new InboxQuery(targets, templates, readStatus, startingBefore)),
        page => Ok(ListInboxNotificationsResponseJson.From(page)));

    /// <summary>Be told of new notifications.</summary>
    /// <remarks>
    /// A WebSocket that carries one JSON text of the form below for each notification that arrives. It ends with the session and with the
    /// server. A page of another origin can not open it with the session cookie.
    /// </remarks>
    /// <param name="targets">Only notifications about all of these: ids with commas between them.</param>
    /// <param name="templates">Only notifications of one of these kinds: ids with commas between them.</param>
    /// <param name="readStatus">all, read or unread.</param>
    /// <param name="format">plaintext leaves Markdown out of the texts.</param>
    /// <response code="200">The form of a message. The request itself is answered with 101.</response>
    /// <response code="400">A parameter can not be read, or the request asks for no WebSocket.</response>
    /// <response code="403">The page is not one of this deployment.</response>
    /// <response code="404">Your credential does not let you see your inbox.</response>
    [HttpGet("watch")]
    [ProducesResponseType<GetInboxNotificationResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public async Task<IActionResult> Watch(
        [FromQuery(Name = "targets")] string? targets,
        [FromQuery(Name = "templates")] string? templates,
        [FromQuery(Name = "read_status")] string? readStatus,
        [FromQuery(Name = "format"), DocumentedTexts("plaintext", "markdown")] string? format)
    {
        InboxWatch? watch = null;
        var refused = await SendAsync(
            new WatchInbox(Actor, new InboxQuery(targets, templates, readStatus, null), format),
            allowed =>
            {
                watch = allowed;
                return new EmptyResult();
            });
        return watch is null ? refused : await sockets.RunAsync(HttpContext, watch);
    }

    /// <summary>Mark a notification as read or as not read.</summary>
    /// <param name="id">The notification.</param>
    /// <param name="body">Whether it was read.</param>
    /// <response code="200">The notification as it is now.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="403">Your credential does not let you change your inbox.</response>
    /// <response code="404">You have no such notification.</response>
    [HttpPut("{id}/read-status")]
    [ProducesResponseType<GetInboxNotificationResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> SetReadStatus(string id, [FromBody] InboxReadStatusRequestJson body) => SendAsync(
        new SetInboxReadStatus(Actor, id, body.IsRead ?? false),
        changed => Ok(new GetInboxNotificationResponseJson(InboxNotificationJson.From(changed.Notification), changed.UnreadCount)));

    /// <summary>Mark all notifications as read.</summary>
    /// <response code="204">Nothing is unread; the body is empty.</response>
    /// <response code="403">Your credential does not let you change your inbox.</response>
    [HttpPut("mark-all-as-read")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> MarkAllRead() => SendAsync(new MarkInboxRead(Actor), _ => NoContent());
}
