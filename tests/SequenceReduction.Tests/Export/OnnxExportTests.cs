using Microsoft.ML.SequenceReduction.Data;
using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Networks;
using SequenceReduction.Tests.Support;
using SequenceReduction.Tests.Support.Onnx;
using Xunit.Abstractions;

namespace SequenceReduction.Tests.Export;

public sealed class OnnxExportTests(OnnxExportTests.Results results, ITestOutputHelper output)
    : IClassFixture<OnnxExportTests.Results>
{
    private const float Tolerance = 1e-4f;

    private static readonly Dictionary<string, Func<OnnxCase>> _cases = new()
    {
        ["reducer"] = () => OnnxCase.Reducer(OnnxCase.Tokens),
        ["reducer of usual size"] = () => OnnxCase.Reducer(
            new() { MaxLength = 200, TokenCount = 256 }, _ => new() { Width = 64, LatentLength = 25 }),
        ["reducer of frames"] = () => OnnxCase.Reducer(OnnxCase.Frames),
        ["reducer in stages, of full width"] =
            () => OnnxCase.Reducer(OnnxCase.Tokens, o => o with { Stages = 2, LatentLength = 2, LatentWidth = null }),
        ["reducer, learned query"] =
            () => OnnxCase.Reducer(OnnxCase.Tokens, o => o with { Query = QuerySource.Learned }),
        ["reducer, query by a map"] =
            () => OnnxCase.Reducer(OnnxCase.Tokens, o => o with { Query = QuerySource.LengthMap }),
        ["reducer, query by a softmax"] =
            () => OnnxCase.Reducer(OnnxCase.Frames, o => o with { Query = QuerySource.DynamicMap }),
        ["reducer, sampled YOSO"] = () => OnnxCase.Reducer(
            OnnxCase.Tokens,
            o => o with { Attention = AttentionKind.Yoso(8), ReductionAttention = AttentionKind.Yoso(8) }),
        ["reducer of one length"] = () => OnnxCase.Reducer(OnnxCase.Tokens, export: new() { Length = 9 }),
        ["encoder"] = () => OnnxCase.Encoder(OnnxCase.Tokens),
        ["encoder of frames"] = () => OnnxCase.Encoder(OnnxCase.Frames),
        ["encoder, first token"] =
            () => OnnxCase.Encoder(OnnxCase.Tokens, o => o with { Pooling = SequencePooling.FirstToken }),
        ["encoder, last token"] =
            () => OnnxCase.Encoder(OnnxCase.Frames, o => o with { Pooling = SequencePooling.LastToken }),
        ["encoder, expected YOSO"] =
            () => OnnxCase.Encoder(OnnxCase.Tokens, o => o with { Attention = AttentionKind.YosoExpectation() }),
        ["encoder, YOSO with convolution"] = () => OnnxCase.Encoder(
            OnnxCase.Tokens,
            o => o with { Attention = AttentionKind.Yoso(8, 3, HashKind.Gaussian, convolution: 3) }),
        ["encoder, YOSO by Hadamard hashes"] = () => OnnxCase.Encoder(
            OnnxCase.Frames, o => o with { Attention = AttentionKind.Yoso(13, 5) }),
        ["encoder, YOSO evaluated by expectation"] = () => OnnxCase.Encoder(
            OnnxCase.Tokens,
            o => o with { Attention = AttentionKind.Yoso(8, 3, evaluation: YosoEvaluation.Expectation) }),
        ["encoder with n-grams"] = () => OnnxCase.Encoder(
            OnnxCase.Tokens, o => o with { NGrams = new() { Shortest = 2, Longest = 5, Rows = 1000 } }),
        ["classifier with n-grams on a staircase"] = () => OnnxCase.Predictor(
            OnnxCase.Tokens, 3,
            o => o with { NGrams = new() { Rows = 1 << 12 }, Staircase = StaircaseKind.Staircase(4, 8) }),
        ["staircase"] = () => OnnxCase.Encoder(OnnxCase.Tokens, Staircase(StaircaseKind.Staircase(4, 8))),
        ["staircase of one length"] = () => OnnxCase.Encoder(
            OnnxCase.Frames, Staircase(StaircaseKind.Staircase(3, 9)), new() { Length = 7 }),
        ["cached staircase"] = () => OnnxCase.Encoder(OnnxCase.Tokens, Staircase(StaircaseKind.Cached(2, 4, 4))),
        ["staircase with a global cache"] =
            () => OnnxCase.Encoder(OnnxCase.Tokens, Staircase(StaircaseKind.GlobalCached(2, 4))),
        ["ladder"] = () => OnnxCase.Encoder(OnnxCase.Tokens, Staircase(StaircaseKind.Ladder(3))),
        ["classifier"] = () => OnnxCase.Predictor(OnnxCase.Tokens, 4),
        ["regressor"] = () => OnnxCase.Predictor(OnnxCase.Frames, 0),
        ["classifier on a staircase"] =
            () => OnnxCase.Predictor(OnnxCase.Tokens, 2, Staircase(StaircaseKind.Staircase(4, 8))),
        ["labeler"] = () => OnnxCase.Labeler(OnnxCase.Tokens),
        ["labeler on a staircase"] = () => OnnxCase.Labeler(OnnxCase.Frames, Staircase(StaircaseKind.Cached(4, 8, 4))),
    };

    public static TheoryData<string> Cases => [.. _cases.Keys];

    [OnnxRuntimeTheory]
    [MemberData(nameof(Cases))]
    public void A_file_gives_in_ONNX_Runtime_what_the_network_gives_for_any_batch(string name)
    {
        float worst = 0;
        foreach ((float[] expected, float[] actual) in results[name])
        {
            Assert.Equal(expected.Length, actual.Length);
            Assert.Contains(expected, value => value != 0 && !float.IsNaN(value));
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.Equal(float.IsNaN(expected[i]), float.IsNaN(actual[i]));
                if (!float.IsNaN(expected[i]))
                    worst = Math.Max(worst, Math.Abs(expected[i] - actual[i]));
            }
        }

        output.WriteLine($"{name}: largest difference {worst:G3}");
        Assert.True(worst <= Tolerance, $"{name}: off by {worst:G3}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_file_keeps_the_rules_of_ONNX(string name)
    {
        using var folder = new TemporaryFolder();
        OnnxCase exported = _cases[name]();
        exported.Export(folder.File("network.onnx"));
        OnnxChecker file = OnnxChecker.Check(folder.File("network.onnx"));
        string length = exported.Length is { } known ? $"{known}" : "length";
        Assert.Equal(
            exported.Network.Form.FrameWidth == 0
                ? ("tokens", 7, $"batch, {length}")
                : ("frames", 1, $"batch, {length}, {exported.Network.Form.FrameWidth}"),
            file.Inputs[0]);
        Assert.Equal(("lengths", 7, "batch"), file.Inputs[1]);
        Assert.StartsWith("batch, ", Assert.Single(file.Outputs).Axes);
    }

    private static Func<SequenceEncoderOptions, SequenceEncoderOptions> Staircase(StaircaseKind kind) =>
        options => options with { Staircase = kind };

    /// <summary>All cases' results for all batches, of one process.</summary>
    public sealed class Results
    {
        private readonly Lazy<ILookup<string, (float[] Expected, float[] Actual)>> _all = new(Run);

        public IEnumerable<(float[] Expected, float[] Actual)> this[string name] => _all.Value[name];

        private static ILookup<string, (float[], float[])> Run()
        {
            using var folder = new TemporaryFolder();
            var asked = new List<(string Name, float[] Expected, OnnxJob Job)>();
            foreach ((string name, Func<OnnxCase> make) in _cases)
            {
                OnnxCase one = make();
                string file = folder.File($"{asked.Count}.onnx");
                one.Export(file);
                foreach ((SequenceRow[] rows, int padded) in Batches(one.Network.Form, one.Length))
                    asked.Add((name, one.Expected(rows, padded), one.Job(file, rows, padded)));
            }

            OnnxTensor[] results = OnnxRuntime.Run(asked.Select(a => a.Job));
            return asked.Zip(results).ToLookup(p => p.First.Name, p => (p.First.Expected, p.Second.Floats()));
        }

        /// <summary>Several rows, one, missing tokens, and rows longer than the network takes.</summary>
        private static IEnumerable<(SequenceRow[] Rows, int Padded)> Batches(SequenceForm form, int? length)
        {
            int most = length ?? form.MaxLength;
            SequenceRow Row(int wanted, int seed) => Sequences.Row(form, Math.Min(wanted, most), seed);
            yield return ([Row(4, 1), Row(most, 2), Row(1, 3), Row(9, 4), Row(0, 5)], 0);
            yield return ([Row(5, 6)], 8);
            yield return ([WithMissing(Row(6, 7), 2), WithMissing(Row(3, 8), 0, 1, 2)], 0);
            if (length is null)
                yield return ([Sequences.Row(form, most + 4, 9), Row(most - 1, 10)], 0);
        }

        private static SequenceRow WithMissing(SequenceRow row, params int[] places)
        {
            int[] tokens = row.Tokens.ToArray();
            float[] frames = row.Frames.ToArray();
            foreach (int place in places)
                if (frames.Length > 0)
                    frames[place * OnnxCase.Frames.FrameWidth + 1] = float.NaN;
                else
                    tokens[place] = -1;
            return new SequenceRow(tokens, frames);
        }
    }
}
