using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace OpenClaw.Resilience;

/// <summary>
/// What the exception of a client library says about the answer it got, read without a reference to the library: a property
/// <c>Status</c> or <c>StatusCode</c>, a raw response with headers and content, or a property with the body. Fits the OpenAI and Azure
/// libraries, Anthropic, Refit, Flurl and Semantic Kernel. An error event of a stream has a body and no status.
/// </summary>
internal sealed class SdkError
{
    private static readonly ConditionalWeakTable<Type, Members> Cache = [];
    private static readonly string[] BodyProperties = ["ResponseBody", "ResponseContent", "Content", "Body"];
    private readonly object? _response;

    private SdkError(int? status, string body, object? response)
    {
        Status = status;
        Body = body;
        _response = response;
    }

    /// <summary>Null when the error came inside of an answer that had begun well.</summary>
    public int? Status { get; }

    /// <summary>The body, or the exception's message, which most libraries make of it.</summary>
    public string Body { get; }

    public static SdkError? From(Exception exception)
    {
        Members members = MembersOf(exception);
        if (members.ReadStatus(exception) is not { } status)
        {
            return members.ReadBody(exception) is { } text ? new SdkError(status: null, text, response: null) : null;
        }

        object? response = members.ReadResponse(exception);
        return new SdkError(status, members.ReadBody(exception) ?? ReadContent(response) ?? exception.Message, response);
    }

    /// <summary>Reads a response header; null when there is none or no response.</summary>
    public string? ReadHeader(string name)
    {
        object? headers = _response is null ? null : MembersOf(_response).Read(_response, "Headers");
        return headers is null ? null : MembersOf(headers).TryGetValue(headers, name);
    }

    private static string? ReadContent(object? response)
        => response is null ? null : MembersOf(response).Read(response, "Content")?.ToString();

    private static Members MembersOf(object instance) => Cache.GetValue(instance.GetType(), static type => new Members(type));

    /// <summary>The members of one type, looked up once.</summary>
    private sealed class Members(Type type)
    {
        private const string Trimming =
            "A member that trimming has removed reads as absent: the failure then has no status, which is the careful way, never replayed.";

        private const BindingFlags OwnMembers = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        private readonly PropertyInfo? _status = FindStatus(type);
        private readonly PropertyInfo? _body = FindBody(type);
        private readonly MethodInfo? _getRawResponse = FindMethod(type, "GetRawResponse", 0);
        private readonly MethodInfo? _tryGetValue = FindMethod(type, "TryGetValue", 2);
        private readonly ConcurrentDictionary<string, PropertyInfo?> _properties = new();

        public int? ReadStatus(object exception)
        {
            int? status = Invoke(_status?.GetMethod, exception) switch
            {
                int number => number,
                HttpStatusCode code => (int)code,
                _ => null,
            };

            // Other numbers are none of HTTP: gRPC counts from 0 to 16, and 0 means "no answer" to OpenAI and Azure.
            return status is >= 100 and <= 599 ? status : null;
        }

        public string? ReadBody(object exception) => Invoke(_body?.GetMethod, exception) switch
        {
            string { Length: > 0 } body => body,
            JsonElement { ValueKind: JsonValueKind.Object } body => body.GetRawText(),
            _ => null,
        };

        public object? ReadResponse(object exception) => Invoke(_getRawResponse, exception);

        public object? Read(object instance, string property)
            => Invoke(_properties.GetOrAdd(property, static (name, type) => FindProperty(type, name), type)?.GetMethod, instance);

        public string? TryGetValue(object headers, string name)
        {
            object?[] arguments = [name, null];
            return Invoke(_tryGetValue, headers, arguments) is true ? arguments[1] as string : null;
        }

        /// <summary>Null when there is no such member or it throws: a buffered body that is not there, for instance.</summary>
        private static object? Invoke(MethodInfo? method, object instance, object?[]? arguments = null)
        {
            try
            {
                return method?.Invoke(instance, arguments);
            }
            catch (Exception exception) when (exception is TargetInvocationException or ArgumentException or NotSupportedException)
            {
                return null;
            }
        }

        private static PropertyInfo? FindStatus(Type type)
            => FindProperty(type, "Status") is { } status && IsStatus(status) ? status
                : FindProperty(type, "StatusCode") is { } code && IsStatus(code) ? code : null;

        private static bool IsStatus(PropertyInfo property)
            => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { } type
                && (type == typeof(int) || type == typeof(HttpStatusCode));

        private static PropertyInfo? FindBody(Type type)
        {
            foreach (string name in BodyProperties)
            {
                if (FindProperty(type, name) is { PropertyType: var kind } property && (kind == typeof(string) || kind == typeof(JsonElement)))
                {
                    return property;
                }
            }

            return null;
        }

        // Level by level, since a library may hide a property of its base class by one of another type.
        [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Trimming)]
        [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Trimming)]
        private static PropertyInfo? FindProperty(Type type, string name)
        {
            for (Type? level = type; level is not null && level != typeof(Exception) && level != typeof(object); level = level.BaseType)
            {
                if (level.GetProperty(name, OwnMembers) is { CanRead: true } property && property.GetIndexParameters().Length == 0)
                {
                    return property;
                }
            }

            return null;
        }

        [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Trimming)]
        [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Trimming)]
        private static MethodInfo? FindMethod(Type type, string name, int parameters)
        {
            for (Type? level = type; level is not null && level != typeof(Exception) && level != typeof(object); level = level.BaseType)
            {
                foreach (MethodInfo method in level.GetMethods(OwnMembers))
                {
                    if (method.Name == name && !method.IsGenericMethodDefinition && TakesText(method.GetParameters(), parameters))
                    {
                        return method;
                    }
                }
            }

            return null;
        }

        private static bool TakesText(ParameterInfo[] actual, int expected)
            => actual.Length == expected
                && Array.TrueForAll(actual, static parameter => parameter.ParameterType is var type
                    && (type == typeof(string) || type == typeof(string).MakeByRefType()));
    }
}
