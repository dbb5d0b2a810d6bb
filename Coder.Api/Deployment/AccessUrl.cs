namespace Coder.Api.Deployment;

/// <summary>The public URL of this deployment, without a trailing slash.</summary>
internal sealed class AccessUrl
{
    private string? _value;

    /// <summary>Known once the server listens.</summary>
    public string Value => _value ?? throw new InvalidOperationException("The server does not listen yet.");

    public void Set(Uri url) => _value = url.GetLeftPart(UriPartial.Path).TrimEnd('/');
}
