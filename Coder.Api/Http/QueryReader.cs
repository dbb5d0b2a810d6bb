using System.Globalization;
using Coder.Domain.Common;

namespace Coder.Api.Http;

/// <summary>
/// Reads query parameters in the words of docs/spec/platform.md, section 4 rule 6: the framework's own messages are not those that clients
/// know. All errors are collected; an empty parameter counts as absent.
/// </summary>
internal sealed class QueryReader(IQueryCollection query)
{
    private readonly List<FieldError> _errors = [];

    /// <summary>A text, or <see langword="null"/>.</summary>
    public string? Text(string name)
    {
        var values = query[name];
        if (values.Count > 1)
        {
            Refuse(name, $"provided more than once, found {values.Count} times. Only provide 1 instance of this query param.");
            return null;
        }

        return values.Count == 1 && values[0] is { Length: > 0 } text ? text : null;
    }

    /// <summary>A number from 0 to 2147483647, or 0.</summary>
    public int Positive(string name)
    {
        if (Text(name) is not { } text)
        {
            return 0;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Refuse(name, $"must be a valid 32-bit positive integer: \"{text}\" is none");
        return 0;
    }

    /// <summary>A number within bounds that must be there.</summary>
    public int Required(string name, int least, int most)
    {
        var text = Text(name) ?? "";
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(name, $"must be a valid integer from {least} to {most}: \"{text}\" is none");
        return 0;
    }

    /// <summary>A UUID, or <see langword="null"/>, which the nil UUID counts as too.</summary>
    public Guid? Uuid(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (!Guid.TryParseExact(text, "D", out var id))
        {
            Refuse(name, "must be a valid uuid");
        }

        return id == Guid.Empty ? null : id;
    }

    /// <summary>A switch, or <see langword="false"/>.</summary>
    public bool Flag(string name)
    {
        switch (Text(name)?.ToLowerInvariant())
        {
            case null or "0" or "f" or "false":
                return false;
            case "1" or "t" or "true":
                return true;
            case var text:
                Refuse(name, $"must be a valid boolean: \"{text}\" is none");
                return false;
        }
    }

    /// <summary>Ends the reading.</summary>
    /// <returns>What was read, or 400 with all errors.</returns>
    public Result<T> Finish<T>(T value) =>
        _errors.Count == 0 ? value : new Error(ErrorKind.Invalid, "Query parameters have invalid values.", null, _errors);

    /// <summary>Adds an error that only the endpoint can find; of two about one parameter the first counts.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="problem">What stands behind its name.</param>
    public void Refuse(string name, string problem)
    {
        if (_errors.All(e => e.Field != name))
        {
            _errors.Add(new FieldError(name, $"Query param \"{name}\" {problem}"));
        }
    }
}
