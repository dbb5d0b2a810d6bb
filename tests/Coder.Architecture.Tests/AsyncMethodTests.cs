using System.Reflection;
using Coder.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Coder.Architecture.Tests;

/// <summary>
/// Asynchronous methods as far as we choose their form: not actions, and not what an interface or a base class of others asks for.
/// </summary>
public sealed class AsyncMethodTests
{
    private const string EntryPoint = "Main";

    [Fact]
    public void Asynchronous_methods_say_so_in_their_name()
    {
        var methods = Ours().ToList();

        methods.Should().NotBeEmpty();
        Describe(methods.Where(m => !m.Name.EndsWith("Async", StringComparison.Ordinal))).Should().BeEmpty();
    }

    [Fact]
    public void Asynchronous_methods_take_a_cancellation_token_last_and_without_a_default()
    {
        var offenders = Ours().Where(m => !HasRequestAborted(m) && !EndsWithToken(m.GetParameters()));

        Describe(offenders).Should().BeEmpty();
    }

    private static bool EndsWithToken(ParameterInfo[] parameters) =>
        parameters is [.., { HasDefaultValue: false } last] && last.ParameterType == typeof(CancellationToken);

    // The request carries a token of its own.
    private static bool HasRequestAborted(MethodInfo method) =>
        method.DeclaringType!.IsAssignableTo(typeof(CoderController))
        || method.GetParameters().Any(p => p.ParameterType == typeof(HttpContext));

    private static IEnumerable<MethodInfo> Ours() => Product.Layers
        .SelectMany(Product.Written)
        .Where(type => !type.IsAssignableTo(typeof(Delegate)))
        .SelectMany(type => type.GetMethods(Product.Declared))
        .Where(m => IsAwaitable(m.ReturnType) && !m.IsSpecialName && !m.Name.Contains('<') && m.Name != EntryPoint)
        .Where(m => !IsAction(m) && !IsAskedForByOthers(m));

    private static bool IsAwaitable(Type type) => type.Name is "Task" or "Task`1" or "ValueTask" or "ValueTask`1" or "IAsyncEnumerable`1";

    private static bool IsAction(MethodInfo method) => method.IsPublic && Product.Controllers.Contains(method.DeclaringType);

    private static bool IsAskedForByOthers(MethodInfo method)
    {
        if (!Product.Layers.Contains(method.GetBaseDefinition().DeclaringType!.Assembly))
        {
            return true;
        }

        var type = method.DeclaringType!;
        return !type.IsInterface && type.GetInterfaces()
            .Where(i => !Product.Layers.Contains(i.Assembly))
            .Any(i => type.GetInterfaceMap(i).TargetMethods.Contains(method));
    }

    // All of them at once, so that one run is enough to mend them.
    private static string Describe(IEnumerable<MethodInfo> methods) => string.Join('\n', methods.Select(Describe));

    private static string Describe(MethodInfo method) =>
        $"{method.DeclaringType!.FullName}.{method.Name}({string.Join(", ", method.GetParameters().Select(p => p.ParameterType.Name))})";
}
