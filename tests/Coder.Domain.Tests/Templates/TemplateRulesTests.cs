using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;

namespace Coder.Domain.Tests.Templates;

public sealed class TemplateRulesTests
{
    private static readonly Guid TemplateId = new("00000000-0000-0000-0000-0000000000aa");

    private static readonly Template Template = new()
    {
        Id = TemplateId,
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
        OrganizationId = new Guid("00000000-0000-0000-0000-0000000000bb"),
        Name = "docker",
        Provisioner = ProvisionerType.Terraform,
        ActiveVersionId = Guid.Empty,
        CreatedBy = Guid.Empty,
    };

    private static readonly TemplateVersion Version = new()
    {
        Id = new Guid("00000000-0000-0000-0000-0000000000cc"),
        OrganizationId = Template.OrganizationId,
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
        Name = "first",
        JobId = Guid.Empty,
        CreatedBy = Guid.Empty,
    };

    [Fact]
    public void A_taken_name_is_a_conflict_on_the_field() => TemplateRules.NameTaken("docker").Should().BeEquivalentTo(new Error(
        ErrorKind.Conflict,
        "Template with name \"docker\" already exists.",
        null,
        [new FieldError("name", "This value is already in use and should be unique.")]));

    [Fact]
    public void A_template_is_made_of_a_version_that_is_free()
    {
        TemplateRules.JudgeFirstVersion(Version).Should().BeNull();
        TemplateRules.JudgeFirstVersion(Version with { IsArchived = true })!.Kind.Should().Be(ErrorKind.Invalid);
        TemplateRules.JudgeFirstVersion(Version with { TemplateId = TemplateId })!.Kind.Should().Be(ErrorKind.Invalid);
    }

    [Theory]
    [InlineData(JobStatus.Succeeded, true)]
    [InlineData(JobStatus.Pending, false)]
    [InlineData(JobStatus.Running, false)]
    [InlineData(JobStatus.Canceling, false)]
    [InlineData(JobStatus.Canceled, false)]
    [InlineData(JobStatus.Failed, false)]
    public void Only_a_version_that_was_imported_well_is_promoted(JobStatus status, bool isAccepted)
    {
        var error = TemplateRules.JudgePromotion(Template, Version with { TemplateId = TemplateId }, status);

        error.Should().BeEquivalentTo(isAccepted
            ? null
            : new Error(ErrorKind.Forbidden, "Only versions that have been built successfully can be promoted."));
    }

    [Fact]
    public void An_archived_version_and_one_of_another_template_are_not_promoted()
    {
        TemplateRules.JudgePromotion(Template, Version with { TemplateId = TemplateId, IsArchived = true }, JobStatus.Succeeded)!
            .Kind.Should().Be(ErrorKind.Invalid);
        TemplateRules.JudgePromotion(Template, Version, JobStatus.Succeeded)!.Kind.Should().Be(ErrorKind.Invalid);
    }

    [Theory]
    [InlineData(JobStatus.Pending, false, null)]
    [InlineData(JobStatus.Running, false, null)]
    [InlineData(JobStatus.Canceling, true, "Job has already been marked as canceled!")]
    [InlineData(JobStatus.Canceled, true, "Job has already completed!")]
    [InlineData(JobStatus.Succeeded, false, "Job has already completed!")]
    [InlineData(JobStatus.Failed, false, "Job has already completed!")]
    public void An_import_is_canceled_once_and_while_it_lasts(JobStatus status, bool isCanceled, string? message) =>
        (VersionRules.JudgeCancel(status, isCanceled ? DateTimeOffset.UnixEpoch : null)?.Message).Should().Be(message);

    [Fact]
    public void Random_names_are_names()
    {
        foreach (var attempt in Enumerable.Range(0, 3))
        {
            var name = VersionNames.Of(new Guid("fedcba98-7654-4321-8765-43210fedcba9"), attempt);

            Domain.Users.NameRules.IsTemplateVersionName(name).Should().BeTrue();
            name.Split('_').Should().HaveCount(attempt == 0 ? 2 : 3);
        }
    }

    [Theory]
    [InlineData("a **bold** *word* and `code`", "a bold word and code")]
    [InlineData("# Title\n- one\n> two", "Title\none\ntwo")]
    [InlineData("see [the docs](https://example.com) ![icon](/x.png)", "see the docs icon")]
    [InlineData("", "")]
    public void Of_markdown_the_words_are_left(string markdown, string plain) => MarkdownText.ToPlain(markdown).Should().Be(plain);
}
