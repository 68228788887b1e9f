using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>The conversions between members and columns, by kind of member.</summary>
internal static class MemberConversions
{
    public static Delegate ToSame<T>() => new ToColumn<T, T>((T member, ref T value) => value = member);

    public static Delegate FromSame<T>() => new ToMember<T, T>((in T value, T _) => value);

    /// <summary>A member counts the values of a key from 0, a column from 1; what is out of range is missing.</summary>
    public static Delegate ToKey<T>(ulong count)
        where T : IBinaryInteger<T>
        => new ToColumn<T, T>((T member, ref T value)
            => value = ulong.CreateTruncating(member) < count ? member + T.One : T.Zero);

    public static Delegate ToText()
        => new ToColumn<string?, ReadOnlyMemory<char>>(
            (string? member, ref ReadOnlyMemory<char> value) => value = member.AsMemory());

    public static Delegate FromText()
        => new ToMember<ReadOnlyMemory<char>, string>((in ReadOnlyMemory<char> value, string _) => value.ToString());

    public static Delegate ToTexts()
        => new ToColumn<string?[]?, VBuffer<ReadOnlyMemory<char>>>(
            (string?[]? member, ref VBuffer<ReadOnlyMemory<char>> value) =>
            {
                var editor = VBufferEditor.Create(ref value, member?.Length ?? 0);
                for (var i = 0; i < editor.Values.Length; i++)
                    editor.Values[i] = member![i].AsMemory();
                value = editor.Commit();
            });

    public static Delegate FromTexts()
        => new ToMember<VBuffer<ReadOnlyMemory<char>>, string[]>(
            (in VBuffer<ReadOnlyMemory<char>> value, string[] _)
                => value.DenseValues().Select(text => text.ToString()).ToArray());

    public static Delegate ToArray<T>()
        => new ToColumn<T[]?, VBuffer<T>>(
            (T[]? member, ref VBuffer<T> value) => VBuffer<T>.Copy(member ?? [], 0, ref value, member?.Length ?? 0));

    public static Delegate FromArray<T>()
        => new ToMember<VBuffer<T>, T[]>(
            (in VBuffer<T> value, T[] old) =>
            {
                var array = old?.Length == value.Length ? old : new T[value.Length];
                value.CopyTo(array);
                return array;
            });

    public static Delegate ToVector<T>()
        => new ToColumn<VBuffer<T>, VBuffer<T>>(
            (VBuffer<T> member, ref VBuffer<T> value) => member.CopyTo(ref value));

    public static Delegate FromVector<T>()
        => new ToMember<VBuffer<T>, VBuffer<T>>(
            (in VBuffer<T> value, VBuffer<T> old) =>
            {
                value.CopyTo(ref old);
                return old;
            });
}
