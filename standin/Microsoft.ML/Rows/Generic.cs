using System.Reflection;

namespace Microsoft.ML;

/// <summary>Calls a generic static method with type arguments known at run time.</summary>
internal static class Generic
{
    private const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static TResult Call<TResult>(Type owner, string method, Type typeArgument, params object?[] arguments)
        => Call<TResult>(owner, method, [typeArgument], arguments);

    public static TResult Call<TResult>(Type owner, string method, Type[] typeArguments, params object?[] arguments)
    {
        var definition = owner.GetMethods(AnyStatic)
            .Single(m => m.Name == method && m.GetGenericArguments().Length == typeArguments.Length);
        var call = typeArguments.Length == 0 ? definition : definition.MakeGenericMethod(typeArguments);
        return (TResult)call.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }
}
