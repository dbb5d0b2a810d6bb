using System.Text.RegularExpressions;
using Coder.Domain.Common;
using Npgsql;

namespace Coder.Infrastructure.Database;

/// <summary>
/// Reads <c>CODER_PG_CONNECTION_URL</c> in every form in which people have it: a <c>postgres://</c> URL, libpq's
/// <c>host=… dbname=…</c> text, or an Npgsql connection string.
/// </summary>
/// <remarks>
/// URLs and texts mean what libpq takes them for (PostgreSQL manual, chapter "Connection Strings"), with two additions: a raw <c>@</c>
/// in a password is accepted, and so are settings of the session that the reference's driver passes on, such as <c>search_path</c>.
/// No error carries the password or any other value.
/// </remarks>
public static partial class PostgresUrl
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    /// <summary>The same for callers that know nothing of Npgsql. The connection string carries the password and is not to be logged.</summary>
    /// <inheritdoc cref="Parse" path="/param|/returns"/>
    public static Result<string> ToConnectionString(string text) =>
        Parse(text).Is(out var builder, out var error) ? builder.ConnectionString : error;

    /// <summary>Turns the text into settings for Npgsql.</summary>
    /// <returns>The settings, or an <see cref="ErrorKind.Invalid"/> that says what is wrong and names the key where one is.</returns>
    public static Result<NpgsqlConnectionStringBuilder> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return Invalid("it is empty");
        }

        if (Array.Find(Schemes, scheme => trimmed.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return PostgresUrlText.Read(trimmed[found.Length..]).Match(LibpqSettings.ToNpgsql, Result<NpgsqlConnectionStringBuilder>.From);
        }

        if (OtherScheme().Match(trimmed) is { Success: true } other)
        {
            return Invalid($"a URL has to begin with postgres:// or postgresql://, not with {other.Value}");
        }

        if (LooksLikeNpgsql(trimmed))
        {
            return ReadNpgsql(trimmed);
        }

        return LibpqText.Read(trimmed).Match(LibpqSettings.ToNpgsql, Result<NpgsqlConnectionStringBuilder>.From);
    }

    internal static Error Invalid(string reason) => new(ErrorKind.Invalid, $"The PostgreSQL connection URL can not be used: {reason}.");

    /// <summary>Npgsql separates settings by semicolons, libpq by white space; quoted values may hold either.</summary>
    private static bool LooksLikeNpgsql(string text)
    {
        var unquoted = Quoted().Replace(text, "");
        return SemicolonBeforeKey().IsMatch(unquoted) || unquoted.EndsWith(';');
    }

    private static Result<NpgsqlConnectionStringBuilder> ReadNpgsql(string text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            builder.Host ??= LibpqSettings.DefaultHost;
            return builder;
        }
        catch (ArgumentException e)
        {
            // Only the name is taken out of the exception's text: the rest may quote a value.
            var name = RefusedKeyword().Match(e.Message);
            return Invalid(name.Success
                ? $"the setting {name.Groups["key"].Value} is unknown, or its value is"
                : "it is not a well-formed Npgsql connection string");
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9+.-]{0,20}://", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex OtherScheme();

    [GeneratedRegex("'[^']*'|\"[^\"]*\"", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    [GeneratedRegex(@";\s*[A-Za-z][A-Za-z _]*=", RegexOptions.NonBacktracking)]
    private static partial Regex SemicolonBeforeKey();

    [GeneratedRegex(@"^Couldn't set (?<key>[A-Za-z ]{1,40}) \(", RegexOptions.NonBacktracking)]
    private static partial Regex RefusedKeyword();
}
