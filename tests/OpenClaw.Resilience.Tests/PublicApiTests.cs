using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace OpenClaw.Resilience.Tests;

/// <summary>What users can compile against is written down in <c>src/OpenClaw.Resilience/PublicApi.txt</c>, so that each change of it is seen.</summary>
public sealed class PublicApiTests
{
    private const string Accept = "OPENCLAW_ACCEPT_API";

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_public_api_is_the_one_that_is_written_down()
    {
        string root = typeof(PublicApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static metadata => metadata.Key == "RepositoryRoot").Value!;
        string file = Path.Combine(root, "src/OpenClaw.Resilience/PublicApi.txt");
        string[] actual = [.. List(typeof(GatewayPipeline).Assembly)];
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllLines(file, actual);
        }

        string[] expected = File.ReadAllLines(file);
        string[] changes = [.. expected.Except(actual).Select(static line => $"- {line}"), .. actual.Except(expected).Select(static line => $"+ {line}")];
        Assert.True(
            changes.Length == 0 && expected.Length == actual.Length,
            $"The public API has changed. If that is meant, run the test once with {Accept}=1 and commit the file.\n{string.Join('\n', changes)}");
    }

    private static IEnumerable<string> List(Assembly assembly)
    {
        foreach (Type type in assembly.GetExportedTypes().OrderBy(static type => type.FullName, StringComparer.Ordinal))
        {
            yield return $"{KindOf(type)} {NameOf(type)}{BasesOf(type)}";
            foreach (string member in type.GetMembers(Declared).Select(Describe).OfType<string>().Order(StringComparer.Ordinal))
            {
                yield return $"{NameOf(type)}.{member}";
            }
        }
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo { IsPublic: true, IsLiteral: true } field => $"{field.Name} = {field.GetRawConstantValue()}",
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily
            => $"{field.Name}: {(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{NameOf(field.FieldType)}",
        ConstructorInfo constructor when IsVisible(constructor) => $"new({Parameters(constructor)})",
        MethodInfo { IsSpecialName: false } method when IsVisible(method)
            => $"{method.Name}{Arguments(method.GetGenericArguments())}({Parameters(method)}): {Modifiers(method)}{NameOf(method.ReturnType)}",
        MethodInfo { IsSpecialName: true } method when IsVisible(method) && method.Name.StartsWith("op_", StringComparison.Ordinal)
            => $"{method.Name}({Parameters(method)}): {NameOf(method.ReturnType)}",
        PropertyInfo property when Accessors(property) is { Length: > 0 } accessors
            => $"{property.Name}: {Modifiers(property.GetAccessors(nonPublic: true)[0])}{NameOf(property.PropertyType)} {{ {accessors}}}",
        EventInfo @event when IsVisible(@event.AddMethod!) => $"{@event.Name}: event {NameOf(@event.EventHandlerType!)}",
        _ => null,
    };

    private static bool IsVisible(MethodBase method)
        => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && !method.Name.Contains('<', StringComparison.Ordinal);

    private static string Accessors(PropertyInfo property)
    {
        bool isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        return (property.GetMethod is { } get && IsVisible(get) ? "get; " : "")
            + (property.SetMethod is { } set && IsVisible(set) ? isInit ? "init; " : "set; " : "");
    }

    private static string Modifiers(MethodBase method)
        => (method.IsStatic ? "static " : "") + (method.IsAbstract ? "abstract " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "");

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(static parameter =>
        $"{(parameter.IsOut ? "out " : "")}{NameOf(parameter.ParameterType)} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "default"}" : "")));

    private static string KindOf(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsSealed: true } => "sealed class",
        { IsAbstract: true } => "abstract class",
        _ => "class",
    };

    private static string BasesOf(Type type)
    {
        if (type.IsEnum || type.IsSubclassOf(typeof(Delegate)))
        {
            return "";
        }

        IEnumerable<Type> bases = type.GetInterfaces().Where(static face => face.IsPublic).OrderBy(static face => face.FullName, StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            bases = bases.Except(parent.GetInterfaces()).Prepend(parent);
        }

        string list = string.Join(", ", bases.Select(NameOf));
        return list.Length == 0 ? "" : $" : {list}";
    }

    private static string Arguments(Type[] types) => types.Length == 0 ? "" : $"<{string.Join(", ", types.Select(NameOf))}>";

    private static string NameOf(Type type)
    {
        if (type.IsByRef || type.IsArray)
        {
            return NameOf(type.GetElementType()!) + (type.IsArray ? "[]" : "");
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        var name = new StringBuilder(type.IsNested ? $"{NameOf(type.DeclaringType!)}." : type.Namespace == "System" ? "" : $"{type.Namespace}.");
        return name.Append(type.Name.Split('`')[0]).Append(Arguments(type.GetGenericArguments())).ToString();
    }
}
