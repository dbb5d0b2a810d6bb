using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;

namespace Coder.Application.ConnectionLogs;

/// <summary>Reads the fields of reports and collects what is wrong with all of them.</summary>
internal sealed class ReportFields
{
    /// <summary>The most reports that may come at once.</summary>
    public const int Most = 1_000;

    private readonly List<FieldError> _errors = [];

    public Error? Error => _errors.Count == 0 ? null : Error.ValidationFailed(_errors);

    /// <summary>Whether so many reports may come at once.</summary>
    public bool Fits(int count)
    {
        if (count is < 1 or > Most)
        {
            Refuse("connections", "There must be 1 to 1000 reports.");
            return false;
        }

        return true;
    }

    /// <summary>An id that must be there and not be nil.</summary>
    public Guid Id(string field, string? text)
    {
        if (!Guid.TryParseExact(text, "D", out var id) || id == Guid.Empty)
        {
            Refuse(field, "It must be a UUID that is not zero.");
        }

        return id;
    }

    /// <summary>An id that may be left out, or be nil, which is the same.</summary>
    public Guid? OptionalId(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!Guid.TryParseExact(text, "D", out var id))
        {
            Refuse(field, "It must be a UUID.");
        }

        return id == Guid.Empty ? null : id;
    }

    /// <summary>A text that must be there.</summary>
    public string Text(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            Refuse(field, "It must not be empty.");
        }

        return text ?? "";
    }

    /// <summary>A type of sessions, or of openings.</summary>
    public ConnectionType Type(string field, string? text, bool ofSessions)
    {
        if (!ConnectionTypes.TryParse(text ?? "", out var type) || type.IsSession() != ofSessions)
        {
            Refuse(field, ofSessions
                ? "It must be one of ssh, vscode, jetbrains and reconnecting_pty."
                : "It must be one of workspace_app and port_forwarding.");
        }

        return type;
    }

    public void Refuse(string field, string detail) => _errors.Add(new FieldError(field, detail));
}
