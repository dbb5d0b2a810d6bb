using System.Globalization;
using Coder.Api.Json;
using Coder.Domain.Common;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Http;

/// <summary>The one place where an <see cref="Error"/> becomes HTTP.</summary>
internal static class ErrorPresenter
{
    /// <summary>The status of each kind.</summary>
    public static int Status(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.NotAcceptable => StatusCodes.Status406NotAcceptable,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.Gone => StatusCodes.Status410Gone,
        ErrorKind.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.ExpectationFailed => StatusCodes.Status417ExpectationFailed,
        ErrorKind.TooEarly => 425,
        ErrorKind.TooManyRequests => StatusCodes.Status429TooManyRequests,
        ErrorKind.Internal => StatusCodes.Status500InternalServerError,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The answer of a controller action.</summary>
    public static IActionResult Present(HttpContext context, Error error)
    {
        SetRetryAfter(context, error);
        return new ObjectResult(Body(error)) { StatusCode = Status(error.Kind) };
    }

    /// <summary>The answer of everything that stands before or beside the controllers.</summary>
    public static Task WriteAsync(HttpContext context, Error error)
    {
        SetRetryAfter(context, error);
        context.Response.StatusCode = Status(error.Kind);
        return WriteAsync(context, Body(error));
    }

    /// <summary>Writes a body with the status that is set already.</summary>
    public static Task WriteAsync(HttpContext context, ResponseBody body) => context.Response.WriteAsJsonAsync(
        body, HttpJsonContext.Relaxed.ResponseBody, "application/json; charset=utf-8", context.RequestAborted);

    private static ResponseBody Body(Error error) =>
        new(error.Message, error.Detail, error.Validations is { Count: > 0 } fields ? [.. fields.Select(ValidationErrorJson.From)] : null);

    private static void SetRetryAfter(HttpContext context, Error error)
    {
        if (error.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }
}
