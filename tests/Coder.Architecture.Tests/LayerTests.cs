using System.Reflection;
using System.Xml.Linq;
using Coder.Api.Http;
using Coder.Testing;
using MediatR;
using NetArchTest.Rules;

namespace Coder.Architecture.Tests;

public sealed class LayerTests
{
    private const string Dapper = "Dapper";
    private const string Npgsql = "Npgsql";
    private const string AspNetCore = "Microsoft.AspNetCore";

    /// <summary>A feature of the domain may use those before it. Where a new one belongs is a decision, so it is entered by hand.</summary>
    private static readonly string[] Features =
    [
        "Common", "Authorization", "Licensing", "Users", "Organizations", "Experiments", "Appearance", "WorkspaceProxies",
        "Notifications", "Health", "Provisioning", "Workspaces", "AuditLogs", "Prebuilds", "Templates", "Builds", "Lifecycle", "Groups",
        "Files", "ConnectionLogs", "PortShares",
    ];

    [Fact]
    public void Domain_references_only_the_runtime()
    {
        var references = Product.Domain.GetReferencedAssemblies().Select(a => a.Name!);

        references.Should().NotBeEmpty().And.OnlyContain(name => name.StartsWith("System.", StringComparison.Ordinal));
    }

    [Fact]
    public void Application_knows_neither_the_database_nor_the_web_nor_the_layers_outside_of_it()
    {
        var offenders = Offenders(Types.InAssembly(Product.Application), Dapper, Npgsql, AspNetCore, "Coder.Infrastructure", "Coder.Api");

        offenders.Should().BeEmpty();
        ReferencesOf(Product.Application).Should().NotContain(name => name == Dapper || IsOf(name, Npgsql) || IsOf(name, AspNetCore));
    }

    [Fact]
    public void Infrastructure_knows_neither_the_web_nor_the_api()
    {
        var offenders = Offenders(Types.InAssembly(Product.Infrastructure), AspNetCore, "Coder.Api");

        offenders.Should().BeEmpty();
    }

    [Fact]
    public void Api_never_touches_the_database_driver()
    {
        var offenders = Offenders(Types.InAssembly(Product.Api), Dapper, Npgsql);

        offenders.Should().BeEmpty();
        ReferencesOf(Product.Api).Should().NotContain(name => name == Dapper || IsOf(name, Npgsql));
    }

    [Fact]
    public void In_the_api_only_hosting_and_configuration_know_the_infrastructure()
    {
        var others = Types.InAssembly(Product.Api).That()
            .DoNotResideInNamespace("Coder.Api.Hosting").And().DoNotResideInNamespace("Coder.Api.Configuration");

        others.GetTypes().Should().NotBeEmpty();
        Offenders(others.Should().MeetCustomRule(new UsesNothingOf("Coder.Infrastructure")).GetResult()).Should().BeEmpty();
    }

    [Fact]
    public void Controllers_take_the_sender_and_what_presents_their_own_feature()
    {
        var offenders =
            from controller in Product.Controllers
            from constructor in controller.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            from parameter in constructor.GetParameters()
            where parameter.ParameterType != typeof(ISender) && parameter.ParameterType.Namespace != controller.Namespace
            select $"{controller.Name}({parameter.ParameterType.Name})";

        Product.Controllers.Should().NotBeEmpty();
        offenders.Should().BeEmpty();
    }

    [Fact]
    public void Controllers_know_no_port()
    {
        var ports = Product.Written(Product.Application).Where(t => t.IsInterface).Select(t => t.FullName!).ToArray();

        var result = Types.InAssembly(Product.Api).That().Inherit(typeof(CoderController))
            .Should().MeetCustomRule(new UsesNothingOf(ports)).GetResult();

        ports.Should().NotBeEmpty();
        Offenders(result).Should().BeEmpty();
    }

    [Fact]
    public void Every_feature_of_the_domain_has_its_place_in_the_order()
    {
        var features = Product.Written(Product.Domain).Select(t => FeatureOf(t.Namespace!)).Distinct(StringComparer.Ordinal);

        features.Should().BeEquivalentTo(Features);
    }

    [Fact]
    public void A_feature_of_the_domain_uses_only_those_before_it()
    {
        var offenders = Features.SelectMany((feature, i) => Offenders(Types.InAssembly(Product.Domain).That()
            .ResideInNamespace($"Coder.Domain.{feature}")
            .Should().MeetCustomRule(new UsesNothingOf([.. Features[(i + 1)..].Select(later => $"Coder.Domain.{later}")]))
            .GetResult()));

        offenders.Should().BeEmpty();
    }

    [Fact]
    public void In_the_infrastructure_only_the_database_folder_knows_Dapper()
    {
        var offenders = Offenders(Types.InAssembly(Product.Infrastructure).That()
            .DoNotResideInNamespace("Coder.Infrastructure.Database")
            .Should().MeetCustomRule(new UsesNothingOf(Dapper)).GetResult());

        offenders.Should().BeEmpty();
    }

    [Fact]
    public void In_the_infrastructure_only_the_database_and_its_server_know_Npgsql()
    {
        var offenders = Offenders(Types.InAssembly(Product.Infrastructure).That()
            .DoNotResideInNamespace("Coder.Infrastructure.Database").And().DoNotResideInNamespace("Coder.Infrastructure.EmbeddedPostgres")
            .Should().MeetCustomRule(new UsesNothingOf(Npgsql)).GetResult());

        offenders.Should().BeEmpty();
    }

    [Fact]
    public void The_command_line_speaks_to_the_server_by_HTTP_only()
    {
        var project = XDocument.Load(Path.Combine(RepositoryTree.Root, "Coder.Cli", "Coder.Cli.csproj"));

        project.Descendants("ProjectReference").Should().BeEmpty();
    }

    private static string FeatureOf(string space) => space.Split('.') is [_, _, var feature, ..] ? feature : "";

    private static bool IsOf(string name, string family) => name.StartsWith(family, StringComparison.Ordinal);

    private static IEnumerable<string> ReferencesOf(Assembly assembly) => assembly.GetReferencedAssemblies().Select(a => a.Name!);

    private static IEnumerable<string> Offenders(Types types, params string[] forbidden)
    {
        types.GetTypes().Should().NotBeEmpty();
        return Offenders(types.Should().MeetCustomRule(new UsesNothingOf(forbidden)).GetResult());
    }

    private static IEnumerable<string> Offenders(NetArchTest.Rules.TestResult result) => result.FailingTypeNames ?? [];
}
