using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Http;

/// <summary>What all controllers of the API have in common. A controller turns a request into a use case and its result into JSON, no more.</summary>
[ApiController]
[Produces("application/json")]
public abstract class CoderController(ISender sender) : ControllerBase
{
    /// <summary>The session of a signed-in caller.</summary>
    /// <exception cref="InvalidOperationException">The action is open to anonymous callers, and this is one.</exception>
    protected Session Session => HttpContext.Features.Get<Session>() ?? throw new InvalidOperationException("There is no session.");

    /// <summary>Who calls.</summary>
    protected Actor Actor => Session.Actor;

    /// <summary>Where the caller is.</summary>
    protected string IpAddress => HttpContext.IpAddress();

    /// <summary>Sends a use case and answers with what <paramref name="success"/> makes of its value.</summary>
    protected async Task<IActionResult> SendAsync<T>(IRequest<Result<T>> request, Func<T, IActionResult> success)
    {
        ArgumentNullException.ThrowIfNull(success);
        var result = await sender.Send(request, HttpContext.RequestAborted);
        return result.Match(success, error => ErrorPresenter.Present(HttpContext, error));
    }

    /// <summary>Sends the use case that <paramref name="request"/> makes of what was read from the query, or answers with why it can not be read.</summary>
    protected Task<IActionResult> SendAsync<TQuery, T>(
        Result<TQuery> query, Func<TQuery, IRequest<Result<T>>> request, Func<T, IActionResult> success)
    {
        ArgumentNullException.ThrowIfNull(request);
        return query.Match(
            read => SendAsync(request(read), success), error => Task.FromResult(ErrorPresenter.Present(HttpContext, error)));
    }

    /// <summary>200 with a message.</summary>
    protected IActionResult Message(string message) => Ok(new ResponseBody(message));

    /// <summary>201 with a body.</summary>
    protected IActionResult Created<T>(T body) => StatusCode(StatusCodes.Status201Created, body);
}
