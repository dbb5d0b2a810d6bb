using Coder.Domain.Common;
using FluentValidation;
using MediatR;

namespace Coder.Application.Common.Behaviors;

/// <summary>Refuses a request whose fields break their rules, with the answer of docs/spec/platform.md, section 4 rule 3.</summary>
internal sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
    where TResponse : IOutcome<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        List<FieldError>? errors = null;
        foreach (var validator in validators)
        {
            var result = await validator.ValidateAsync(request, cancellationToken);
            foreach (var failure in result.Errors)
            {
                (errors ??= []).Add(new FieldError(failure.PropertyName, WireRules.Detail(failure)));
            }
        }

        return errors is null ? await next(cancellationToken) : TResponse.From(Error.ValidationFailed(errors));
    }
}
