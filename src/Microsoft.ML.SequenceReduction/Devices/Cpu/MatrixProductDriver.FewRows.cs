namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

// All of a is packed for the team; each thread takes some columns of b, packs them block by block and uses them up.
internal static unsafe partial class MatrixProductDriver<TFloats>
{
    private const int PanelsAtOnce = 4;

    private static void RunFewRows(in MatrixProduct product, WorkerTeam team)
    {
        int padded = PaddedRows(product.Rows), panels = Divide(product.Columns, TileColumns);
        float* packedA = MatrixProductScratch.Shared((nuint)padded * (nuint)product.Depth);
        team.Run(Divide(product.Depth, MatrixProduct.BlockDepth), new FewRowsPacking(product, packedA, padded));
        for (int step = 0; product.RowSums is not null && step < product.Depth; step += MatrixProduct.BlockDepth)
            AddRowSums(
                packedA + (nint)step * padded, product.Rows, Math.Min(MatrixProduct.BlockDepth, product.Depth - step),
                product.RowSums);
        int panelsOfPart = Divide(panels, Parts(product.Work, panels, team));
        team.Run(Divide(panels, panelsOfPart), new FewRowsWork(product, packedA, padded, panelsOfPart * TileColumns));
    }

    private readonly struct FewRowsPacking(MatrixProduct product, float* packedA, int padded) : IParallelWork
    {
        public void Run(int part)
        {
            int step = part * MatrixProduct.BlockDepth, depth = Math.Min(MatrixProduct.BlockDepth, product.Depth - step);
            PackRows(product.A, 0, product.Rows, step, depth, packedA + (nint)step * padded);
        }
    }

    private readonly struct FewRowsWork(MatrixProduct product, float* packedA, int padded, int columnsOfPart) : IParallelWork
    {
        public void Run(int part)
        {
            int column = part * columnsOfPart, end = Math.Min(column + columnsOfPart, product.Columns);
            int columnsAtOnce = PanelsAtOnce * TileColumns;
            float* packedB = MatrixProductScratch.Own((nuint)columnsAtOnce * MatrixProduct.BlockDepth);
            for (; column < end; column += columnsAtOnce)
                RunColumns(column, Math.Min(columnsAtOnce, end - column), packedB);
        }

        // b is read where it lies if its rows are whole there and a has too few rows to read it more than once.
        private void RunColumns(int column, int columns, float* packedB)
        {
            bool inPlace = product.B.Line == 1 && columns % TileColumns == 0
                && product.Rows <= MatrixProductKernel<TFloats>.Rows;
            int step = 0;
            do
            {
                int depth = Math.Min(MatrixProduct.BlockDepth, product.Depth - step);
                float* a = packedA + (nint)step * padded, b = packedB;
                if (inPlace)
                    b = product.B.At(column, step);
                else
                    MatrixProductPacking.Pack(
                        product.B.At(column, step), product.B.Line, product.B.Step, columns, depth, TileColumns, packedB);
                RunTiles(
                    product, 0, product.Rows, column, columns, step, depth, a, b,
                    inPlace ? product.B.Step : TileColumns, inPlace ? TileColumns : (nint)depth * TileColumns);
                step += MatrixProduct.BlockDepth;
            }
            while (step < product.Depth);
        }
    }
}
