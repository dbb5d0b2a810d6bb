using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Experiments;
using MediatR;

namespace Coder.Application.Experiments;

/// <summary>The experiments that are safe to switch on, for anybody who is signed in.</summary>
public sealed record ListAvailableExperiments(Actor Actor) : IQuery<IReadOnlyList<Experiment>>, IActorRequest;

internal sealed class ListAvailableExperimentsHandler : IRequestHandler<ListAvailableExperiments, Result<IReadOnlyList<Experiment>>>
{
    public Task<Result<IReadOnlyList<Experiment>>> Handle(ListAvailableExperiments request, CancellationToken cancellationToken) =>
        Task.FromResult(Result<IReadOnlyList<Experiment>>.From(Experiment.Safe));
}
