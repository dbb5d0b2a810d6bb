using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Takes what an app of an agent says of itself (docs/spec/workspaces.md, section 7.4).</summary>
/// <param name="Agent">Who reports.</param>
/// <param name="Slug">Which app.</param>
/// <param name="State">One of the states of <see cref="AppStatusState"/>.</param>
/// <param name="Message">At most 160 characters.</param>
/// <param name="Uri">Where to look; may be empty; at most 2048 characters.</param>
public sealed record SetAppStatus(AgentSession Agent, string Slug, string State, string Message, string Uri) : ICommand<Done>;

internal sealed class SetAppStatusHandler(IAgentStore agents, IIds ids, TimeProvider time) : IRequestHandler<SetAppStatus, Result<Done>>
{
    private const int LongestMessage = 160;
    private const int LongestUri = 2048;

    public async Task<Result<Done>> Handle(SetAppStatus request, CancellationToken cancellationToken)
    {
        if (await agents.FindAppAsync(request.Agent.AgentId, request.Slug, cancellationToken) is not { } app)
        {
            return new Error(ErrorKind.Invalid, "Failed to get workspace app.", $"The agent has no app with the slug \"{request.Slug}\".");
        }

        if (!AppStatusStates.TryParse(request.State, out var state))
        {
            return new Error(
                ErrorKind.Invalid, "Invalid state provided.", $"\"{request.State}\" is none of working, idle, complete and failure.");
        }

        if (request.Message.Length > LongestMessage)
        {
            return new Error(ErrorKind.Invalid, "Message is too long.", "A message has at most 160 characters.");
        }

        if (request.Uri.Length > LongestUri)
        {
            return new Error(ErrorKind.Invalid, "URI is too long.", "A URI has at most 2048 characters.");
        }

        var status = new AppStatusView(
            ids.Sequential(),
            time.GetUtcNow().ToMicroseconds(),
            request.Agent.AgentId,
            app,
            request.Agent.Place.WorkspaceId,
            state,
            request.Message,
            request.Uri.Length == 0 ? null : request.Uri);
        await agents.AddAppStatusAsync(status, cancellationToken);
        return Done.Value;
    }
}
