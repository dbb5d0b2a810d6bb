using System.Globalization;
using Coder.Domain.Common;

namespace Coder.Api.Organizations;

/// <summary>The paging of a list of members (docs/spec/platform.md, section 4 rule 6).</summary>
/// <param name="Limit">How many at most; 0 for all.</param>
/// <param name="Offset">How many to pass over.</param>
internal readonly record struct MembersPaging(int Limit, int Offset)
{
    /// <summary>Reads every value that the query string has for the two parameters.</summary>
    public static Result<MembersPaging> Parse(IReadOnlyList<string?>? limit, IReadOnlyList<string?>? offset)
    {
        var errors = new List<FieldError>();
        var paging = new MembersPaging(Read("limit", limit ?? [], errors), Read("offset", offset ?? [], errors));
        return errors.Count == 0 ? paging : new Error(ErrorKind.Invalid, "Query parameters have invalid values.", null, errors);
    }

    private static int Read(string name, IReadOnlyList<string?> values, List<FieldError> errors)
    {
        if (values.Count > 1)
        {
            errors.Add(new FieldError(
                name,
                FormattableString.Invariant(
                    $"Query param \"{name}\" provided more than once, found {values.Count} times. Only provide 1 instance of this query param.")));
            return 0;
        }

        if (values is not [{ Length: > 0 } text])
        {
            return 0;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            errors.Add(new FieldError(name, $"Query param \"{name}\" must be a valid 32-bit positive integer: \"{text}\" is none."));
        }

        return number;
    }
}
