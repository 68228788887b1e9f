using Microsoft.ML.SequenceReduction.Layers;

namespace Estimators.Tests.Support;

/// <summary>One attention of each kind.</summary>
internal static class Attentions
{
    public static TheoryData<AttentionKind> All =>
        [AttentionKind.Softmax, AttentionKind.YosoExpectation(), AttentionKind.Yoso(hashes: 8)];
}
