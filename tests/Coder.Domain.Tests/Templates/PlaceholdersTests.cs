using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Templates;

public sealed class PlaceholdersTests
{
    private static readonly PlaceholderValues Values = new()
    {
        WorkspaceId = new Guid("11111111-1111-4111-8111-111111111111"),
        WorkspaceName = "dev",
        Transition = WorkspaceTransition.Stop,
        OwnerId = new Guid("22222222-2222-4222-8222-22222222222A"),
        OwnerName = "alice",
        OwnerEmail = "alice@example.com",
        PrebuildStage = PrebuildStage.Create,
        Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = "eu", ["a b.c"] = "odd", ["tricky"] = "${owner.name}$${" },
        Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = "us" },
    };

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("${workspace.id}", "11111111-1111-4111-8111-111111111111")]
    [InlineData("${workspace.name}/${workspace.transition}", "dev/stop")]
    [InlineData("${owner.id}", "22222222-2222-4222-8222-22222222222a")]
    [InlineData("<${owner.name}> ${owner.email}", "<alice> alice@example.com")]
    [InlineData("${prebuild.stage}", "create")]
    [InlineData("${parameter.region}${variable.region}", "euus")]
    [InlineData("${parameter.a b.c}", "odd")]
    [InlineData("$${owner.name}", "${owner.name}")]
    [InlineData("$$${owner.name}", "$${owner.name}")]
    [InlineData("$${", "${")]
    [InlineData("$", "$")]
    [InlineData("$$", "$$")]
    [InlineData("$ {owner.name} $5 }", "$ {owner.name} $5 }")]
    [InlineData("${parameter.tricky}", "${owner.name}$${")]
    public void Placeholders_are_replaced_in_one_pass(string text, string expected)
    {
        Placeholders.TryExpand(text, Values.Find, int.MaxValue, out var expanded, out var problem).Should().BeTrue();

        expanded.Should().Be(expected);
        problem.Should().BeNull();
    }

    [Theory]
    [InlineData("${}", "has an unknown placeholder: \"\"")]
    [InlineData("${workspace}", "has an unknown placeholder: \"workspace\"")]
    [InlineData("${Workspace.id}", "has an unknown placeholder: \"Workspace.id\"")]
    [InlineData("${ workspace.id }", "has an unknown placeholder: \" workspace.id \"")]
    [InlineData("${owner.password}", "has an unknown placeholder: \"owner.password\"")]
    [InlineData("${parameter.}", "has an unknown placeholder: \"parameter.\"")]
    [InlineData("${parameter.size}", "has an unknown placeholder: \"parameter.size\"")]
    [InlineData("${${owner.name}}", "has an unknown placeholder: \"${owner.name\"")]
    [InlineData("a ${owner.name", "has a placeholder without an end")]
    public void Anything_else_in_braces_is_a_problem(string text, string expected)
    {
        Placeholders.TryExpand(text, Values.Find, int.MaxValue, out var expanded, out var problem).Should().BeFalse();

        expanded.Should().BeNull();
        problem.Should().Be(expected);
    }

    [Theory]
    [InlineData("12345678", 8, true)]
    [InlineData("123456789", 8, false)]
    [InlineData("123${parameter.region}678", 8, true)]
    [InlineData("1234${parameter.region}678", 8, false)]
    [InlineData("1234567${parameter.region}", 8, false)]
    [InlineData("123456$${", 8, true)]
    [InlineData("1234567$${", 8, false)]
    [InlineData("1234567$", 8, true)]
    [InlineData("12345678$", 8, false)]
    [InlineData("", 0, true)]
    public void A_text_may_be_as_long_as_it_may_be_with_its_values(string text, int maximum, bool fits)
    {
        Placeholders.TryExpand(text, Values.Find, maximum, out var expanded, out var problem).Should().Be(fits);

        (expanded?.Length <= maximum).Should().Be(fits);
        problem.Should().Be(fits ? null : $"must have at most {maximum} characters");
    }

    [Fact]
    public void What_would_be_too_long_is_not_made()
    {
        var value = new string('x', TemplateParameter.MaximumValueBytes);
        var text = string.Concat(Enumerable.Repeat("${parameter.a}", 70_000));
        var asked = 0;

        var isExpanded = Placeholders.TryExpand(text, Find, Placeholders.MaximumTotal, out _, out var problem);

        isExpanded.Should().BeFalse();
        problem.Should().Be("must have at most 4194304 characters");
        asked.Should().Be(65, "64 values fit");

        string Find(string name)
        {
            asked++;
            return value;
        }
    }
}
