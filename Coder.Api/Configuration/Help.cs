using System.ComponentModel;
using System.Reflection;
using System.Text;

namespace Coder.Api.Configuration;

/// <summary>The text of <c>--help</c>.</summary>
internal static class Help
{
    /// <summary>All flags, with their variables, built-in values and meanings.</summary>
    public static string Text()
    {
        var text = new StringBuilder("Runs the Coder server.\n\nEvery flag is also an environment variable and a key of the file that CODER_CONFIG_PATH names.\n\n");
        var defaults = new CoderOptions();
        foreach (var property in typeof(CoderOptions).GetProperties())
        {
            var name = property.GetCustomAttribute<ConfigurationKeyNameAttribute>()!.Name;
            var value = (string)property.GetValue(defaults)!;
            text.Append("  --").Append(name.ToLowerInvariant().Replace('_', '-')).Append(", ").Append(CoderOptions.Prefix).Append(name);
            if (value.Length > 0)
            {
                text.Append(" (").Append(value).Append(')');
            }

            text.Append("\n      ").Append(property.GetCustomAttribute<DescriptionAttribute>()!.Description).Append('\n');
        }

        return text.ToString();
    }
}
