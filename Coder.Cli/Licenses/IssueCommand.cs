using System.CommandLine;
using System.Globalization;
using Coder.Cli.Common;

namespace Coder.Cli.Licenses;

/// <summary><c>coder licenses issue</c>: works offline.</summary>
internal sealed class IssueCommand
{
    private const int SchemaVersion = 3;
    private const string TimeForms = "RFC 3339, a date, or from now on, such as 365d, 12h, -1h30m";
    private static readonly TimeSpan Term = TimeSpan.FromDays(365);
    private static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    private readonly CliContext _context;

    private readonly Option<string> _key = new("--key")
    {
        Description = "File with the private key that 'coder licenses keygen' wrote.",
        HelpName = "file",
        Required = true,
    };

    private readonly Option<string?> _featureSet = Text("feature-set", "name", "Set of features: enterprise or premium. Default: none.");

    private readonly Option<string[]> _features = new("--feature")
    {
        Description = "One feature with a whole number, for example user_limit=100, managed_agent_limit_soft=800, "
            + "managed_agent_limit_hard=1000, audit_log=1. May be given several times.",
        HelpName = "name=value",
    };

    private readonly Option<bool> _allFeatures = Flag("all-features", "Legacy: all features of the enterprise set.");
    private readonly Option<bool> _trial = Flag("trial", "Mark the license as a trial.");
    private readonly Option<bool> _requireTelemetry = Flag("require-telemetry", "Valid only while the deployment has telemetry on.");

    private readonly Option<bool> _publishUsage = Flag(
        "publish-usage-data", "Ask the deployment to publish its usage; this server never does.");

    private readonly Option<string[]> _deployments = new("--deployment-id")
    {
        Description = "Bind the license to this deployment. May be given several times. Default: any deployment.",
        HelpName = "id",
    };

    private readonly Option<string?> _accountType = Text(
        "account-type", "type", "Kind of the customer's account; not checked by the server.");

    private readonly Option<string?> _accountId = Text("account-id", "id", "The customer's account; not checked by the server.");
    private readonly Option<string?> _subject = Text("subject", "email", "E-mail address of the customer (claim sub).");
    private readonly Option<string?> _issuer = Text("issuer", "name", "Who issues the license (claim iss).");
    private readonly Option<string?> _issuedAt = Text("issued-at", "time", $"Time of issue (claim iat): {TimeForms}. Default: now.");
    private readonly Option<string?> _notBefore = Text("not-before", "time", $"Start of the term (claim nbf): {TimeForms}. Default: now.");

    private readonly Option<string?> _licenseExpires = Text(
        "license-expires", "time", $"End of the term and start of the grace period: {TimeForms}. Default: 365 days after the start.");

    private readonly Option<string?> _expires = Text(
        "expires", "time", $"End of the grace period (claim exp): {TimeForms}. Default: 7 days after the end of the term.");

    private readonly Option<string?> _uuid = Text("uuid", "uuid", "Id of the license (claim jti). Default: a random one.");

    private readonly Option<long> _version = new("--license-version")
    {
        Description = "Version of the claims; servers accept 3.",
        DefaultValueFactory = _ => SchemaVersion,
        HelpName = "number",
    };

    private IssueCommand(CliContext context) => _context = context;

    internal static Command Create(CliContext context)
    {
        var issue = new IssueCommand(context);
        var command = new Command(
            "issue",
            "Make a license for development and tests, without a server, and print it. The claims are not checked: licenses that a "
            + "server refuses can be made too.");
        foreach (var option in issue.Options)
        {
            command.Add(option);
        }

        context.Handle(command, issue.RunAsync);
        return command;
    }

    private IEnumerable<Option> Options =>
    [
        _key, _featureSet, _features, _allFeatures, _trial, _requireTelemetry, _publishUsage, _deployments, _accountType, _accountId,
        _subject, _issuer, _issuedAt, _notBefore, _licenseExpires, _expires, _uuid, _version,
    ];

    private async Task<CliError?> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!Content(parsed).Is(out var content, out var error)
            || !SigningKey.Load(_context.Environment.FullPath(parsed.GetRequiredValue(_key))).Is(out var key, out error))
        {
            return error;
        }

        using (key)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await _context.Terminal.Out.WriteLineAsync(content.Sign(key));
            return null;
        }
    }

    private CliResult<LicenseContent> Content(ParseResult parsed)
    {
        var now = _context.Time.GetUtcNow();
        if (!Time(parsed, _issuedAt, now).Is(out var issuedAt, out var error)
            || !Time(parsed, _notBefore, now).Is(out var notBefore, out error)
            || !Time(parsed, _licenseExpires, now).Is(out var licenseExpires, out error)
            || !Time(parsed, _expires, now).Is(out var expires, out error)
            || !Features(parsed).Is(out var features, out error))
        {
            return error;
        }

        var start = notBefore ?? now;
        var termEnd = licenseExpires ?? Earlier(Later(start, Term), expires);
        return new LicenseContent
        {
            Version = parsed.GetValue(_version),
            IssuedAt = issuedAt ?? now,
            NotBefore = start,
            LicenseExpires = termEnd,
            Expires = expires ?? Later(termEnd, Grace),
            Uuid = parsed.GetValue(_uuid) ?? _context.Environment.NewId().ToString(),
            Issuer = parsed.GetValue(_issuer),
            Subject = parsed.GetValue(_subject),
            AccountType = parsed.GetValue(_accountType),
            AccountId = parsed.GetValue(_accountId),
            FeatureSet = parsed.GetValue(_featureSet),
            AllFeatures = parsed.GetValue(_allFeatures),
            Trial = parsed.GetValue(_trial),
            RequireTelemetry = parsed.GetValue(_requireTelemetry),
            PublishUsageData = parsed.GetValue(_publishUsage),
            DeploymentIds = parsed.GetValue(_deployments) ?? [],
            Features = features,
        };
    }

    private CliResult<Dictionary<string, long>> Features(ParseResult parsed)
    {
        var features = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var text in parsed.GetValue(_features) ?? [])
        {
            var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts is not [{ Length: > 0 } name, var number]
                || !long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            {
                return new CliError($"--feature takes name=value with a whole number: {text}");
            }

            if (!features.TryAdd(name, value))
            {
                return new CliError($"--feature names {name} twice");
            }
        }

        return features;
    }

    private static CliResult<DateTimeOffset?> Time(ParseResult parsed, Option<string?> option, DateTimeOffset now)
    {
        if (parsed.GetValue(option) is not { } text)
        {
            return default(DateTimeOffset?);
        }

        return TimeText.Parse(text, now) is { } time
            ? time
            : new CliError($"{option.Name} is not a time: {text}", Hint: $"Times: {TimeForms}.");
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;

    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan by) =>
        DateTimeOffset.MaxValue - time < by ? DateTimeOffset.MaxValue : time + by;

    private static Option<string?> Text(string name, string helpName, string description) =>
        new($"--{name}") { Description = description, HelpName = helpName };

    private static Option<bool> Flag(string name, string description) => new($"--{name}") { Description = description };
}
