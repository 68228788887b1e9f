namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// Cuts a product into blocks that fit the caches and shares them out to a team. One operand is packed once for all
/// threads; each thread packs what it needs of the other and uses it up at once.
/// </summary>
internal static unsafe partial class MatrixProductDriver<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    // How many packed floats a team may share: 2 MiB, a small part of the third-level cache.
    private const int MostShared = 1 << 19;

    private const int FewRows = 160, PartsPerThread = 4;
    private const double LeastWorkOfPart = 1e5;

    private static int TileColumns => MatrixProductKernel<TFloats>.Columns;

    public static void Run(in MatrixProduct product, WorkerTeam team)
    {
        if (product.Rows <= FewRows && (long)product.Rows * product.Depth <= MostShared)
            RunFewRows(product, team);
        else
            RunManyRows(product, team);
    }

    // How many parts are worth the hand-over, at most one per unit.
    private static int Parts(double work, int units, WorkerTeam team) =>
        team.Threads == 1 ? 1 : (int)Math.Clamp(work / LeastWorkOfPart, 1, Math.Min(units, team.Threads * PartsPerThread));

    private static int Divide(int total, int by) => (total + by - 1) / by;

    // Rows with those that the last tile is filled up with.
    private static int PaddedRows(int rows)
    {
        int padded = 0;
        for (int tile; rows > padded; padded += tile)
            tile = MatrixProductKernel<TFloats>.RowsOfTile(rows - padded);
        return padded;
    }

    // Tiles one after another, each [depth, rows of the tile]: as many full ones as RowsOfTile gives, then the lower ones.
    private static void PackRows(in MatrixOperand a, int row, int rows, int step, int depth, float* to)
    {
        while (rows > 0)
        {
            int tile = MatrixProductKernel<TFloats>.RowsOfTile(rows);
            int count = Math.Max(rows / tile, 1), covered = Math.Min(count * tile, rows);
            MatrixProductPacking.Pack(a.At(row, step), a.Line, a.Step, covered, depth, tile, to);
            row += covered;
            rows -= covered;
            to += (nint)count * tile * depth;
        }
    }

    private static void AddRowSums(float* packed, int rows, int depth, float* sums)
    {
        for (int tile; rows > 0; rows -= tile, packed += (nint)tile * depth, sums += tile)
        {
            tile = MatrixProductKernel<TFloats>.RowsOfTile(rows);
            MatrixProductPacking.AddSums(packed, Math.Min(tile, rows), depth, tile, sums);
        }
    }

    // Packed rows of a times neighbouring panels of b, which are bPanel floats apart, for one block of the depth.
    private static void RunTiles(
        in MatrixProduct product, int row, int rows, int column, int columns, int step, int depth,
        float* a, float* b, nint bStep, nint bPanel)
    {
        bool residual = product.Residual is not null && step == 0;
        bool adds = product.Adds || residual || step > 0, last = step + depth == product.Depth;
        nint addend = residual ? (nint)(product.Residual - product.C) : 0;
        for (int tile; rows > 0; row += tile, rows -= tile, a += (nint)tile * depth)
        {
            tile = MatrixProductKernel<TFloats>.RowsOfTile(rows);
            float* panel = b, c = product.C + row * product.CLine + column;
            float* bias = product.Bias is null || !last ? null : product.Bias + column;
            for (int left = columns; left > 0; left -= TileColumns, c += TileColumns, panel += bPanel)
            {
                if (left < TileColumns || rows < tile)
                    MatrixProductKernel<TFloats>.RunEdge(
                        tile, depth, a, panel, bStep, c, product.CLine, bias, adds, addend,
                        Math.Min(rows, tile), Math.Min(left, TileColumns));
                else
                    MatrixProductKernel<TFloats>.Run(
                        tile, depth, a, panel, bStep, c, product.CLine, bias, adds, addend);
                bias = bias is null ? null : bias + TileColumns;
            }
        }
    }
}
