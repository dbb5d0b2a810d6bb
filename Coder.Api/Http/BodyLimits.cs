namespace Coder.Api.Http;

/// <summary>Limits of bodies, in bytes, that are not the usual one of the server.</summary>
internal static class BodyLimits
{
    /// <summary>Of bodies that may hold, in base64, what a provisioner left: what Terraform leaves grows with its resources.</summary>
    public const int State = 32 * 1024 * 1024;
}
