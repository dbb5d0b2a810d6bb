using System.Reflection;
using Mono.Cecil;

namespace Coder.Architecture.Tests;

/// <summary>
/// Which requests a controller action makes, read from its instructions: its own, those of its lambdas and state machine, and those of
/// the methods of the same controller that it calls.
/// </summary>
internal sealed class ActionMap : IDisposable
{
    private readonly ModuleDefinition _module = ModuleDefinition.ReadModule(Product.Api.Location);
    private readonly Dictionary<string, Type> _requests = Product.Requests.ToDictionary(t => t.FullName!, StringComparer.Ordinal);

    public IReadOnlyCollection<Type> RequestsOf(MethodInfo action)
    {
        var found = new HashSet<Type>();
        Visit((MethodDefinition)_module.LookupToken(action.MetadataToken), [], found);
        return found;
    }

    public void Dispose() => _module.Dispose();

    private void Visit(MethodDefinition method, HashSet<MethodDefinition> seen, HashSet<Type> found)
    {
        if (!seen.Add(method) || !method.HasBody)
        {
            return;
        }

        foreach (var reference in method.Body.Instructions.Select(i => i.Operand).OfType<MethodReference>())
        {
            // A constructor makes its own type, a factory or a copy what it returns.
            var made = reference.Name == ".ctor" ? reference.DeclaringType : reference.ReturnType;
            if (_requests.TryGetValue(made.FullName, out var request))
            {
                found.Add(request);
            }

            if (reference.DeclaringType.GetElementType() is TypeDefinition owner && Outermost(owner) == Outermost(method.DeclaringType))
            {
                Visit(reference.Resolve(), seen, found);
            }
        }

        // What is awaited stands in a type of its own, whose method the caller never names.
        foreach (var machine in method.CustomAttributes.Where(a => a.AttributeType.Name == "AsyncStateMachineAttribute"))
        {
            var type = ((TypeReference)machine.ConstructorArguments[0].Value).Resolve();
            Visit(type.Methods.Single(m => m.Name == "MoveNext"), seen, found);
        }
    }

    private static TypeDefinition Outermost(TypeDefinition type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }
}
