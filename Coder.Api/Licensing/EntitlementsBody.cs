using System.Text.Json;
using Coder.Api.Http;
using Coder.Domain.Licensing;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Coder.Api.Licensing;

/// <summary>The entitlements as bytes, made once for each document and not for each request.</summary>
internal sealed class EntitlementsBody(IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
{
    private Rendered? _rendered;

    /// <summary>The answer for a document.</summary>
    public IActionResult For(Entitlements entitlements, bool isAnonymous)
    {
        var rendered = Volatile.Read(ref _rendered);
        if (rendered is null || !ReferenceEquals(rendered.Of, entitlements))
        {
            rendered = new Rendered(entitlements, Render(entitlements, isAnonymous: true), Render(entitlements, isAnonymous: false));
            Volatile.Write(ref _rendered, rendered);
        }

        return new JsonBytesResult(isAnonymous ? rendered.Anonymous : rendered.Full);
    }

    private byte[] Render(Entitlements entitlements, bool isAnonymous) =>
        JsonSerializer.SerializeToUtf8Bytes(EntitlementsJson.From(entitlements, isAnonymous), json.Value.SerializerOptions);

    private sealed record Rendered(Entitlements Of, byte[] Anonymous, byte[] Full);
}
