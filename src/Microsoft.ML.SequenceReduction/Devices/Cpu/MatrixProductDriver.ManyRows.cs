namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

// Some columns of b, over much of the depth, are packed for the team; each thread takes some rows of a, packs them block
// by block and goes through all those columns.
internal static unsafe partial class MatrixProductDriver<TFloats>
{
    // With BlockDepth steps, about half of a second-level cache each for columns of b and rows of a and c.
    private const int MostColumns = 512, MostRowsOfPart = 96;

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
        int panels = Divide(columns, TileColumns), tileRows = MatrixProductKernel<TFloats>.Rows;
        int parts = Parts(2.0 * product.Rows * columns * depth, int.MaxValue, team);
        int rowsOfPart = Math.Min(MostRowsOfPart, Divide(Divide(product.Rows, parts), tileRows) * tileRows);
        int rowParts = Divide(product.Rows, rowsOfPart);
        int panelsOfPart = Math.Clamp(Divide(panels, Divide(parts, rowParts)), Math.Min(LeastPanelsOfPart, panels), panels);
        var range = new ManyRowsRange(product, packedB, column, columns, step, depth);
        team.Run(Divide(panels, PackedPanelsOfPart) * Divide(depth, MatrixProduct.BlockDepth), new ManyRowsPacking(range));
        team.Run(
            rowParts * Divide(panels, panelsOfPart), new ManyRowsWork(range, rowsOfPart, panelsOfPart * TileColumns));
    }

    /// <summary>Neighbouring columns and steps of a product and where they are packed: <c>[block of steps, panel, step, column]</c>.</summary>
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

    private readonly struct ManyRowsWork(ManyRowsRange range, int rowsOfPart, int columnsOfPart) : IParallelWork
    {
        public void Run(int part)
        {
            int columnParts = Divide(range.Columns, columnsOfPart);
            int row = part / columnParts * rowsOfPart, rows = Math.Min(rowsOfPart, range.Product.Rows - row);
            int first = part % columnParts * columnsOfPart, columns = Math.Min(columnsOfPart, range.Columns - first);
            float* a = MatrixProductScratch.Own((nuint)PaddedRows(MostRowsOfPart) * MatrixProduct.BlockDepth);
            int offset = 0;
            do
            {
                int depth = range.DepthOfBlock(offset), step = range.Step + offset;
                PackRows(range.Product.A, row, rows, step, depth, a);
                RunTiles(
                    range.Product, row, rows, range.Column + first, columns, step, depth,
                    a, range.Packed(first, offset), TileColumns, (nint)depth * TileColumns);
                offset += MatrixProduct.BlockDepth;
            }
            while (offset < range.Depth);
        }
    }
}
