using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;

namespace SequenceReduction.Tests.Support;

/// <summary>The smallest network that can learn: each token is embedded, a little dropped out, and told again.</summary>
internal sealed class TinyNetwork : SequenceNetwork
{
    private readonly Weight _table, _weight, _bias;
    private readonly float _dropout;

    public TinyNetwork(
        Device device, SequenceForm form, int width = 8, float dropout = 0.1f, int seed = 1, bool training = true)
        : base(form)
    {
        var builder = new LayerBuilder();
        _dropout = dropout;
        _table = builder.In("embedding").Weight("weight", new Shape(form.VocabularySize, width), Initial.Normal(1));
        _bias = builder.In("output").Weight("bias", new Shape(form.VocabularySize), Initial.Zeros, decays: false);
        _weight = builder.In("output").Weight("weight", new Shape(form.VocabularySize, width), Initial.Linear);
        Build(builder, device, seed, training);
    }

    /// <summary>How many batches it has seen.</summary>
    public int Passes { get; private set; }

    /// <summary>Called before every pass.</summary>
    public Action<TinyNetwork, Graph>? Passing { get; set; }

    /// <summary>Multiplies every loss.</summary>
    public float Factor { get; set; } = 1;

    public override string Facts => Note;

    public override bool NeedsFullLength => false;

    /// <summary>What it says of itself.</summary>
    public string Note { get; init; } = "";

    public override (Tensor Loss, LossCounts Counts) Loss(Graph graph, SequenceBatch batch)
    {
        Passes++;
        Passing?.Invoke(this, graph);
        Tensor x = graph.Embedding(_table, batch.Ids, batch.Rows, batch.Tokens);
        Tensor logits = graph.Linear(graph.Dropout(x, _dropout), _weight, _bias);
        (Tensor loss, Tensor rowLoss) = graph.CrossEntropy(graph.Scale(logits, Factor), batch.Ids);
        var best = new int[batch.Ids.Length];
        graph.Device.ArgMax(logits, best);
        int right = best.Zip(batch.Ids.ToArray()).Count(p => p.First == p.Second);
        var counts = new LossCounts(
            rowLoss.ToArray().Sum(l => (double)l), batch.Mask.ValidCount, batch.Mask.ValidCount, right, batch.Rows, 0);
        return (loss, counts);
    }
}
