using System.Reflection;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Coder.Api.Http;

/// <summary>Finds controllers that are not public: no other assembly needs them.</summary>
internal sealed class InternalControllers : ControllerFeatureProvider
{
    protected override bool IsController(TypeInfo typeInfo) => typeInfo.IsAssignableTo(typeof(CoderController)) && !typeInfo.IsAbstract;
}
