namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

// Some columns of b, over much of the depth, are packed for the team; each thread takes some rows of a, packs them block
// by block and goes through all those columns.
internal static unsafe partial class MatrixProductDriver<TFloats>
{
    // With BlockDepth steps, about half of a second-level cache each for columns of b and rows of a and c.
    private const int MostColumns = 512, MostTilesOfPart = 8;

    private const int PackedPanelsOfPart = 4, LeastPanelsOfPart = 8;

    private static void RunManyRows(in MatrixProduct product, WorkerTeam team)
    {
        int columnsAtOnce = Divide(product.Columns, Divide(product.Columns, MostColumns));
        columnsAtOnce = Divide(columnsAtOnce, TileColumns) * TileColumns;
        int depthAtOnce = Math.Max(MostShared / columnsAtOnce / MatrixProduct.BlockDepth, 1) * MatrixProduct.BlockDepth;
        depthAtOnce = Math.Min(depthAtOnce, product.Depth);
        float* packedB = MatrixProductScratch.Shared((nuint)columnsAtOnce * (nuint)depthAtOnce);
        for (int column = 0; column < product.Columns; column += columnsAtOnce)
        {
            int columns = Math.Min(columnsAtOnce, product.Columns - column), step = 0;
            do
            {
                RunRange(product, packedB, column, columns, step, Math.Min(depthAtOnce, product.Depth - step), team);
                step += depthAtOnce;
            }
            while (step < product.Depth);
        }
    }

    private static void RunRange(
        in MatrixProduct product, float* packedB, int column, int columns, int step, int depth, WorkerTeam team)
    {
        int panels = Divide(columns, TileColumns), parts = Parts(2.0 * product.Rows * columns * depth, int.MaxValue, team);
        var rows = new RowParts(product.Rows, parts, team.Threads);
        int columnParts = Math.Clamp(Divide(parts, rows.Count), 1, Divide(panels, LeastPanelsOfPart));
        int panelsOfPart = Divide(panels, columnParts);
        var range = new ManyRowsRange(product, packedB, column, columns, step, depth);
        team.Run(Divide(panels, PackedPanelsOfPart) * Divide(depth, MatrixProduct.BlockDepth), new ManyRowsPacking(range));
        team.Run(rows.Count * Divide(panels, panelsOfPart), new ManyRowsWork(range, rows, panelsOfPart * TileColumns));
    }

    /// <summary>
    /// Rows cut into large parts, as many for each thread, and then small ones, so that threads end at nearly the same time.
    /// </summary>
    private readonly struct RowParts
    {
        private readonly int _rows, _largeParts, _large, _small;

        public RowParts(int rows, int parts, int threads)
        {
            int tile = MatrixProductKernel<TFloats>.Rows, tiles = Divide(rows, tile);
            int large = Math.Clamp(2 * tiles / parts, 1, MostTilesOfPart);
            _rows = rows;
            _largeParts = threads == 1 ? tiles / large : tiles * 3 / 4 / large / threads * threads;
            _large = large * tile;
            _small = Divide(large, 4) * tile;
        }

        public int Count => _largeParts + Divide(Math.Max(_rows - _largeParts * _large, 0), _small);

        public (int Row, int Rows) At(int part)
        {
            int row = Math.Min(part, _largeParts) * _large + Math.Max(part - _largeParts, 0) * _small;
            return (row, Math.Min(part < _largeParts ? _large : _small, _rows - row));
        }
    }

    /// <summary>
    /// Neighbouring columns and steps of a product and where they are packed: <c>[block of steps, panel, step, column]</c>.
    /// </summary>
    private readonly struct ManyRowsRange(
        MatrixProduct product, float* packedB, int column, int columns, int step, int depth)
    {
        public readonly MatrixProduct Product = product;
        public readonly int Column = column, Columns = columns, Step = step, Depth = depth;

        public int DepthOfBlock(int offset) => Math.Min(MatrixProduct.BlockDepth, Depth - offset);

        public float* Packed(int firstColumn, int offset) =>
            packedB + (nint)offset * (Divide(Columns, TileColumns) * TileColumns) + (nint)firstColumn * DepthOfBlock(offset);
    }

    private readonly struct ManyRowsPacking(ManyRowsRange range) : IParallelWork
    {
        public void Run(int part)
        {
            const int blockDepth = MatrixProduct.BlockDepth;
            int columnsOfPart = PackedPanelsOfPart * TileColumns, columnParts = Divide(range.Columns, columnsOfPart);
            int first = part % columnParts * columnsOfPart, offset = part / columnParts * blockDepth;
            MatrixOperand b = range.Product.B;
            MatrixProductPacking.Pack(
                b.At(range.Column + first, range.Step + offset), b.Line, b.Step, Math.Min(columnsOfPart, range.Columns - first),
                range.DepthOfBlock(offset), TileColumns, range.Packed(first, offset));
        }
    }

    private readonly struct ManyRowsWork(ManyRowsRange range, RowParts rowParts, int columnsOfPart) : IParallelWork
    {
        public void Run(int part)
        {
            int columnParts = Divide(range.Columns, columnsOfPart);
            (int row, int rows) = rowParts.At(part / columnParts);
            int first = part % columnParts * columnsOfPart, columns = Math.Min(columnsOfPart, range.Columns - first);
            int mostRows = MostTilesOfPart * MatrixProductKernel<TFloats>.Rows;
            float* a = MatrixProductScratch.Own((nuint)mostRows * MatrixProduct.BlockDepth);
            int offset = 0;
            do
            {
                int depth = range.DepthOfBlock(offset), step = range.Step + offset;
                PackRows(range.Product.A, row, rows, step, depth, a);
                if (range.Product.RowSums is not null && range.Column + first == 0)
                    AddRowSums(a, rows, depth, range.Product.RowSums + row);
                RunTiles(
                    range.Product, row, rows, range.Column + first, columns, step, depth,
                    a, range.Packed(first, offset), TileColumns, (nint)depth * TileColumns);
                offset += MatrixProduct.BlockDepth;
            }
            while (offset < range.Depth);
        }
    }
}
