using Coder.Domain.Common;

namespace Coder.Domain.Provisioning;

/// <summary>Why a job failed, where clients are to react to it; most failures have no code.</summary>
public enum JobErrorCode
{
    /// <summary>An import lacks the value of a variable that the template requires.</summary>
    RequiredTemplateVariables,
}

/// <summary>The names of <see cref="JobErrorCode"/> on the wire and in the database.</summary>
public static class JobErrorCodes
{
    private static readonly WireTable<JobErrorCode> Names = new("REQUIRED_TEMPLATE_VARIABLES");

    /// <summary>The wire name.</summary>
    public static string WireName(this JobErrorCode code) => Names[code];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out JobErrorCode code) => Names.TryParse(name, out code);
}
