using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// The tokens of the other side that collide with one token, function after function, those of a function rising. One that
/// collides by several functions comes as often. Read in lists, so that what is done with them runs without branches.
/// </summary>
internal unsafe ref struct Partners(in HashedHead mine, in HashedHead other, int functions, int token)
{
    /// <summary>Most partners in a list.</summary>
    public const int Most = 1024;

    /// <summary>Room that a list needs.</summary>
    public const int Room = Most + 2 * HashedSide.Slack;

    private readonly ref readonly HashedHead _other = ref other;
    private readonly ushort* _codes = mine.Codes + token;
    private readonly nint _codeStep = mine.CodeStep;
    private int _function, _taken;

    /// <summary>Writes the next partners to a list.</summary>
    /// <returns>How many; 0 if there are no more.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Next(int* list)
    {
        int count = 0;
        while (_function < functions && count < Most)
        {
            int code = _codes[_function * _codeStep];
            int* starts = _other.Starts + _function * _other.StartStep + (code & _other.BucketMask);
            int* items = _other.Items + _function * _other.ItemStep + starts[0] + _taken;
            int rest = starts[1] - starts[0] - _taken;
            if (_other.SharesBuckets)
            {
                ushort* codes = _other.Codes + _function * _other.CodeStep;
                int looked = Math.Min(rest, Most - count);
                for (int i = 0; i < looked; i++)
                {
                    list[count] = items[i];
                    count += codes[items[i]] == code ? 1 : 0;
                }

                Advance(looked, rest);
            }
            else if (rest <= HashedSide.Slack)
            {
                Vector256.Load(items).Store(list + count);
                count += rest;
                Advance(rest, rest);
            }
            else
            {
                int copied = Math.Min(rest, Most - count);
                new Span<int>(items, copied).CopyTo(new Span<int>(list + count, copied));
                count += copied;
                Advance(copied, rest);
            }
        }

        return count;
    }

    private void Advance(int looked, int rest)
    {
        bool done = looked == rest;
        _function += done ? 1 : 0;
        _taken = done ? 0 : _taken + looked;
    }
}
