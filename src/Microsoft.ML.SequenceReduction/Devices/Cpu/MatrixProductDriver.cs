namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>Cuts a product into blocks that fit the caches and shares them out to a team.</summary>
internal static unsafe class MatrixProductDriver<TFloats> where TFloats : unmanaged, IFloats<TFloats>
{
    // Columns of b packed at once: with BlockDepth steps half a mebibyte, about half of a core's second-level cache.
    private const int BlockColumns = 512;

    // With fewer rows, packing all of b would cost more than it saves: each thread packs one panel and uses it up.
    private const int FewRows = 48;

    private const int MostRowsOfPart = 96, PartsPerThread = 4;
    private const double LeastWorkOfPart = 1e5;

    private static int TileColumns => MatrixProductKernel<TFloats>.Columns;

    public static void Run(in MatrixProduct product, WorkerTeam team)
    {
        if (product.Rows <= FewRows)
            RunFewRows(product, team);
        else
            RunManyRows(product, team);
    }

    private static void RunFewRows(in MatrixProduct product, WorkerTeam team)
    {
        int panels = Divide(product.Columns, TileColumns);
        float* packedA = MatrixProductScratch.Common((nuint)(product.Rows + 16) * (nuint)product.Depth);
        int parts = Parts(product.Work, panels, team);
        int panelsOfPart = Divide(panels, parts);
        PackRows(product.A, 0, product.Rows, 0, product.Depth, packedA);
        team.Run(Divide(panels, panelsOfPart), new FewRowsWork(product, packedA, panelsOfPart));
    }

    private static void RunManyRows(in MatrixProduct product, WorkerTeam team)
    {
        int blockColumns = Math.Min(BlockColumns, product.Columns);
        blockColumns = Divide(Divide(product.Columns, Divide(product.Columns, blockColumns)), TileColumns) * TileColumns;
        float* packedB = MatrixProductScratch.Common((nuint)blockColumns * (nuint)Math.Min(product.Depth, MatrixProduct.BlockDepth));
        int tileRows = MatrixProductKernel<TFloats>.Rows;
        for (int column = 0; column < product.Columns; column += blockColumns)
        {
            int columns = Math.Min(blockColumns, product.Columns - column);
            int panels = Divide(columns, TileColumns);
            int parts = Parts(2.0 * product.Rows * columns * Math.Min(product.Depth, MatrixProduct.BlockDepth), int.MaxValue, team);
            int rowsOfPart = Math.Min(MostRowsOfPart, Divide(Divide(product.Rows, parts), tileRows) * tileRows);
            int rowParts = Divide(product.Rows, rowsOfPart);
            int panelsOfPart = rowParts >= parts ? panels : Math.Max(Divide(panels, Divide(parts, rowParts)), Math.Min(8, panels));
            int step = 0;
            do
            {
                int depth = Math.Min(MatrixProduct.BlockDepth, product.Depth - step);
                team.Run(Divide(panels, PackWork.Panels), new PackWork(product.B, packedB, column, columns, step, depth));
                team.Run(
                    rowParts * Divide(panels, panelsOfPart),
                    new ManyRowsWork(product, packedB, column, columns, step, depth, rowsOfPart, panelsOfPart));
                step += MatrixProduct.BlockDepth;
            }
            while (step < product.Depth);
        }
    }

    private static int Parts(double work, int most, WorkerTeam team) =>
        team.Threads == 1 ? 1 : (int)Math.Clamp(work / LeastWorkOfPart, 1, Math.Min(most, team.Threads * PartsPerThread));

    private static int Divide(int total, int by) => (total + by - 1) / by;

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

    private static void RunTile(
        in MatrixProduct product, int row, int tile, int validRows, int column, int validColumns, int step, int depth, float* a, float* b, nint bStep)
    {
        float* c = product.C + row * product.CLine + column;
        float* bias = product.Bias is null || step + depth < product.Depth ? null : product.Bias + column;
        bool adds = product.Adds || step > 0;
        if (validRows < tile || validColumns < TileColumns)
            MatrixProductKernel<TFloats>.RunEdge(
                tile, depth, a, b, bStep, c, product.CLine, bias, adds, validRows, validColumns);
        else
            MatrixProductKernel<TFloats>.Run(tile, depth, a, b, bStep, c, product.CLine, bias, adds);
    }

    private readonly struct PackWork(MatrixOperand b, float* packedB, int column, int columns, int step, int depth)
        : IParallelWork
    {
        public const int Panels = 4;

        public void Run(int part)
        {
            int first = part * Panels * TileColumns;
            MatrixProductPacking.Pack(
                b.At(column + first, step), b.Line, b.Step, Math.Min(Panels * TileColumns, columns - first), depth, TileColumns,
                packedB + (nint)first * depth);
        }
    }

    private readonly struct ManyRowsWork(
        MatrixProduct product, float* packedB, int column, int columns, int step, int depth, int rowsOfPart, int panelsOfPart)
        : IParallelWork
    {
        public void Run(int part)
        {
            int columnParts = Divide(columns, panelsOfPart * TileColumns);
            int row = part / columnParts * rowsOfPart, end = Math.Min(row + rowsOfPart, product.Rows);
            int firstColumn = part % columnParts * panelsOfPart * TileColumns;
            int endColumn = Math.Min(firstColumn + panelsOfPart * TileColumns, columns);
            float* a = MatrixProductScratch.Own((nuint)(MostRowsOfPart + 16) * (nuint)depth);
            PackRows(product.A, row, end - row, step, depth, a);
            while (row < end)
            {
                int tile = MatrixProductKernel<TFloats>.RowsOfTile(end - row), validRows = Math.Min(tile, end - row);
                for (int from = firstColumn; from < endColumn; from += TileColumns)
                    RunTile(
                        product, row, tile, validRows, column + from, Math.Min(TileColumns, columns - from), step, depth,
                        a, packedB + (nint)from * depth, TileColumns);
                row += tile;
                a += (nint)tile * depth;
            }
        }
    }

    private readonly struct FewRowsWork(MatrixProduct product, float* packedA, int panelsOfPart) : IParallelWork
    {
        public void Run(int part)
        {
            float* scratch = MatrixProductScratch.Own((nuint)TileColumns * MatrixProduct.BlockDepth);
            int column = part * panelsOfPart * TileColumns;
            int end = Math.Min(column + panelsOfPart * TileColumns, product.Columns);
            for (; column < end; column += TileColumns)
                RunPanel(column, Math.Min(TileColumns, product.Columns - column), scratch);
        }

        private void RunPanel(int column, int columns, float* scratch)
        {
            int step = 0;
            do
            {
                int depth = Math.Min(MatrixProduct.BlockDepth, product.Depth - step);
                bool inPlace = product.B.Line == 1 && columns == TileColumns && product.Rows <= MatrixProductKernel<TFloats>.Rows;
                float* b = inPlace ? product.B.At(column, step) : scratch;
                if (!inPlace)
                    MatrixProductPacking.Pack(
                        product.B.At(column, step), product.B.Line, product.B.Step, columns, depth, TileColumns, scratch);
                float* a = packedA;
                for (int row = 0; row < product.Rows;)
                {
                    int tile = MatrixProductKernel<TFloats>.RowsOfTile(product.Rows - row);
                    RunTile(
                        product, row, tile, Math.Min(tile, product.Rows - row), column, columns, step, depth,
                        a + (nint)tile * step, b, inPlace ? product.B.Step : TileColumns);
                    row += tile;
                    a += (nint)tile * product.Depth;
                }

                step += MatrixProduct.BlockDepth;
            }
            while (step < product.Depth);
        }
    }
}
