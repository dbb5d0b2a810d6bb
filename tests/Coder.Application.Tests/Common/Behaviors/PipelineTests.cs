using System.Data;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Coder.Application.Tests.Common.Behaviors;

/// <summary>What stands around every handler, and in which order.</summary>
public sealed class PipelineTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly Actor Owner = ActorWith(RoleNames.Owner);
    private static readonly Actor Member = ActorWith();

    private readonly List<string> _events = [];

    [Fact]
    public async Task A_good_request_is_validated_and_then_handled_within_its_transaction()
    {
        var result = await SendAsync(new AddProbe(Owner, "fine"));

        result.Should().Be(Result<string>.From("added fine"));
        _events.Should().Equal("validate", "begin ReadCommitted", "handle", "commit");
    }

    [Fact]
    public async Task The_gate_refuses_before_anything_is_looked_at()
    {
        var result = await SendAsync(new AddProbe(Member, ""));

        result.Error.Should().Be(Error.Forbidden);
        _events.Should().BeEmpty();
    }

    [Fact]
    public async Task Fields_are_judged_before_a_transaction_is_opened_and_all_at_once()
    {
        var result = await SendAsync(new AddProbe(Owner, "") { Color = "red", Secret = "hunter2" });

        result.Error.Should().BeEquivalentTo(Error.ValidationFailed(
        [
            new FieldError("probe_name", "Validation failed for tag \"required\" with value: \"\""),
            new FieldError("color", "Validation failed for tag \"hexcolor\" with value: \"red\""),
            new FieldError("secret", "Validation failed for tag \"min\" with value: \"\""),
        ]));
        _events.Should().Equal("validate");
    }

    [Fact]
    public async Task A_failure_rolls_back_and_is_the_answer()
    {
        var result = await SendAsync(new AddProbe(Owner, "taken"));

        result.Error.Should().BeEquivalentTo(new Error(ErrorKind.Conflict, "Taken."));
        _events.Should().Equal("validate", "begin ReadCommitted", "handle", "rollback");
    }

    [Fact]
    public async Task A_request_that_is_not_transactional_gets_no_transaction()
    {
        var result = await SendAsync(new ReadProbe());

        result.Should().Be(Result<string>.From("read"));
        _events.Should().Equal("read");
    }

    [Fact]
    public async Task A_command_may_ask_for_another_isolation()
    {
        await SendAsync(new CountProbes());

        _events.Should().Equal("begin Serializable", "handle", "commit");
    }

    [Fact]
    public async Task An_exception_passes_through_untouched()
    {
        var send = () => SendAsync(new AddProbe(Owner, "bug"));

        (await send.Should().ThrowAsync<InvalidOperationException>()).WithMessage("bug");
        _events.Should().Equal("validate", "begin ReadCommitted", "handle");
    }

    private async Task<Result<string>> SendAsync(IRequest<Result<string>> request)
    {
        var services = new ServiceCollection()
            .AddCoderApplication()
            .AddSingleton<TimeProvider>(new FakeTimeProvider())
            .AddSingleton(Substitute.For<IEntitlementSource>())
            .AddSingleton(_events)
            .AddSingleton<IUnitOfWork, RecordingUnitOfWork>()
            .AddSingleton<IValidator<AddProbe>, AddProbeValidator>()
            .AddSingleton<IRequestHandler<AddProbe, Result<string>>, AddProbeHandler>()
            .AddSingleton<IRequestHandler<ReadProbe, Result<string>>, ReadProbeHandler>()
            .AddSingleton<IRequestHandler<CountProbes, Result<string>>, CountProbesHandler>();
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<ISender>().Send(request, Ct);
    }

    private static Actor ActorWith(params string[] roles) => Actor.Create(
        Guid.Parse("0b3a4f0e-0000-4000-8000-000000000001"), "tester", roles, [], [], KeyScope.All, [], AuthorizationOptions.Default);

    [RequiresPermission(ResourceType.License, PermissionAction.Create)]
    private sealed record AddProbe(Actor Actor, string Name) : ICommand<string>, ITransactional, IActorRequest
    {
        public string Color { get; init; } = "#ffffff";

        public string Secret { get; init; } = "long enough";
    }

    private sealed record ReadProbe : IQuery<string>;

    private sealed record CountProbes : ICommand<string>, ITransactional
    {
        public IsolationLevel IsolationLevel => IsolationLevel.Serializable;
    }

    private sealed class AddProbeValidator : AbstractValidator<AddProbe>
    {
        public AddProbeValidator(List<string> events)
        {
            this.Field(p => p.Name, "probe_name").Required().Tagged("probe_name", n => n.Length < 10);
            this.Field(p => p.Color, "color").Tagged("hexcolor", c => c.StartsWith('#'));
            this.Field(p => p.Secret, "secret").Tagged("min", s => s.Length > 8).IsSecret();
            RuleFor(p => p).Custom((_, _) => events.Add("validate"));
        }
    }

    private sealed class AddProbeHandler(List<string> events) : IRequestHandler<AddProbe, Result<string>>
    {
        public Task<Result<string>> Handle(AddProbe request, CancellationToken cancellationToken)
        {
            events.Add("handle");
            return request.Name switch
            {
                "taken" => Task.FromResult<Result<string>>(new Error(ErrorKind.Conflict, "Taken.")),
                "bug" => throw new InvalidOperationException("bug"),
                _ => Task.FromResult<Result<string>>($"added {request.Name}"),
            };
        }
    }

    private sealed class ReadProbeHandler(List<string> events) : IRequestHandler<ReadProbe, Result<string>>
    {
        public Task<Result<string>> Handle(ReadProbe request, CancellationToken cancellationToken)
        {
            events.Add("read");
            return Task.FromResult<Result<string>>("read");
        }
    }

    private sealed class CountProbesHandler(List<string> events) : IRequestHandler<CountProbes, Result<string>>
    {
        public Task<Result<string>> Handle(CountProbes request, CancellationToken cancellationToken)
        {
            events.Add("handle");
            return Task.FromResult<Result<string>>("0");
        }
    }

    private sealed class RecordingUnitOfWork(List<string> events) : IUnitOfWork
    {
        public async Task<TOutcome> RunAsync<TOutcome>(
            IsolationLevel isolation, Func<CancellationToken, Task<TOutcome>> work, CancellationToken ct)
            where TOutcome : IOutcome<TOutcome>
        {
            events.Add($"begin {isolation}");
            var outcome = await work(ct);
            events.Add(outcome.Error is null ? "commit" : "rollback");
            return outcome;
        }
    }
}
