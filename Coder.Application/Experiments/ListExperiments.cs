using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Experiments;
using MediatR;

namespace Coder.Application.Experiments;

/// <summary>The experiments that are switched on, for anybody who is signed in.</summary>
public sealed record ListExperiments(Actor Actor) : IQuery<IReadOnlyList<Experiment>>, IActorRequest;

internal sealed class ListExperimentsHandler(ExperimentSet experiments)
    : IRequestHandler<ListExperiments, Result<IReadOnlyList<Experiment>>>
{
    public Task<Result<IReadOnlyList<Experiment>>> Handle(ListExperiments request, CancellationToken cancellationToken) =>
        Task.FromResult(Result<IReadOnlyList<Experiment>>.From(experiments.Enabled));
}
