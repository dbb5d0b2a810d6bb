using Coder.Application.Common;
using Coder.Domain.Common;
using FluentValidation;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Adds a source of log lines of an agent. The same id again changes nothing (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Agent">Who reports.</param>
/// <param name="Id">A UUID that is not nil; unique for the agent.</param>
/// <param name="DisplayName">At most 127 characters.</param>
/// <param name="Icon">A picture; at most 256 characters.</param>
public sealed record AddAgentLogSource(AgentSession Agent, string Id, string DisplayName, string Icon) : ICommand<AgentLogSource>;

internal sealed class AddAgentLogSourceValidator : AbstractValidator<AddAgentLogSource>
{
    public AddAgentLogSourceValidator()
    {
        this.Field(r => r.Id, "id").Required().Tagged("uuid", id => Guid.TryParseExact(id, "D", out var parsed) && parsed != Guid.Empty);
        this.Field(r => r.DisplayName, "display_name").Tagged("max=127", name => name.Length <= 127);
        this.Field(r => r.Icon, "icon").Tagged("max=256", icon => icon.Length <= 256);
    }
}

internal sealed class AddAgentLogSourceHandler(IAgentLogStore logs, TimeProvider time)
    : IRequestHandler<AddAgentLogSource, Result<AgentLogSource>>
{
    // All of them are part of each answer about the workspace.
    private const int Most = 100;

    public async Task<Result<AgentLogSource>> Handle(AddAgentLogSource request, CancellationToken cancellationToken)
    {
        var id = Guid.ParseExact(request.Id, "D");
        var source = new AgentLogSource(
            request.Agent.AgentId, id, time.GetUtcNow().ToMicroseconds(), request.DisplayName, request.Icon);
        return await logs.AddSourceAsync(source, Most, cancellationToken) is { } stored
            ? stored
            : new Error(ErrorKind.Invalid, "Failed to create log source.", $"An agent has at most {Most} log sources.");
    }
}
