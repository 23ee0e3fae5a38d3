using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class ReferenceAssembliesTests
{
    [Fact]
    public async Task The_framework_of_the_SDK_is_there()
    {
        var references = await ReferenceAssemblies.Net.Net100.ResolveAsync(LanguageNames.CSharp, TestContext.Current.CancellationToken);

        Assert.Contains(references, reference => Path.GetFileName(reference.Display) == "System.Runtime.dll");
        Assert.Equal("net10.0", ReferenceAssemblies.Net.Net100.TargetFramework);
        Assert.Equal(ReferenceAssemblies.Net.Net100, ReferenceAssemblies.Default);
    }

    [Fact]
    public async Task All_tests_share_what_is_read_from_the_framework()
        => Assert.Equal(
            await ReferenceAssemblies.Net.Net100.ResolveAsync(LanguageNames.CSharp, TestContext.Current.CancellationToken),
            await ReferenceAssemblies.Net.Net100.ResolveAsync(null, TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_framework_that_is_not_installed_is_named_with_what_is()
    {
        var pack = new PackageIdentity("Microsoft.NETCore.App.Ref", "1.2.0");
        var test = new SampleTest<BadMethodAnalyzer>
        {
            TestCode = "class C { }",
            ReferenceAssemblies = new ReferenceAssemblies("net1.2", pack, Path.Combine("ref", "net1.2")),
        };

        string message = await Outcome.FailsAsync(test);
        Outcome.Says("Microsoft.NETCore.App.Ref 1.2.0 is not installed", message);
        Outcome.Says("(there: 10.", message);

        test.ReferenceAssemblies = new ReferenceAssemblies("net1.2", new PackageIdentity("No.Such.Pack", "1.2.0"), "ref");
        Outcome.Says("(there: nothing)", await Outcome.FailsAsync(test));
    }

    [Fact]
    public async Task A_project_can_have_its_own_framework()
    {
        var test = new SampleTest<BadMethodAnalyzer> { TestCode = "class C { }" };
        test.TestState.ReferenceAssemblies = new ReferenceAssemblies("none");

        Outcome.Says("CS0518", await Outcome.FailsAsync(test));
    }

    [Fact]
    public void Equal_frameworks_are_equal()
    {
        static ReferenceAssemblies Make()
            => new("net10.0", new PackageIdentity("Microsoft.NETCore.App.Ref", "10.0.0"), Path.Combine("ref", "net10.0"));

        Assert.Equal(Make(), Make());
        Assert.Equal(ReferenceAssemblies.Net.Net100, Make());
        Assert.Equal(Make().GetHashCode(), Make().GetHashCode());
        Assert.NotEqual(ReferenceAssemblies.Net.Net90, Make());
        Assert.NotEqual(Make(), Make().WithAssemblyIdentityComparer(DesktopAssemblyIdentityComparer.Default));
    }
}
