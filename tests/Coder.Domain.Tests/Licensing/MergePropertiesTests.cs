using Coder.Domain.Licensing;
using CsCheck;

namespace Coder.Domain.Tests.Licensing;

public sealed class MergePropertiesTests
{
    [Fact]
    public void Neither_the_order_of_upload_nor_the_order_of_the_list_changes_the_answer() =>
        Gen.Select(AnyLicenses.Uploads, AnyLicenses.Usage, AnyLicenses.Switches).Sample((uploads, usage, switches) =>
        {
            var answers = Permutations(uploads.Length)
                .SelectMany(order =>
                {
                    var licenses = order.Select((upload, place) => uploads[upload](place + 1)).ToArray();
                    return new[] { licenses, licenses.Reverse().ToArray() };
                })
                .Select(licenses => Make.Evaluate(licenses, usage, switches, managedAgents: 90))
                .Select(x => (AnyLicenses.Answer(x), x.NextChangeAt))
                .Distinct();

            return answers.Count() == 1;
        });

    [Fact]
    public void Every_feature_is_the_greatest_of_what_each_license_offers_alone() =>
        Gen.Select(AnyLicenses.Uploads, AnyLicenses.Usage, AnyLicenses.Switches).Sample((uploads, usage, switches) =>
        {
            var licenses = uploads.Select((upload, place) => upload(place + 1)).ToArray();
            var all = Make.Evaluate(licenses, usage, switches);
            var alone = licenses.Select(x => Make.Evaluate([x], usage, switches)).Append(Make.Evaluate([], usage, switches)).ToArray();

            return FeatureNames.All.All(name => alone.All(x => FeatureMerge.Compare(all[name], x[name]) >= 0))
                && FeatureNames.All.All(name => alone.Any(x => x[name] == all[name]));
        });

    [Fact]
    public void One_more_copy_of_a_license_changes_nothing_but_its_errors() =>
        Gen.Select(AnyLicenses.Uploads, AnyLicenses.Usage).Where((uploads, _) => uploads.Length > 0).Sample((uploads, usage) =>
        {
            var licenses = uploads.Select((upload, place) => upload(place + 1)).ToArray();
            var once = Make.Evaluate(licenses, usage);
            var twice = Make.Evaluate([.. licenses, uploads[0](99)], usage);

            return once.Features.SequenceEqual(twice.Features)
                && once.Warnings.SequenceEqual(twice.Warnings, StringComparer.Ordinal)
                && once.Trial == twice.Trial
                && once.NextChangeAt == twice.NextChangeAt;
        });

    private static IEnumerable<int[]> Permutations(int length) => length == 0
        ? [[]]
        : Permutations(length - 1).SelectMany(shorter =>
            Enumerable.Range(0, length).Select(place => shorter.Take(place).Append(length - 1).Concat(shorter.Skip(place)).ToArray()));
}
