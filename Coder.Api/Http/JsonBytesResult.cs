using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Http;

/// <summary>200 with JSON that was rendered before.</summary>
internal sealed class JsonBytesResult(byte[] body) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.HttpContext.RequestAborted);
    }
}
