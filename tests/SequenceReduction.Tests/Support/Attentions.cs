using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;

namespace SequenceReduction.Tests.Support;

/// <summary>The kinds of attention that every network must work with.</summary>
public static class Attentions
{
    public static TheoryData<string> Names => [.. _kinds.Keys];

    private static readonly Dictionary<string, AttentionKind> _kinds = new()
    {
        ["softmax"] = AttentionKind.Softmax,
        ["yoso"] = AttentionKind.Yoso(hashes: 8, bits: 3),
        ["yoso gaussian, convolution"] = AttentionKind.Yoso(8, 3, HashKind.Gaussian, convolution: 3),
        ["yoso, sampled forward alone"] = AttentionKind.Yoso(
            8, 3, gradient: YosoGradient.Surrogate, evaluation: YosoEvaluation.Expectation),
        ["yoso expectation"] = AttentionKind.YosoExpectation(bits: 3),
        ["yoso expectation, exact, convolution"] = AttentionKind.YosoExpectation(3, YosoGradient.Exact, convolution: 3),
    };

    public static IEnumerable<AttentionKind> All => _kinds.Values;

    public static AttentionKind Of(string name) => _kinds[name];
}
