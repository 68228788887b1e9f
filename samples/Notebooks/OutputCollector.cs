using System.Text;

namespace SequenceReduction.Notebooks;

/// <summary>
/// Collects what is printed and shown until it is disposed. Only one at a time: the console is the process's.
/// </summary>
internal sealed class OutputCollector : TextWriter
{
    private static OutputCollector? _current;

    private readonly List<CellOutput> _outputs = [];
    private readonly StringBuilder _printed = new();
    private readonly TextWriter _console = Console.Out;
    private readonly Lock _lock = new();

    public OutputCollector()
    {
        if (Interlocked.CompareExchange(ref _current, this, null) is not null)
            throw new InvalidOperationException("Another cell runs in this process; cells run one after the other.");
        Console.SetOut(this);
    }

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_lock)
            _printed.Append(value);
    }

    /// <summary>Adds something shown to what the running cell gave.</summary>
    public static void Show(CellOutput output)
    {
        OutputCollector collector = _current
            ?? throw new InvalidOperationException("Only a cell that runs in a notebook can show something.");
        lock (collector._lock)
        {
            collector.EndPrinted();
            collector._outputs.Add(output);
        }
    }

    /// <summary>All that was printed and shown, in order.</summary>
    public IReadOnlyList<CellOutput> Take()
    {
        lock (_lock)
        {
            EndPrinted();
            return [.. _outputs];
        }
    }

    protected override void Dispose(bool disposing)
    {
        _current = null;
        Console.SetOut(_console);
        base.Dispose(disposing);
    }

    private void EndPrinted()
    {
        if (_printed.Length > 0)
            _outputs.Add(new CellOutput(CellOutput.PlainText, _printed.ToString().ReplaceLineEndings("\n")));
        _printed.Clear();
    }
}
