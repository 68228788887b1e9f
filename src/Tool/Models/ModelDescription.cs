using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using SequenceReduction.Tool.Display;

namespace SequenceReduction.Tool.Models;

/// <summary>Says in facts what a sequence transformer is.</summary>
internal static class ModelDescription
{
    /// <summary>What a transformer does, in one word.</summary>
    public static string KindOf(SequenceTransformer transformer) => transformer switch
    {
        SequenceReducingTransformer => "reducer",
        SequenceRestoringTransformer => "restorer",
        SequenceEncodingTransformer => "encoder",
        SequenceLabelingTransformer => "labeler",
        SequencePredictingTransformer { Classes: 0 } => "regressor",
        _ => "classifier",
    };

    /// <summary>Kind, columns, form, make and size.</summary>
    public static Facts Describe(SequenceTransformer transformer)
    {
        SequenceForm form = transformer.Form;
        Facts facts = new Facts()
            .Add("kind", KindOf(transformer))
            .Add("reads column", transformer.InputColumnName)
            .Add(
                "sequences of",
                form.FrameWidth > 0 ? $"frames of {form.FrameWidth} numbers" : $"{form.TokenCount} tokens")
            .Add("max length", transformer.MaxLength);
        switch (transformer)
        {
            case SequenceReducingTransformer reducer:
                Add(facts, reducer);
                break;
            case SequenceEncodingTransformer encoder:
                Add(facts.Add("writes", encoder.OutputColumnName), encoder.NetworkOptions, transformer.MaxLength);
                break;
            case SequencePredictingTransformer predictor:
                Add(facts.Add("writes", Joined(predictor.PredictedLabelColumnName, predictor.ScoreColumnName))
                    .Add("learnt from", predictor.LabelColumnName)
                    .Add("classes", predictor.Classes), predictor.NetworkOptions.Encoder, transformer.MaxLength);
                break;
            case SequenceLabelingTransformer labeler:
                Add(facts.Add("writes", Joined(labeler.PredictedLabelColumnName, labeler.ScoreColumnName))
                    .Add("learnt from", labeler.LabelColumnName)
                    .Add("classes", labeler.Classes), labeler.NetworkOptions.Encoder, transformer.MaxLength);
                break;
        }

        return facts.Add("weights", transformer.Weights.Sum(w => w.Shape.Count))
            .Add("weights bytes", transformer.Weights.Sum(w => w.Shape.Count) * sizeof(float));
    }

    private static void Add(Facts facts, SequenceReducingTransformer reducer)
    {
        ReducingAutoencoderOptions make = reducer.NetworkOptions;
        facts.Add("writes", Joined(reducer.OutputColumnName, reducer.RestoredColumnName, reducer.ErrorColumnName))
            .Add("latent length", make.LatentLength)
            .Add("latent width", make.LatentWidth ?? make.Width)
            .Add("numbers per row", reducer.LatentSize)
            .Add("stages", make.Stages)
            .Add("width", make.Width)
            .Add("heads", make.Heads)
            .Add("blocks", $"{make.EncoderBlocks} + {make.LatentBlocks} + {make.DecoderBlocks}")
            .Add("attention", NameOf(make.Attention, reducer.MaxLength))
            .Add("dropout", make.Dropout);
    }

    private static void Add(Facts facts, SequenceEncoderOptions make, int maxLength) => facts
        .Add("width", make.Width)
        .Add("heads", make.Heads)
        .Add("blocks", make.Blocks)
        .Add("reads by", make.Staircase is { } staircase
            ? $"{staircase.Variant}, {Chunks(staircase)}{staircase.Passes} passes"
            : "Transformer")
        .Add("n-grams", make.NGrams is { } runs ? $"{runs.Shortest}..{runs.Longest}, {runs.Rows} rows each" : null)
        .Add("attention", NameOf(make.Attention, maxLength))
        .Add("pooling", make.Pooling.ToString())
        .Add("dropout", make.Dropout);

    private static string NameOf(AttentionKind kind, int maxLength) => kind switch
    {
        YosoAttention { Hashes: null } yoso => $"yoso-e, {yoso.BitsFor(maxLength)} bits",
        YosoAttention yoso => $"yoso, {yoso.Hashes} hashes of {yoso.BitsFor(maxLength)} bits",
        _ => "softmax",
    };

    private static string Chunks(StaircaseKind kind) =>
        kind.Variant == StaircaseVariant.Ladder ? "" : $"chunks of {kind.ChunkSize}, ";

    private static string Joined(params IEnumerable<string?> columns) => string.Join(", ", columns.OfType<string>());
}
