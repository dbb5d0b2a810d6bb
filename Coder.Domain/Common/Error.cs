namespace Coder.Domain.Common;

/// <summary>What kind of expected failure an <see cref="Error"/> is; each kind maps to one HTTP status at the edge.</summary>
public enum ErrorKind
{
    /// <summary>Input that can not be accepted as it is (400).</summary>
    Invalid,

    /// <summary>No credential, or one that is not accepted (401).</summary>
    Unauthenticated,

    /// <summary>The caller may see the object and may not do this to it (403).</summary>
    Forbidden,

    /// <summary>The object does not exist, or the caller may not know that it does (404).</summary>
    NotFound,

    /// <summary>No representation fits what the caller accepts (406).</summary>
    NotAcceptable,

    /// <summary>The current state contradicts the request (409).</summary>
    Conflict,

    /// <summary>The object was there and never comes back (410).</summary>
    Gone,

    /// <summary>A condition stated by the caller does not hold (412).</summary>
    PreconditionFailed,

    /// <summary>The request is larger than its limit (413).</summary>
    TooLarge,

    /// <summary>The object is still in use (417, as the reference answers it).</summary>
    ExpectationFailed,

    /// <summary>The answer is not ready yet (425).</summary>
    TooEarly,

    /// <summary>The caller sends too much (429).</summary>
    TooManyRequests,

    /// <summary>A step that the request needs failed, with a text that the specification names (500). Bugs are exceptions instead.</summary>
    Internal,

    /// <summary>A dependency is away or overloaded; the same request may succeed later (503).</summary>
    Unavailable,
}

/// <summary>One refused field: the name it has on the wire, and why.</summary>
public sealed record FieldError(string Field, string Detail);

/// <summary>An expected failure, as a value. It never carries a secret: it is shown to the caller as it stands.</summary>
/// <param name="Kind">Decides the status.</param>
/// <param name="Message">One sentence; clients match on it, so the texts are those of the specification.</param>
/// <param name="Detail">More about this case, or <see langword="null"/>.</param>
/// <param name="Validations">The refused fields, or <see langword="null"/>.</param>
public sealed record Error(ErrorKind Kind, string Message, string? Detail = null, IReadOnlyList<FieldError>? Validations = null)
{
    /// <summary>How long the caller should wait before it tries again, or <see langword="null"/>; sent as <c>Retry-After</c> in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// The one answer for an object that is missing and for one that the caller may not read,
    /// so that the two can not be told apart (docs/spec/platform.md, section 4).
    /// </summary>
    public static Error NotFound { get; } = new(ErrorKind.NotFound, "Resource not found or you do not have access to this resource");

    /// <summary>The answer to a caller who may read the object and may not do this to it (docs/spec/platform.md, section 4).</summary>
    public static Error Forbidden { get; } = new(
        ErrorKind.Forbidden,
        "Forbidden.",
        "You don't have permission to view this content. If you believe this is a mistake, please contact your administrator or try signing in with different credentials.");

    /// <summary>The answer to fields that break their rules (docs/spec/platform.md, section 4 rule 3).</summary>
    public static Error ValidationFailed(IReadOnlyList<FieldError> fields) => new(ErrorKind.Invalid, "Validation failed.", null, fields);
}
