using Coder.Api.Experiments;
using Coder.Api.Http;
using Coder.Api.RateLimiting;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Http;

/// <summary>Endpoints for tests of what stands before the controllers.</summary>
internal static class TestControllers
{
    /// <summary>Lets a server serve the controllers of this assembly too.</summary>
    public static void Add(IServiceCollection services)
    {
        var parts = services.Single(s => s.ServiceType == typeof(ApplicationPartManager)).ImplementationInstance;
        ((ApplicationPartManager)parts!).ApplicationParts.Add(new AssemblyPart(typeof(TestControllers).Assembly));
    }
}

[Route("api/v2/test-limits")]
internal sealed class LimitedController(ISender sender) : CoderController(sender)
{
    [HttpGet("own")]
    [AllowAnonymous]
    [RateLimit(2)]
    public IActionResult Own() => Message("served");

    [HttpGet("items/{id}")]
    public IActionResult Item(string id) => Message(id);

    [HttpGet("/test-outside")]
    [AllowAnonymous]
    [RateLimit(2)]
    public IActionResult Outside() => Message("served");
}

[Route("test-page")]
[AllowAnonymous]
internal sealed class PageController(ISender sender) : CoderController(sender)
{
    [HttpGet]
    public IActionResult Page() => Content("<!DOCTYPE html><title>A page</title>", "text/html; charset=utf-8");

    [HttpGet("own-policy")]
    public IActionResult OwnPolicy()
    {
        Response.Headers.ContentSecurityPolicy = "default-src 'none'";
        return Page();
    }

    [HttpPost]
    public IActionResult Post() => Message("served");
}

[Route("api/v2/test-experiments")]
internal sealed class ExperimentalController(ISender sender) : CoderController(sender)
{
    [HttpPost("one")]
    [RequireExperiments("oauth2")]
    public IActionResult One([FromBody] IReadOnlyDictionary<string, string> body) => Message($"open {body.Count}");

    [HttpGet("two")]
    [RequireExperiments("oauth2", "mcp-server-http", IsOpenInDevelopment = true)]
    public IActionResult Two() => Message("open");
}
