using System.Text;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>Addresses of Terraform, such as <c>module.m["a.b"].coder_agent.main[0]</c>.</summary>
internal static class Address
{
    /// <summary>The address without the keys of instances, as it stands in the configuration.</summary>
    internal static string WithoutKeys(string address)
    {
        var plain = new StringBuilder(address.Length);
        foreach (var step in Steps(address))
        {
            plain.Append(plain.Length == 0 ? "" : ".").Append(step);
        }

        return plain.ToString();
    }

    /// <summary>The names of an address or reference, without keys of instances.</summary>
    internal static IReadOnlyList<string> Steps(string address)
    {
        var steps = new List<string>();
        var step = new StringBuilder();
        var inKey = false;
        var inQuotes = false;
        for (var i = 0; i < address.Length; i++)
        {
            var character = address[i];
            if (inQuotes)
            {
                inQuotes = character != '"';
                i += character == '\\' ? 1 : 0;
            }
            else if (inKey)
            {
                inQuotes = character == '"';
                inKey = character != ']';
            }
            else if (character == '[')
            {
                inKey = true;
            }
            else if (character == '.')
            {
                steps.Add(step.ToString());
                step.Clear();
            }
            else
            {
                step.Append(character);
            }
        }

        steps.Add(step.ToString());
        return steps;
    }
}
