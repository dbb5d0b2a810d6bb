using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Common.Behaviors;

/// <summary>Gives <see cref="ITransactional"/> commands their transaction.</summary>
internal sealed class TransactionBehavior<TRequest, TResponse>(IUnitOfWork unitOfWork) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : ITransactional
    where TResponse : IOutcome<TResponse>
{
    public Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken) =>
        unitOfWork.RunAsync(request.IsolationLevel, ct => next(ct), cancellationToken);
}
