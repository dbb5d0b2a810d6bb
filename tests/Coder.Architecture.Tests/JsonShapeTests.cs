using System.Reflection;
using Coder.Api.Http;
using Coder.Api.Json;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Architecture.Tests;

public sealed class JsonShapeTests
{
    private const string Suffix = "Json";

    [Fact]
    public void Shapes_are_sealed_records()
    {
        var shapes = Shapes().ToList();

        var offenders = shapes.Where(t => !t.IsValueType && (!t.IsSealed || !Product.IsRecord(t)));

        shapes.Should().NotBeEmpty();
        offenders.Should().BeEmpty();
    }

    [Fact]
    public void Every_shape_is_known_to_a_source_generated_context()
    {
        var forgotten = Shapes().Append(typeof(ResponseBody)).Where(IsForgotten);

        forgotten.Should().BeEmpty("a forgotten shape falls back to reflection, silently");
    }

    [Fact]
    public void Everything_that_an_action_reads_or_answers_is_known_to_a_source_generated_context()
    {
        var spoken = Bodies().Concat(Answers()).Distinct().ToList();

        spoken.Should().NotBeEmpty();
        spoken.Where(IsForgotten).Should().BeEmpty();
    }

    [Fact]
    public void Every_property_of_a_request_shape_is_nullable()
    {
        var nullability = new NullabilityInfoContext();
        var shapes = Bodies()
            .Concat(Shapes().Where(t => t.Name.EndsWith("RequestJson", StringComparison.Ordinal)))
            .SelectMany(WithParts)
            .Distinct();

        var offenders =
            from shape in shapes
            from property in shape.GetProperties()
            where property.GetMethod is { IsVirtual: false } && nullability.Create(property).ReadState != NullabilityState.Nullable
            select $"{shape.Name}.{property.Name}";

        offenders.Should().BeEmpty("absent and null both mean the default, and validators judge");
    }

    private static IEnumerable<Type> Shapes() => Product.Written(Product.Api).Where(t => t.Name.EndsWith(Suffix, StringComparison.Ordinal));

    private static IEnumerable<MethodInfo> Actions() => Product.Controllers.SelectMany(Product.Actions);

    private static IEnumerable<Type> Bodies() => Actions()
        .SelectMany(action => action.GetParameters())
        .Where(parameter => parameter.IsDefined(typeof(FromBodyAttribute)))
        .Select(parameter => parameter.ParameterType);

    private static IEnumerable<Type> Answers() => Actions()
        .SelectMany(action => action.GetCustomAttributes<ProducesResponseTypeAttribute>())
        .Select(answer => answer.Type)
        .Where(type => type != typeof(void))!;

    // A request within a request follows the same rule.
    private static IEnumerable<Type> WithParts(Type shape) => shape.GetProperties()
        .Select(property => property.PropertyType)
        .SelectMany(type => type.GetGenericArguments().Append(type.GetElementType() ?? type))
        .Where(part => part != shape && part.Assembly == Product.Api && part.Name.EndsWith(Suffix, StringComparison.Ordinal))
        .SelectMany(WithParts)
        .Prepend(shape);

    private static bool IsForgotten(Type type) => JsonSetup.Contexts.All(context => context.GetTypeInfo(type) is null);
}
