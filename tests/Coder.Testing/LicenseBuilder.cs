using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Coder.Testing;

/// <summary>
/// The claims of one license, beginning with what <see cref="LicenseMint.License"/> promises. Each call answers the same builder.
/// </summary>
public sealed class LicenseBuilder
{
    private readonly JsonObject _claims;
    private readonly JsonObject _features = [];

    internal LicenseBuilder(DateTimeOffset now)
    {
        _claims = new JsonObject
        {
            ["iss"] = "license-mint",
            ["sub"] = "customer@example.com",
            ["jti"] = new Guid(RandomNumberGenerator.GetBytes(16)).ToString(),
            ["version"] = 3,
            ["features"] = _features,
        };
        IssuedAt(now).ValidFrom(now).LicenseExpires(now.AddYears(1)).Expires(now.AddYears(1).AddDays(30));
    }

    /// <summary>Feature set premium, with seats (0 leaves the user limit away).</summary>
    public LicenseBuilder Premium(long seats = 0) => Claim("feature_set", "premium").Seats(seats);

    /// <summary>Feature set enterprise, with seats (0 leaves the user limit away).</summary>
    public LicenseBuilder Enterprise(long seats = 0) => Claim("feature_set", "enterprise").Seats(seats);

    /// <summary>No feature set and no feature: what is not named afterwards is not licensed.</summary>
    public LicenseBuilder Empty()
    {
        _features.Clear();
        return Without("feature_set");
    }

    /// <summary>Feature <c>user_limit</c>; 0 takes it away.</summary>
    public LicenseBuilder Seats(long seats)
    {
        if (seats == 0)
        {
            _features.Remove("user_limit");
            return this;
        }

        return Feature("user_limit", seats);
    }

    /// <summary>The pair that makes the managed agent limit.</summary>
    public LicenseBuilder ManagedAgents(long soft, long hard) =>
        Feature("managed_agent_limit_soft", soft).Feature("managed_agent_limit_hard", hard);

    /// <summary>One feature by its name in licenses.</summary>
    public LicenseBuilder Feature(string name, long value = 1)
    {
        _features[name] = value;
        return this;
    }

    /// <summary>Claim <c>iat</c>.</summary>
    public LicenseBuilder IssuedAt(DateTimeOffset time) => Claim("iat", time.ToUnixTimeSeconds());

    /// <summary>Claim <c>nbf</c>.</summary>
    public LicenseBuilder ValidFrom(DateTimeOffset time) => Claim("nbf", time.ToUnixTimeSeconds());

    /// <summary>Claim <c>license_expires</c>: the end of the term.</summary>
    public LicenseBuilder LicenseExpires(DateTimeOffset time) => Claim("license_expires", time.ToUnixTimeSeconds());

    /// <summary>Claim <c>exp</c>: the end of the grace period.</summary>
    public LicenseBuilder Expires(DateTimeOffset time) => Claim("exp", time.ToUnixTimeSeconds());

    /// <summary>Claim <c>jti</c>.</summary>
    public LicenseBuilder Id(Guid id) => Claim("jti", id.ToString());

    /// <summary>Claim <c>trial</c>.</summary>
    public LicenseBuilder Trial() => Claim("trial", true);

    /// <summary>Claim <c>require_telemetry</c>.</summary>
    public LicenseBuilder RequireTelemetry() => Claim("require_telemetry", true);

    /// <summary>Claim <c>deployment_ids</c>.</summary>
    public LicenseBuilder ForDeployments(params Guid[] ids) =>
        Claim("deployment_ids", new JsonArray([.. ids.Select(id => JsonValue.Create(id.ToString()))]));

    /// <summary>Any claim with any value.</summary>
    public LicenseBuilder Claim(string name, JsonNode? value)
    {
        _claims[name] = value;
        return this;
    }

    /// <summary>Takes a claim away.</summary>
    public LicenseBuilder Without(string name)
    {
        _claims.Remove(name);
        return this;
    }

    internal string ToJson() => _claims.ToJsonString();
}
