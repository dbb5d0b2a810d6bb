using Coder.Domain.Common;
using Coder.Infrastructure.Licensing;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Licensing;

public sealed class TrustedLicenseKeysTests
{
    private const string Key1 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    private const string Key2 = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
    private const string Unpadded = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("  ", "")]
    [InlineData(",", "")]
    [InlineData($"a={Key1}", "a")]
    [InlineData($"a={Unpadded}", "a")]
    [InlineData($"a={Key1},b={Key2}", "a b")]
    [InlineData($" a = {Key1} , b={Key2} , ", "a b")]
    [InlineData($"2022-08-12={Key1}", "2022-08-12")]
    [InlineData($"a={Key1},A={Key1}", "a A")]
    public void A_list_of_keys_is_read(string? configured, string keyIds)
    {
        var expected = keyIds.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var isRead = TrustedLicenseKeys.Parse(configured).Is(out var keys, out _);

        isRead.Should().BeTrue();
        keys!.Count.Should().Be(expected.Length);
        expected.Select(id => keys.Find(id)?.KeyId).Should().Equal(expected);
    }

    [Theory]
    [InlineData("a", "entry 1: expected kid=base64")]
    [InlineData("a=", "entry 1: expected kid=base64")]
    [InlineData("a==", "entry 1: expected kid=base64")]
    [InlineData($"={Key1}", "entry 1: expected kid=base64")]
    [InlineData(Key1, "entry 1: expected kid=base64")]
    [InlineData($"a={Key1},b", "entry 2: expected kid=base64")]
    [InlineData(",,b", "entry 3: expected kid=base64")]
    [InlineData("a=%%%%", "entry 1 (\"a\"): the key is not base64 in the standard alphabet")]
    [InlineData("a=11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "entry 1 (\"a\"): the key is not base64 in the standard alphabet")]
    [InlineData($"a={Unpadded}==", "entry 1 (\"a\"): the key is not base64 in the standard alphabet")]
    [InlineData($"a={Unpadded}===", "entry 1 (\"a\"): the key is not base64 in the standard alphabet")]
    [InlineData("a=AAAAA", "entry 1 (\"a\"): the key is not base64 in the standard alphabet")]
    [InlineData("a=AA AA", "entry 1 (\"a\"): the key is not base64 in the standard alphabet")]
    [InlineData($"a=b={Key1}", "entry 1 (\"a\"): the key is not base64 in the standard alphabet")]
    [InlineData("a=AAAA", "entry 1 (\"a\"): an Ed25519 public key has 32 bytes, this one has 3")]
    [InlineData($"b={Key2},a=AAAA", "entry 2 (\"a\"): an Ed25519 public key has 32 bytes, this one has 3")]
    [InlineData("a=AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "entry 1 (\"a\"): the key is not a valid Ed25519 public key")]
    [InlineData("a=AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "entry 1 (\"a\"): the key is not a valid Ed25519 public key")]
    [InlineData($"a={Key1},a={Key2}", "entry 2 (\"a\"): another entry has the same kid")]
    public void A_bad_entry_is_named(string configured, string message)
    {
        var isRead = TrustedLicenseKeys.Parse(configured).Is(out _, out var error);

        isRead.Should().BeFalse();
        error!.Kind.Should().Be(ErrorKind.Invalid);
        error.Message.Should().Be("CODER_LICENSE_KEYS: " + message);
    }

    [Fact]
    public void A_private_key_put_there_by_mistake_is_not_repeated()
    {
        var secret = Convert.ToBase64String(Enumerable.Range(1, 64).Select(i => (byte)i).ToArray());

        var errors = new[] { secret, $"a={secret}", $"a={Key1},{secret}" }.Select(list => TrustedLicenseKeys.Parse(list).Error!.Message);

        errors.Should().AllSatisfy(message => message.Should().NotContain(secret[..16]));
    }

    [Fact]
    public void A_key_is_found_by_its_exact_id_only()
    {
        var mint = new LicenseMint(DateTimeOffset.UnixEpoch, "Main");

        TrustedLicenseKeys.Parse(mint.TrustedKeys).Is(out var keys, out _);

        keys!.Find("Main").Should().NotBeNull();
        keys.Find("main").Should().BeNull();
        keys.Find("").Should().BeNull();
    }
}
