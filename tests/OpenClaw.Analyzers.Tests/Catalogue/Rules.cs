using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>All rules, analyzers and fixes of the package, found by reflection: a new one is in every test below without being named.</summary>
internal static class Rules
{
    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
    [
        .. typeof(Descriptors).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => field.GetValue(null))
            .OfType<DiagnosticDescriptor>()
            .OrderBy(rule => rule.Id, StringComparer.Ordinal),
    ];

    public static IReadOnlyList<DiagnosticAnalyzer> Analyzers { get; } = [.. Instances<DiagnosticAnalyzer>(typeof(Descriptors).Assembly)];

    public static IReadOnlyList<CodeFixProvider> Fixes { get; } = [.. Instances<CodeFixProvider>(typeof(CodeFixes.GatewayCodeFix).Assembly)];

    public static TheoryData<string> Ids => new(All.Select(rule => rule.Id));

    public static DiagnosticDescriptor Find(string id) => All.Single(rule => rule.Id == id);

    private static IEnumerable<T> Instances<T>(Assembly assembly)
        => assembly.GetTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(T))).Select(type => (T)Activator.CreateInstance(type)!);
}
