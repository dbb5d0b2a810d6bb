using System.Reflection;

namespace Coder.Api.Deployment;

/// <summary>The version of this program.</summary>
internal static class ProductVersion
{
    /// <summary>Such as <c>v0.1.0</c>; a build from a commit adds it, as <c>v0.1.0+abcdef1</c>.</summary>
    public static string Text { get; } = Read();

    private static string Read()
    {
        var version = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 || version.Length <= plus + 8 ? $"v{version}" : $"v{version[..(plus + 8)]}";
    }
}
