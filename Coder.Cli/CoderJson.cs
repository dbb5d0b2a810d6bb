using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coder.Cli;

/// <summary>Body of every failure and of plain messages.</summary>
internal sealed record ResponseJson(string? Message, string? Detail, IReadOnlyList<ValidationJson>? Validations);

/// <summary>One refused field.</summary>
internal sealed record ValidationJson(string? Field, string? Detail);

/// <summary>Body of GET /buildinfo, as far as the tool reads it.</summary>
internal sealed record BuildInfoJson(string? Version);

/// <summary>Body of POST /users/first.</summary>
internal sealed record CreateFirstUserJson(string Email, string Username, string Name, string Password, bool Trial);

/// <summary>Body of POST /users/login.</summary>
internal sealed record LoginJson(string Email, string Password);

/// <summary>Answer to POST /users/login.</summary>
internal sealed record SessionJson(string? SessionToken);

/// <summary>Answer to GET /users/me, as far as the tool reads it.</summary>
internal sealed record UserJson(Guid Id, string? Username, string? Email, IReadOnlyList<RoleJson>? Roles);

/// <summary>One role of a user.</summary>
internal sealed record RoleJson(string? Name);

/// <summary>Body of POST /licenses.</summary>
internal sealed record AddLicenseJson(string License);

/// <summary>What <c>coder whoami --output json</c> prints.</summary>
internal sealed record WhoamiJson(string Url, Guid UserId, string? Username, string? Email, IReadOnlyList<string> Roles);

/// <summary>A license signing key as a JSON Web Key (RFC 8037): <paramref name="X"/> is public, <paramref name="D"/> private.</summary>
internal sealed record SigningKeyJson(string? Kty, string? Crv, string? Kid, string? Alg, string? X, string? D);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNameCaseInsensitive = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ResponseJson))]
[JsonSerializable(typeof(BuildInfoJson))]
[JsonSerializable(typeof(CreateFirstUserJson))]
[JsonSerializable(typeof(LoginJson))]
[JsonSerializable(typeof(SessionJson))]
[JsonSerializable(typeof(UserJson))]
[JsonSerializable(typeof(AddLicenseJson))]
[JsonSerializable(typeof(WhoamiJson))]
[JsonSerializable(typeof(SigningKeyJson))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonElement[]))]
internal sealed partial class CoderJsonContext : JsonSerializerContext;
