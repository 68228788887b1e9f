using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Four lanes.</summary>
internal readonly unsafe struct Floats4(Vector128<float> v) : IFloats<Floats4>
{
    private readonly Vector128<float> _v = v;

    public static int Count => 4;

    public static Floats4 Of(float value) => new(Vector128.Create(value));

    public static Floats4 Load(float* p) => new(Vector128.Load(p));

    public static Floats4 LoadBytes(byte* p)
    {
        Vector128<byte> bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(p)).AsByte();
        return new(Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32()));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Floats4 LoadPart(float* p, int count, float others)
    {
        Vector128<float> v = Vector128.Create(others);
        Unsafe.CopyBlockUnaligned(&v, p, (uint)count * sizeof(float));
        return new(v);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StorePart(Floats4 lanes, float* p, int count)
    {
        Vector128<float> v = lanes._v;
        Unsafe.CopyBlockUnaligned(p, &v, (uint)count * sizeof(float));
    }

    public void Store(float* p) => _v.Store(p);

    public static void StoreWhole(Floats4 lanes, ushort* p)
    {
        Vector128<uint> whole = Vector128.ConvertToInt32(lanes._v).AsUInt32();
        Vector128.Narrow(whole, whole).GetLower().Store(p);
    }

    public static Floats4 operator +(Floats4 a, Floats4 b) => new(a._v + b._v);

    public static Floats4 operator -(Floats4 a, Floats4 b) => new(a._v - b._v);

    public static Floats4 operator *(Floats4 a, Floats4 b) => new(a._v * b._v);

    public static Floats4 operator /(Floats4 a, Floats4 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 MultiplyAdd(Floats4 a, Floats4 b, Floats4 c) => new(
        Fma.IsSupported ? Fma.MultiplyAdd(a._v, b._v, c._v)
        : AdvSimd.IsSupported ? AdvSimd.FusedMultiplyAdd(c._v, a._v, b._v)
        : a._v * b._v + c._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 Max(Floats4 a, Floats4 b) =>
        Sse.IsSupported ? new(Sse.Max(b._v, a._v)) : IfLess(a, b, b, a);

    public static Floats4 Abs(Floats4 a) => new(Vector128.Abs(a._v));

    public static Floats4 Sqrt(Floats4 a) => new(Vector128.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 IfLess(Floats4 a, Floats4 b, Floats4 yes, Floats4 no) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(a._v, b._v), yes._v, no._v));

    public static bool AnyLess(Floats4 a, Floats4 b) => Vector128.LessThanAny(a._v, b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats4 PowerOfTwo(Floats4 shifted) =>
        new((Vector128.ShiftLeft(shifted._v.AsInt32(), 23) + Vector128.Create(127 << 23)).AsSingle());

    public float Sum() => Vector128.Sum(_v);

    // Lane i of each is added to lane i + 2, then of each pair to lane i + 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Floats4 a, Floats4 b, Floats4 c, Floats4 d, float* p)
    {
        Vector128<float> ab = Sides(Halves(a), Halves(b)), cd = Sides(Halves(c), Halves(d));
        Sides(Pairs(ab), Pairs(cd)).Store(p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Halves(Floats4 a) =>
        a._v + Vector128.Shuffle(a._v, Vector128.Create(2, 3, 0, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Pairs(Vector128<float> a) =>
        Vector128.Shuffle(a, Vector128.Create(0, 2, 0, 2)) + Vector128.Shuffle(a, Vector128.Create(1, 3, 1, 3));

    /// <summary>The first two lanes of one, the last two of the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sides(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Vector128.Create(-1, -1, 0, 0).AsSingle(), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Largest()
    {
        Floats4 two = Max(this, new(Vector128.Shuffle(_v, Vector128.Create(2, 3, 0, 1))));
        return Max(two, new(Vector128.Shuffle(two._v, Vector128.Create(1, 0, 3, 2))))._v.ToScalar();
    }
}

/// <summary>Eight lanes.</summary>
internal readonly unsafe struct Floats8(Vector256<float> v) : IFloats<Floats8>
{
    private readonly Vector256<float> _v = v;

    public static int Count => 8;

    public static Floats8 Of(float value) => new(Vector256.Create(value));

    public static Floats8 Load(float* p) => new(Vector256.Load(p));

    public static Floats8 LoadBytes(byte* p)
    {
        Vector256<byte> bytes = Vector64.Load(p).ToVector128().ToVector256();
        return new(Vector256.ConvertToSingle(Vector256.WidenLower(Vector256.WidenLower(bytes)).AsInt32()));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Floats8 LoadPart(float* p, int count, float others)
    {
        Vector256<float> v = Vector256.Create(others);
        Unsafe.CopyBlockUnaligned(&v, p, (uint)count * sizeof(float));
        return new(v);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StorePart(Floats8 lanes, float* p, int count)
    {
        Vector256<float> v = lanes._v;
        Unsafe.CopyBlockUnaligned(p, &v, (uint)count * sizeof(float));
    }

    public void Store(float* p) => _v.Store(p);

    public static void StoreWhole(Floats8 lanes, ushort* p)
    {
        Vector256<uint> whole = Vector256.ConvertToInt32(lanes._v).AsUInt32();
        Vector128.Narrow(whole.GetLower(), whole.GetUpper()).Store(p);
    }

    public static Floats8 operator +(Floats8 a, Floats8 b) => new(a._v + b._v);

    public static Floats8 operator -(Floats8 a, Floats8 b) => new(a._v - b._v);

    public static Floats8 operator *(Floats8 a, Floats8 b) => new(a._v * b._v);

    public static Floats8 operator /(Floats8 a, Floats8 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 MultiplyAdd(Floats8 a, Floats8 b, Floats8 c) => new(
        Fma.IsSupported ? Fma.MultiplyAdd(a._v, b._v, c._v) : a._v * b._v + c._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 Max(Floats8 a, Floats8 b) =>
        Avx.IsSupported ? new(Avx.Max(b._v, a._v)) : IfLess(a, b, b, a);

    public static Floats8 Abs(Floats8 a) => new(Vector256.Abs(a._v));

    public static Floats8 Sqrt(Floats8 a) => new(Vector256.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 IfLess(Floats8 a, Floats8 b, Floats8 yes, Floats8 no) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a._v, b._v), yes._v, no._v));

    public static bool AnyLess(Floats8 a, Floats8 b) => Vector256.LessThanAny(a._v, b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats8 PowerOfTwo(Floats8 shifted) =>
        new((Vector256.ShiftLeft(shifted._v.AsInt32(), 23) + Vector256.Create(127 << 23)).AsSingle());

    public float Sum() => Vector256.Sum(_v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Floats8 a, Floats8 b, Floats8 c, Floats8 d, float* p) => Floats4.StoreSums(
        Half(a), Half(b), Half(c), Half(d), p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Floats4 Half(Floats8 a) => new(a._v.GetLower() + a._v.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Largest() => Floats4.Max(new(_v.GetLower()), new(_v.GetUpper())).Largest();
}

/// <summary>Sixteen lanes.</summary>
internal readonly unsafe struct Floats16(Vector512<float> v) : IFloats<Floats16>
{
    private readonly Vector512<float> _v = v;

    public static int Count => 16;

    public static Floats16 Of(float value) => new(Vector512.Create(value));

    public static Floats16 Load(float* p) => new(Vector512.Load(p));

    public static Floats16 LoadBytes(byte* p)
    {
        Vector512<byte> bytes = Vector128.Load(p).ToVector256().ToVector512();
        return new(Vector512.ConvertToSingle(Vector512.WidenLower(Vector512.WidenLower(bytes)).AsInt32()));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Floats16 LoadPart(float* p, int count, float others)
    {
        Vector512<float> v = Vector512.Create(others);
        Unsafe.CopyBlockUnaligned(&v, p, (uint)count * sizeof(float));
        return new(v);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void StorePart(Floats16 lanes, float* p, int count)
    {
        Vector512<float> v = lanes._v;
        Unsafe.CopyBlockUnaligned(p, &v, (uint)count * sizeof(float));
    }

    public void Store(float* p) => _v.Store(p);

    public static void StoreWhole(Floats16 lanes, ushort* p)
    {
        Vector512<uint> whole = Vector512.ConvertToInt32(lanes._v).AsUInt32();
        Vector256.Narrow(whole.GetLower(), whole.GetUpper()).Store(p);
    }

    public static Floats16 operator +(Floats16 a, Floats16 b) => new(a._v + b._v);

    public static Floats16 operator -(Floats16 a, Floats16 b) => new(a._v - b._v);

    public static Floats16 operator *(Floats16 a, Floats16 b) => new(a._v * b._v);

    public static Floats16 operator /(Floats16 a, Floats16 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 MultiplyAdd(Floats16 a, Floats16 b, Floats16 c) => new(
        Avx512F.IsSupported ? Avx512F.FusedMultiplyAdd(a._v, b._v, c._v) : a._v * b._v + c._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 Max(Floats16 a, Floats16 b) =>
        Avx512F.IsSupported ? new(Avx512F.Max(b._v, a._v)) : IfLess(a, b, b, a);

    public static Floats16 Abs(Floats16 a) => new(Vector512.Abs(a._v));

    public static Floats16 Sqrt(Floats16 a) => new(Vector512.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 IfLess(Floats16 a, Floats16 b, Floats16 yes, Floats16 no) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(a._v, b._v), yes._v, no._v));

    public static bool AnyLess(Floats16 a, Floats16 b) => Vector512.LessThanAny(a._v, b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats16 PowerOfTwo(Floats16 shifted) =>
        new((Vector512.ShiftLeft(shifted._v.AsInt32(), 23) + Vector512.Create(127 << 23)).AsSingle());

    public float Sum() => Vector512.Sum(_v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Floats16 a, Floats16 b, Floats16 c, Floats16 d, float* p) => Floats8.StoreSums(
        Half(a), Half(b), Half(c), Half(d), p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Floats8 Half(Floats16 a) => new(a._v.GetLower() + a._v.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Largest() => Floats8.Max(new(_v.GetLower()), new(_v.GetUpper())).Largest();
}
