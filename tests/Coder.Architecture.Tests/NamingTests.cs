using Coder.Testing;
using FluentValidation;
using MediatR;

namespace Coder.Architecture.Tests;

public sealed class NamingTests
{
    [Fact]
    public void Requests_are_sealed_records()
    {
        var offenders = Product.Requests.Where(t => !t.IsSealed || !Product.IsRecord(t));

        Product.Requests.Should().NotBeEmpty();
        offenders.Should().BeEmpty();
    }

    [Fact]
    public void Requests_are_queries_or_commands()
    {
        var offenders = Product.Requests.Where(t => KindsOf(t).Count() != 1);

        offenders.Should().BeEmpty("a request either reads or changes something, and answers with a Result");
    }

    [Fact]
    public void Every_request_has_one_handler_that_is_sealed_internal_and_named_after_it()
    {
        var handlers = Product.Written(Product.Application).SelectMany(Handled).ToList();

        var offenders = handlers.Where(h => !h.Handler.IsSealed || h.Handler.IsVisible || h.Handler.Name != $"{h.Request.Name}Handler");

        offenders.Should().BeEmpty();
        handlers.Select(h => h.Request).Should().BeEquivalentTo(Product.Requests);
    }

    [Fact]
    public void Validators_are_sealed_internal_and_named_after_what_they_judge()
    {
        var validators = Product.Written(Product.Application).SelectMany(Judged).ToList();

        var offenders = validators.Where(
            v => !v.Validator.IsSealed || v.Validator.IsVisible || v.Validator.Name != $"{v.Request.Name}Validator");

        validators.Should().NotBeEmpty();
        offenders.Should().BeEmpty();
    }

    [Fact]
    public void A_use_case_is_one_file()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(RepositoryTree.Root, "Coder.Application"), "*.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);

        var offenders = Product.Requests.Where(
            request => !sources[request.Name].Select(File.ReadAllText).Any(
                text => text.Contains($"record {request.Name}", StringComparison.Ordinal)
                    && text.Contains($"class {request.Name}Handler", StringComparison.Ordinal)));

        offenders.Should().BeEmpty();
    }

    [Fact]
    public void Controllers_are_sealed_and_named_so()
    {
        var offenders = Product.Controllers.Where(t => !t.IsSealed || !t.Name.EndsWith("Controller", StringComparison.Ordinal));

        offenders.Should().BeEmpty();
    }

    private static IEnumerable<Type> KindsOf(Type request) => request.GetInterfaces().Where(
        i => i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(Coder.Application.Common.IQuery<>)
            || i.GetGenericTypeDefinition() == typeof(Coder.Application.Common.ICommand<>)));

    private static IEnumerable<(Type Handler, Type Request)> Handled(Type type) => type.GetInterfaces()
        .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>))
        .Select(i => (type, i.GetGenericArguments()[0]));

    private static IEnumerable<(Type Validator, Type Request)> Judged(Type type) => type.GetInterfaces()
        .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IValidator<>))
        .Select(i => (type, i.GetGenericArguments()[0]));
}
