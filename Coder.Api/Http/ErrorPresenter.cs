using System.Globalization;
using Coder.Api.Json;
using Coder.Domain.Common;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Http;

/// <summary>The one place where an <see cref="Error"/> becomes HTTP.</summary>
internal static class ErrorPresenter
{
    /// <summary>The answer of a controller action.</summary>
    public static IActionResult Present(HttpContext context, Error error)
    {
        SetRetryAfter(context, error);
        return new ObjectResult(Body(error)) { StatusCode = error.Kind.HttpStatus() };
    }

    /// <summary>The answer of everything that stands before or beside the controllers.</summary>
    public static Task WriteAsync(HttpContext context, Error error)
    {
        SetRetryAfter(context, error);
        context.Response.StatusCode = error.Kind.HttpStatus();
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
