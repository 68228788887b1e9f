using Microsoft.ML;

namespace SequenceReduction.Tool.Data;

/// <summary>A binary IDataView, whose columns have types of their own.</summary>
internal sealed class BinaryFile : RowFile
{
    private readonly IDataView _view;

    public BinaryFile(MLContext ml, string path) : base(ml, path)
    {
        try
        {
            _view = ml.Data.LoadFromBinary(path);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or IOException))
        {
            throw new UsageException(
                $"'{path}' is no binary IDataView, or is damaged: {e.Message.TrimEnd('.')}. "
                + "Write it by SaveAsBinary.", e);
        }
    }

    /// <inheritdoc/>
    public override bool Has(string column) => _view.Schema.GetColumnOrNull(column) is not null;

    /// <inheritdoc/>
    public override IDataView Load(IReadOnlyList<WantedColumn> wanted)
    {
        IDataView view = _view;
        foreach (WantedColumn column in wanted)
        {
            if (!Has(column.Source))
                throw Missing(column.Source, [.. _view.Schema.Where(c => !c.IsHidden).Select(c => c.Name)]);
            if (column.Name != column.Source)
                view = Ml.Transforms.CopyColumns(column.Name, column.Source).Fit(view).Transform(view);
        }

        return Ml.Transforms.SelectColumns([.. wanted.Select(w => w.Name)]).Fit(view).Transform(view);
    }
}
