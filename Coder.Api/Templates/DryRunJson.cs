using Coder.Api.Builds;
using Coder.Application.Templates;

namespace Coder.Api.Templates;

/// <summary>Tries a template version.</summary>
/// <param name="WorkspaceName">What the workspace would be called; may be left out.</param>
/// <param name="RichParameterValues">Values of parameters; the others have their defaults.</param>
/// <param name="UserVariableValues">Values of variables; the others have those of the import.</param>
public sealed record CreateTemplateVersionDryRunRequestJson(
    string? WorkspaceName,
    IReadOnlyList<WorkspaceBuildParameterJson?>? RichParameterValues,
    IReadOnlyList<UserVariableValueJson?>? UserVariableValues)
{
    internal NewDryRun ToFields() => new()
    {
        WorkspaceName = WorkspaceName ?? "",
        Values = WorkspaceBuildParameterJson.Read(RichParameterValues),
        Variables = UserVariableValueJson.Read(UserVariableValues),
    };
}
