using Coder.Cli.Common;

namespace Coder.Cli.Tests.Common;

public sealed class ValuesFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("a: b")]
    [InlineData("---\n# comment\n\na: b   # more\n")]
    [InlineData("\"a\": \"b\"")]
    [InlineData("'a': 'b' # more")]
    [InlineData("""{ "a": "b", /* comment */ }""")]
    public void Lines_and_JSON_objects_say_the_same(string text) => Read(text).Should().Equal(Pair("a", "b"));

    [Theory]
    [InlineData("a:", "")]
    [InlineData("a: # nothing", "")]
    [InlineData("a: b: c#d", "b: c#d")]
    [InlineData("a: https://x.test/#y", "https://x.test/#y")]
    [InlineData("a: 'it''s'", "it's")]
    [InlineData("a: \"two\\nlines\"", "two\nlines")]
    [InlineData("a: 12", "12")]
    [InlineData("a: true", "true")]
    [InlineData("a: [\"x\", \"y\"]", "[\"x\", \"y\"]")]
    [InlineData("a:\n- x\n- \"y z\"", "[\"x\",\"y z\"]")]
    [InlineData("a:\n  - x\n  - y", "[\"x\",\"y\"]")]
    [InlineData("""{"a": 12}""", "12")]
    [InlineData("""{"a": ["x"]}""", "[\"x\"]")]
    public void Values_are_texts_whatever_they_look_like(string text, string value) => Read(text).Should().Equal(Pair("a", value));

    [Theory]
    [InlineData("a: b\nsecret", 2)]
    [InlineData("a: |\n  b", 1)]
    [InlineData("a:\n  b: secret", 2)]
    [InlineData("a: {b: secret}", 1)]
    [InlineData("a: *b", 1)]
    [InlineData("a: \"b", 1)]
    [InlineData("a: 'b' secret", 1)]
    [InlineData("a: [b]", 1)]
    [InlineData("- secret", 1)]
    [InlineData("a: b\n- secret", 2)]
    [InlineData(": secret", 1)]
    public void What_else_YAML_can_do_is_refused_with_its_line_and_not_shown(string text, int line)
    {
        var error = Write(text).Error;

        error!.Message.Should().Be($"{_path}: line {line} is none of: name: value, - item, # comment");
        (error.Message + error.Detail).Should().NotContain("secret");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a\": 1} x")]
    public void Broken_JSON_is_named_as_such(string text) => Write(text).Error!.Message.Should().Be($"{_path} is no JSON object");

    [Fact]
    public void A_missing_file_is_named() =>
        ValuesFile.Read(_path + ".none").Error!.Message.Should().Be($"Can not read {_path}.none");

    private Dictionary<string, string> Read(string text)
    {
        Write(text).Is(out var values, out var error).Should().BeTrue(error?.Message);
        return values!;
    }

    private CliResult<Dictionary<string, string>> Write(string text)
    {
        File.WriteAllText(_path, text);
        return ValuesFile.Read(_path);
    }

    private static Dictionary<string, string> Pair(string name, string value) => new() { [name] = value };
}
