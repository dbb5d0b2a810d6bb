using System.Text;
using System.Text.Json;
using Coder.Api.Json;
using Coder.Domain.Common;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;

namespace Coder.Api.Http;

/// <summary>Makes the framework answer in the shapes of this API.</summary>
internal static class MvcSetup
{
    private const string NotJson = "Request body must be valid JSON.";

    public static IServiceCollection AddCoderControllers(this IServiceCollection services)
    {
        services.AddSingleton<GateFilter>();

        // Attributes on JSON shapes are for the document; the validators of the use cases judge.
        services.AddSingleton<IObjectModelValidator, NoModelValidation>();
        services
            .AddControllers(options =>
            {
                options.Filters.AddService<GateFilter>();
                options.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;

                // A body is JSON whatever its Content-Type says, so nothing may read it as a form first.
                options.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
                options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
                options.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
                options.OutputFormatters.RemoveType<StringOutputFormatter>();
                options.OutputFormatters.RemoveType<HttpNoContentOutputFormatter>();
            })
            .ConfigureApplicationPartManager(parts =>
            {
                parts.FeatureProviders.Clear();
                parts.FeatureProviders.Add(new InternalControllers());
            })
            .AddJsonOptions(options =>
            {
                JsonSetup.Apply(options.JsonSerializerOptions);
                options.AllowInputFormatterExceptionMessages = false;
            })
            .ConfigureApiBehaviorOptions(options =>
            {
                options.SuppressMapClientErrors = true;
                options.InvalidModelStateResponseFactory = context => ErrorPresenter.Present(context.HttpContext, Describe(context.ModelState));
            });
        services.AddOptions<MvcOptions>().PostConfigure<ILoggerFactory, Microsoft.Extensions.Options.IOptions<JsonOptions>>(
            (options, loggers, json) =>
            {
                options.InputFormatters.Clear();
                options.InputFormatters.Add(new AnyContentTypeFormatter(json.Value, loggers.CreateLogger<SystemTextJsonInputFormatter>()));
            });
        services.ConfigureHttpJsonOptions(options => JsonSetup.Apply(options.SerializerOptions));
        return services;
    }

    private static Error Describe(ModelStateDictionary state)
    {
        foreach (var (key, entry) in state)
        {
            foreach (var error in entry.Errors)
            {
                return error.Exception is JsonException exception
                    ? new Error(ErrorKind.Invalid, NotJson, Describe(exception))
                    : new Error(ErrorKind.Invalid, NotJson, key.Length == 0 ? "The body is empty." : $"\"{key}\" can not be read.");
            }
        }

        return new Error(ErrorKind.Invalid, NotJson);
    }

    // The framework's own texts name types of this program.
    private static string Describe(JsonException exception)
    {
        if (exception.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) && exception.InnerException is not JsonException)
        {
            return $"\"{path[2..]}\" has a value of the wrong type.";
        }

        return exception.LineNumber is { } line && exception.BytePositionInLine is { } position
            ? $"It can not be read at line {line + 1}, byte {position + 1}."
            : "It can not be read.";
    }

    /// <summary>Validators of the use cases judge; attributes on JSON shapes are for the published document only.</summary>
    private sealed class NoModelValidation : IObjectModelValidator
    {
        public void Validate(ActionContext actionContext, ValidationStateDictionary? validationState, string prefix, object? model)
        {
            foreach (var (_, entry) in actionContext.ModelState.FindKeysWithPrefix(prefix))
            {
                if (entry.ValidationState == ModelValidationState.Unvalidated)
                {
                    entry.ValidationState = ModelValidationState.Skipped;
                }
            }
        }
    }

    private sealed class AnyContentTypeFormatter(JsonOptions options, ILogger<SystemTextJsonInputFormatter> logger)
        : SystemTextJsonInputFormatter(options, logger)
    {
        public override bool CanRead(InputFormatterContext context) => true;

        // RFC 8259 section 8.1: JSON between systems is UTF-8, so a charset that says otherwise is as unimportant as the rest of the type.
        public override Task<InputFormatterResult> ReadRequestBodyAsync(InputFormatterContext context) =>
            ReadRequestBodyAsync(context, Encoding.UTF8);
    }
}
