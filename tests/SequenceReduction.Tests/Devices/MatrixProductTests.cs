using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Devices;

public sealed class MatrixProductTests : IDisposable
{
    private readonly CpuDevice _one = new(1), _two = new(2), _three = new(3);
    private readonly RandomSource _random = new(42);

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
        _three.Dispose();
    }

    public static TheoryData<int, int, int> OddSizes()
    {
        int[] few = [1, 2, 3, 5, 7, 13, 17], many = [1, 2, 3, 5, 7, 13, 17, 31, 33, 63, 65, 129, 257];
        var data = new TheoryData<int, int, int>();
        for (int i = 0; i < many.Length; i++)
        {
            data.Add(many[i], few[(i + 1) % 7], few[(i + 3) % 7]);
            data.Add(few[(i + 3) % 7], many[i], few[(i + 6) % 7]);
            data.Add(few[(i + 6) % 7], few[(i + 1) % 7], many[i]);
        }

        data.Add(100, 300, 70);
        data.Add(60, 513, 540);
        data.Add(5, 0, 7);
        data.Add(0, 5, 7);
        return data;
    }

    [Theory]
    [MemberData(nameof(OddSizes))]
    public void Linear_AndItsGradients_EqualTheNaiveSums(int rows, int depth, int columns)
    {
        float[] x = Draw(rows * depth), w = Draw(columns * depth), b = Draw(columns), dy = Draw(rows * columns);
        float[] dw = Draw(columns * depth), db = Draw(columns);
        using var graph = new Graph(_two);
        Tensor xTensor = graph.Constant(x, new Shape(rows, depth)), wTensor = graph.Constant(w, new Shape(columns, depth));
        Tensor dyTensor = graph.Constant(dy, new Shape(rows, columns)), dxTensor = graph.New(xTensor.Shape);
        Tensor dwTensor = graph.Constant(dw, wTensor.Shape), dbTensor = graph.Constant(db, new Shape(columns));
        Tensor onlyDb = graph.Constant(db, dbTensor.Shape);

        float[] expectedY = Naive(rows, columns, depth, (x, 0, depth, 1), (w, 0, 1, depth), (b, 0, 1));
        Close(expectedY, Linear(_two, x, w, b, rows, depth, columns), depth);
        float[] expectedDx = Naive(rows, depth, columns, (dy, 0, columns, 1), (w, 0, depth, 1), default);
        _two.LinearBackwardInput(dyTensor, wTensor, dxTensor, adds: false);
        Close(expectedDx, dxTensor.ToArray(), columns);
        float[] expectedDw = Naive(columns, depth, rows, (dy, 0, 1, columns), (x, 0, depth, 1), (dw, depth, 1));
        float[] expectedDb = Naive(1, columns, rows, ([1f], 0, 0, 0), (dy, 0, columns, 1), (db, 0, 1));
        _two.LinearBackwardWeight(dyTensor, xTensor, dwTensor, dbTensor);
        Close(expectedDw, dwTensor.ToArray(), rows);
        Close(expectedDb, dbTensor.ToArray(), rows);
        _two.LinearBackwardWeight(dyTensor, xTensor, null, onlyDb);
        Assert.Equal(dbTensor.ToArray(), onlyDb.ToArray());
    }

    public static TheoryData<bool, bool, bool, bool, bool, bool> MatMulForms()
    {
        var data = new TheoryData<bool, bool, bool, bool, bool, bool>();
        for (int bits = 0; bits < 64; bits++)
            data.Add((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, (bits & 16) != 0, (bits & 32) != 0);
        return data;
    }

    [Theory]
    [MemberData(nameof(MatMulForms))]
    public void MatMul_OfEveryForm_EqualsTheNaiveSum(
        bool transposeA, bool transposeB, bool batchedA, bool batchedB, bool batchedC, bool adds)
    {
        foreach (var (batch, rows, depth, columns) in new[] { (3, 5, 7, 11), (2, 13, 3, 37), (1, 4, 4, 4), (5, 51, 29, 67) })
        {
            float[] a = Draw((batchedA ? batch : 1) * rows * depth), b = Draw((batchedB ? batch : 1) * depth * columns);
            float[] c = Draw((batchedC ? batch : 1) * rows * columns);
            int terms = batchedA || batchedB || batchedC ? batch : 1;
            float[] expected = new float[c.Length];
            for (int i = 0; i < terms; i++)
            {
                int aStart = batchedA ? i * rows * depth : 0, bStart = batchedB ? i * depth * columns : 0;
                float[] one = Naive(
                    rows, columns, depth,
                    transposeA ? (a, aStart, 1, rows) : (a, aStart, depth, 1),
                    transposeB ? (b, bStart, 1, depth) : (b, bStart, columns, 1), default);
                for (int j = 0; j < one.Length; j++)
                    expected[(batchedC ? i * rows * columns : 0) + j] += one[j];
            }

            for (int j = 0; adds && j < c.Length; j++)
                expected[j] += c[j];
            float[] actual = MatMul(
                _three, a, Form(batchedA, transposeA ? depth : rows, transposeA ? rows : depth), transposeA,
                b, Form(batchedB, transposeB ? columns : depth, transposeB ? depth : columns), transposeB,
                c, Form(batchedC, rows, columns), adds);
            Close(expected, actual, depth * batch);

            Shape Form(bool batched, int first, int second) =>
                batched ? new Shape(batch, first, second) : new Shape(first, second);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(1030)]
    public void Linear_OfOneRow_GivesTheBitsItHasInABatch(int depth)
    {
        const int rows = 131, columns = 77;
        float[] x = Draw(rows * depth), w = Draw(columns * depth), b = Draw(columns);
        float[] batch = Linear(_two, x, w, b, rows, depth, columns);
        foreach (int count in new[] { 1, 2, 3, 4, 5, 8, 11, 12, 13, 47, 49, 64, 97 })
        {
            int start = rows - count;
            float[] few = Linear(_two, x[(start * depth)..], w, b, count, depth, columns);
            Assert.True(batch.AsSpan(start * columns).SequenceEqual(few), $"{count} rows");
        }
    }

    [Fact]
    public void Linear_WithBothOrdersOfTheWeight_GivesTheSameBits()
    {
        foreach (int rows in new[] { 1, 7, 100 })
        {
            const int depth = 270, columns = 96;
            float[] x = Draw(rows * depth), w = Draw(columns * depth), turned = new float[w.Length];
            for (int i = 0; i < w.Length; i++)
                turned[i % depth * columns + i / depth] = w[i];
            float[] y = Linear(_one, x, w, null, rows, depth, columns);
            float[] z = MatMul(
                _one, x, new Shape(rows, depth), false, turned, new Shape(depth, columns), false,
                new float[rows * columns], new Shape(rows, columns), false);
            Assert.Equal(y, z);
        }
    }

    [Theory]
    [InlineData(7, 513, 1100)]
    [InlineData(300, 300, 1100)]
    [InlineData(1000, 600, 65)]
    public void AllProducts_GiveTheSameBits_WithOneTwoAndThreeThreads(int rows, int depth, int columns)
    {
        float[] x = Draw(rows * depth), w = Draw(columns * depth), b = Draw(columns), dy = Draw(rows * columns);
        float[][] results = [.. new[] { _one, _two, _three }.Select(All)];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);

        float[] All(CpuDevice device)
        {
            using var graph = new Graph(device);
            Tensor dw = graph.Constant(new float[w.Length], new Shape(columns, depth));
            Tensor db = graph.Constant(new float[columns], new Shape(columns));
            Tensor dx = graph.New(new Shape(rows, depth)), dyTensor = graph.Constant(dy, new Shape(rows, columns));
            device.LinearBackwardWeight(dyTensor, graph.Constant(x, new Shape(rows, depth)), dw, db);
            device.LinearBackwardInput(dyTensor, graph.Constant(w, new Shape(columns, depth)), dx, adds: false);
            return [.. Linear(device, x, w, b, rows, depth, columns), .. dw.ToArray(), .. db.ToArray(), .. dx.ToArray()];
        }
    }

    [Fact]
    public void LinearBackwardWeight_CalledTwice_Adds()
    {
        const int rows = 40, depth = 33, columns = 17;
        using var graph = new Graph(_two);
        Tensor dy = graph.Constant(Draw(rows * columns), new Shape(rows, columns));
        Tensor x = graph.Constant(Draw(rows * depth), new Shape(rows, depth));
        Tensor dw = graph.Constant(new float[columns * depth], new Shape(columns, depth));
        Tensor db = graph.Constant(new float[columns], new Shape(columns));
        _two.LinearBackwardWeight(dy, x, dw, db);
        float[] once = [.. dw.ToArray(), .. db.ToArray()];
        _two.LinearBackwardWeight(dy, x, dw, db);
        float[] twice = [.. dw.ToArray(), .. db.ToArray()];
        Assert.Equal(once.Select(v => 2 * v), twice);
    }

    [Fact]
    public void Products_WriteOnlyTheirResult()
    {
        const int rows = 5, depth = 9, columns = 35, guard = 64;
        using var graph = new Graph(_one);
        const int length = guard + rows * columns + guard;
        Tensor wide = graph.Constant(Enumerable.Repeat(-1f, length).ToArray(), new Shape(length));
        var y = new Tensor(wide.Storage, wide.Offset + guard, new Shape(rows, columns));
        _one.Linear(
            graph.Constant(Draw(rows * depth), new Shape(rows, depth)),
            graph.Constant(Draw(columns * depth), new Shape(columns, depth)), null, null, y);
        float[] all = wide.ToArray();
        Assert.All(all.Take(guard).Concat(all.Skip(guard + rows * columns)), v => Assert.Equal(-1, v));
    }

    [Fact]
    public void WarmProducts_AllocateNothing()
    {
        using var graph = new Graph(_two);
        Tensor x = graph.Constant(Draw(200 * 70), new Shape(200, 70)), w = graph.Constant(Draw(90 * 70), new Shape(90, 70));
        Tensor y = graph.New(new Shape(200, 90)), b = graph.Constant(Draw(90), new Shape(90));
        Tensor three = graph.New(new Shape(4, 50, 70)), result = graph.New(new Shape(4, 50, 90));
        Tensor each = graph.New(new Shape(4, 70, 90));
        Tensor sum = graph.New(new Shape(70, 90));
        Action all = () =>
        {
            _two.Linear(x, w, b, y, y);
            _two.LinearBackwardInput(y, w, x, adds: false);
            _two.LinearBackwardWeight(y, x, w, b);
            _two.MatMul(three, false, w, true, result, false);
            _two.MatMul(three, true, result, false, each, true);
            _two.MatMul(three, true, result, false, sum, false);
        };
        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++)
                all();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // A thread warms up when it first takes part, which on a busy machine may be late; what leaks, leaks every time.
        Assert.Equal(0, Enumerable.Range(0, 10).Min(_ => Allocated()));
    }

    private float[] Draw(int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)_random.NextNormal();
        return values;
    }

    private static float[] Linear(CpuDevice device, float[] x, float[] w, float[]? b, int rows, int depth, int columns)
    {
        using var graph = new Graph(device);
        Tensor y = graph.New(new Shape(rows, columns));
        device.Linear(
            graph.Constant(x, new Shape(rows, depth)), graph.Constant(w, new Shape(columns, depth)),
            b is null ? null : graph.Constant(b, new Shape(columns)), null, y);
        return y.ToArray();
    }

    private static float[] MatMul(
        CpuDevice device, float[] a, Shape aShape, bool transposeA, float[] b, Shape bShape, bool transposeB,
        float[] c, Shape shape, bool adds)
    {
        using var graph = new Graph(device);
        Tensor result = graph.Constant(c, shape);
        device.MatMul(graph.Constant(a, aShape), transposeA, graph.Constant(b, bShape), transposeB, result, adds);
        return result.ToArray();
    }

    /// <summary>start + a b: each operand is its numbers, where it begins, and its strides along both axes.</summary>
    private static float[] Naive(
        int rows, int columns, int depth, (float[] Of, int Start, int Row, int Step) a,
        (float[] Of, int Start, int Step, int Column) b, (float[]? Of, int Row, int Column) start)
    {
        var c = new float[rows * columns];
        for (int r = 0; r < rows; r++)
            for (int j = 0; j < columns; j++)
            {
                double sum = start.Of?[r * start.Row + j * start.Column] ?? 0;
                for (int k = 0; k < depth; k++)
                    sum += (double)a.Of[a.Start + r * a.Row + k * a.Step] * b.Of[b.Start + k * b.Step + j * b.Column];
                c[r * columns + j] = (float)sum;
            }

        return c;
    }

    private static void Close(float[] expected, float[] actual, int terms)
    {
        double tolerance = 1e-6 * (4 + Math.Sqrt(terms) * 4);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"element {i}: {expected[i]} but {actual[i]}");
    }
}
