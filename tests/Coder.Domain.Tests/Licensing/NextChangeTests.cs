using Coder.Domain.Licensing;
using CsCheck;

namespace Coder.Domain.Tests.Licensing;

public sealed class NextChangeTests
{
    [Fact]
    public void From_change_to_change_the_answer_differs_at_each_and_never_in_between() =>
        Gen.Select(AnyLicenses.Uploads, AnyLicenses.Usage, AnyLicenses.Switches, Gen.Double[0, 1].Array[3]).Sample(
            (uploads, usage, switches, fractions) =>
            {
                var licenses = uploads.Select((upload, place) => upload(place + 1)).ToArray();
                var now = Make.Now.AddDays(-32);
                for (var steps = 0; steps < 500; steps++)
                {
                    var current = At(now);
                    var end = current.NextChangeAt ?? now.AddYears(2);
                    foreach (var inside in fractions.Select(x => now + x * (end - now)).Where(x => x < end).Append(end.AddTicks(-1)))
                    {
                        var between = At(inside);
                        if (AnyLicenses.Answer(between) != AnyLicenses.Answer(current) || between.NextChangeAt != current.NextChangeAt)
                        {
                            return false;
                        }
                    }

                    if (current.NextChangeAt is null)
                    {
                        return true;
                    }

                    if (end <= now || AnyLicenses.Answer(At(end)) == AnyLicenses.Answer(current))
                    {
                        return false;
                    }

                    now = end;
                }

                return false;

                Entitlements At(DateTimeOffset instant) => Make.Evaluate(licenses, usage, switches, instant, managedAgents: 90);
            });

    [Fact]
    public void One_license_changes_at_its_start_its_last_days_its_grace_and_its_expiry()
    {
        var claims = Make.Claims(FeatureSet.Enterprise) with
        {
            NotBefore = Make.Now.AddDays(1),
            LicenseExpires = Make.Now.AddDays(3),
            Expires = Make.Now.AddDays(4),
        };

        var changes = Changes(claims);

        changes.Should().Equal(
            claims.NotBefore,
            Make.Now.AddDays(2),
            claims.LicenseExpires,
            claims.LicenseExpires.AddTicks(1),
            claims.Expires);
    }

    [Theory]
    [InlineData(false, 29)]
    [InlineData(true, 6)]
    public void The_announcement_begins_when_the_number_first_appears(bool trial, int days)
    {
        var claims = Make.Claims() with { Trial = trial };

        var result = Make.Evaluate(claims);

        result.NextChangeAt.Should().Be(claims.LicenseExpires.AddDays(-days));
    }

    [Fact]
    public void A_license_that_another_one_outdoes_comes_and_goes_unnoticed()
    {
        var whole = Make.Claims(FeatureSet.Premium, ("user_limit", 100));
        var part = Make.Claims(FeatureSet.Enterprise, ("user_limit", 10)) with
        {
            NotBefore = Make.Now.AddDays(1),
            LicenseExpires = Make.Now.AddDays(2),
            Expires = Make.Now.AddDays(3),
        };

        var result = Make.Evaluate(whole, part);

        result.NextChangeAt.Should().Be(whole.LicenseExpires.AddDays(-29));
    }

    [Fact]
    public void Rejected_and_expired_licenses_never_change_again()
    {
        StoredLicense[] licenses = [new(1, Make.Uuid(1), RejectionReason.Malformed), Make.Claims(FeatureSet.Premium).Expired().Stored(2)];

        var result = Make.Evaluate(licenses);

        result.NextChangeAt.Should().BeNull();
    }

    [Fact]
    public void A_license_without_telemetry_changes_the_answer_when_it_expires()
    {
        var claims = Make.Claims(FeatureSet.Premium) with { RequireTelemetry = true };

        var result = Make.Evaluate(Make.All(claims), new DeploymentUsage());

        result.NextChangeAt.Should().Be(claims.Expires);
    }

    [Fact]
    public void The_ends_of_time_are_no_trouble()
    {
        var claims = Make.Claims(FeatureSet.Premium) with
        {
            IssuedAt = DateTimeOffset.MinValue,
            NotBefore = DateTimeOffset.MinValue,
            LicenseExpires = DateTimeOffset.MaxValue,
            Expires = DateTimeOffset.MaxValue,
        };
        var shortest = claims with { LicenseExpires = DateTimeOffset.MinValue.AddDays(1), Expires = DateTimeOffset.MinValue.AddDays(1) };

        var result = Make.Evaluate(claims);
        var first = Make.Evaluate(Make.All(shortest), now: DateTimeOffset.MinValue);
        var last = Make.Evaluate(Make.All(claims), now: DateTimeOffset.MaxValue);

        result.NextChangeAt.Should().Be(DateTimeOffset.MaxValue.AddDays(-29));
        first.Warnings.Should().Equal("Your license expires in 1 day.");
        first.NextChangeAt.Should().Be(shortest.Expires);
        last.HasLicense.Should().BeFalse();
        last.NextChangeAt.Should().BeNull();
    }

    private static List<DateTimeOffset> Changes(params LicenseClaims[] claims)
    {
        var changes = new List<DateTimeOffset>();
        for (var next = Make.Evaluate(claims).NextChangeAt; next is { } at; next = Make.Evaluate(Make.All(claims), now: at).NextChangeAt)
        {
            changes.Add(at);
        }

        return changes;
    }
}
