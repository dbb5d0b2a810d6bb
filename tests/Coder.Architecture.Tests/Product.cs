using System.Reflection;
using System.Runtime.CompilerServices;
using Coder.Api.Hosting;
using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Infrastructure.Database;
using MediatR;

namespace Coder.Architecture.Tests;

/// <summary>The four layers as these tests see them.</summary>
internal static class Product
{
    public const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static Assembly Domain { get; } = typeof(Error).Assembly;

    public static Assembly Application { get; } = typeof(ITransactional).Assembly;

    public static Assembly Infrastructure { get; } = typeof(DbSession).Assembly;

    public static Assembly Api { get; } = typeof(CoderServer).Assembly;

    public static IReadOnlyList<Assembly> Layers { get; } = [Domain, Application, Infrastructure, Api];

    /// <summary>Everything that can be sent.</summary>
    public static IReadOnlyList<Type> Requests { get; } =
        [.. Written(Application).Where(t => !t.IsInterface && !t.IsAbstract && t.IsAssignableTo(typeof(IBaseRequest)))];

    public static IReadOnlyList<Type> Controllers { get; } =
        [.. Written(Api).Where(t => t.IsAssignableTo(typeof(CoderController)) && !t.IsAbstract)];

    /// <summary>The types that stand in the sources, without those that the compiler adds.</summary>
    public static IEnumerable<Type> Written(Assembly assembly) => assembly.GetTypes().Where(
        t => !t.Name.Contains('<')
            && !t.IsDefined(typeof(CompilerGeneratedAttribute))
            && t.Namespace?.StartsWith("Coder", StringComparison.Ordinal) == true);

    /// <summary>Public methods of a controller that are routes.</summary>
    public static IEnumerable<MethodInfo> Actions(Type controller) =>
        controller.GetMethods(Declared).Where(m => m.IsPublic && !m.IsSpecialName && !m.IsStatic);

    public static bool IsRecord(Type type) => type.GetMethod("<Clone>$", Declared) is not null;
}
