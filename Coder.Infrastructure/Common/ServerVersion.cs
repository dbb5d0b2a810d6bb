namespace Coder.Infrastructure.Common;

/// <summary>The version of the server, such as <c>v0.1.0</c>.</summary>
public sealed record ServerVersion(string Text);
