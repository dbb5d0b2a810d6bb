using Coder.Cli.Provisionerd.Terraform;

namespace Coder.Cli.Tests.Provisionerd.Terraform;

public sealed class AddressTests
{
    [Theory]
    [InlineData("coder_agent.main", "coder_agent.main")]
    [InlineData("coder_agent.main[0]", "coder_agent.main")]
    [InlineData("module.m[\"a.b]\\\"c\"].data.coder_parameter.x[1]", "module.m.data.coder_parameter.x")]
    public void The_keys_of_instances_can_be_left_out(string address, string plain) => Address.WithoutKeys(address).Should().Be(plain);
}
