using Microsoft.ML.SequenceReduction.Devices;
using Microsoft.ML.SequenceReduction.Devices.Cpu;
using Microsoft.ML.SequenceReduction.Devices.Reference;
using Microsoft.ML.SequenceReduction.Layers;
using Microsoft.ML.SequenceReduction.Operations;
using Microsoft.ML.SequenceReduction.Tensors;
using SequenceReduction.Tests.Support;

namespace SequenceReduction.Tests.Layers;

/// <summary>The staircase gives the numbers of the authors' program, over consecutive segments, with all gradients.</summary>
public sealed class StaircaseFixtureTests
{
    public static TheoryData<string> Files => Fixtures.Files("staircase_*");

    [FixtureTheory]
    [MemberData(nameof(Files))]
    public void The_staircase_equals_the_Fixture_on_the_processor(string file)
    {
        using var device = new CpuDevice(2);
        CheckSegments(file, device);
    }

    [FixtureTheory]
    [MemberData(nameof(Files))]
    public void The_staircase_equals_the_Fixture_on_the_reference_device(string file)
    {
        using var device = new ReferenceDevice();
        CheckSegments(file, device);
    }

    private static void CheckSegments(string file, Device device)
    {
        using var fixture = new Fixture(file);
        int chunk = fixture.Number("F"), size = fixture.Number("S"), layers = fixture.Number("layers");
        int batch = fixture.Number("B"), tokens = fixture.Number("M");
        StaircaseKind kind = StaircaseKind.Staircase(chunk, size) with
        {
            AsPublished = true,
            Distances = fixture.Number("attn_lim"),
        };
        using var model = new PublishedModel(fixture, kind, device);
        using StaircaseMemory memory = model.Stack.NewMemory();
        for (int segment = 0; segment < fixture.Number("segments"); segment++)
        {
            model.ClearGradients();
            using var graph = new Graph(device, recording: true);
            int[] ids = fixture.Ints($"seg{segment}.ids");
            Tensor embedded = graph.Embedding(model.Embedding, ids, batch, tokens);
            Tensor states = model.Stack.Forward(graph, embedded, TokenMask.AllValid(batch, tokens), memory);
            Tensor logits = graph.Linear(
                graph.LayerNorm(states, model.NormGain, model.NormBias), model.Output, model.OutputBias);
            Tensor loss = graph.CrossEntropy(logits, fixture.Ints($"seg{segment}.targets")).Loss;
            graph.Backward(loss);

            fixture.AssertClose($"seg{segment}.logprobs", LogSoftmax(logits));
            fixture.AssertClose($"seg{segment}.loss", loss.ToArray());
            for (int lane = 0; lane < size / chunk - 1; lane++)
                for (int layer = 0; layer < layers; layer++)
                    fixture.AssertClose($"seg{segment}.carry.{lane}.{layer}", memory.State(lane, layer)!.ToArray());
            model.AssertGradients(segment);
        }
    }

    private static float[] LogSoftmax(Tensor logits)
    {
        return [.. logits.ToArray().Chunk(logits.Shape.Last).SelectMany(row =>
        {
            double sum = Math.Log(row.Sum(v => Math.Exp(v)));
            return row.Select(v => (float)(v - sum));
        })];
    }

    /// <summary>The stack with the fixture's weights, and the embedding and output around it.</summary>
    private sealed class PublishedModel : IDisposable
    {
                private readonly Fixture _fixture;
        private readonly ParameterSet _parameters;

        public PublishedModel(Fixture fixture, StaircaseKind kind, Device device)
        {
            _fixture = fixture;
            int width = fixture.Number("hid"), vocabulary = fixture.Number("vocab");
            var builder = new LayerBuilder();
            Stack = new StaircaseStack(
                builder, kind, width, fixture.Number("heads"), fixture.Number("ffn"), fixture.Number("layers"), dropout: 0);
            builder.Weight("in_emb.weight", new Shape(vocabulary, width), Initial.Zeros);
            builder.Weight("out_norm.weight", new Shape(width), Initial.Zeros);
            builder.Weight("out_norm.bias", new Shape(width), Initial.Zeros);
            builder.Weight("out.out_emb.weight", new Shape(vocabulary, width), Initial.Zeros);
            builder.Weight("out.out_emb.bias", new Shape(vocabulary), Initial.Zeros);
            _parameters = new ParameterSet(device, builder.Declarations, 1, training: true);
            builder.Attach(_parameters);
            foreach (Parameter parameter in _parameters.Parameters)
                device.Upload(Take(parameter.Name, parameter.Value.Shape, "w."), parameter.Value);
        }

        public StaircaseStack Stack { get; }

        public Tensor Embedding => _parameters["in_emb.weight"].Value;

        public Tensor NormGain => _parameters["out_norm.weight"].Value;

        public Tensor NormBias => _parameters["out_norm.bias"].Value;

        public Tensor Output => _parameters["out.out_emb.weight"].Value;

        public Tensor OutputBias => _parameters["out.out_emb.bias"].Value;

        public void ClearGradients()
        {
            foreach (Parameter parameter in _parameters.Parameters)
                parameter.Value.Device.Fill(parameter.Gradient!, 0);
        }

        public void AssertGradients(int segment)
        {
            foreach (Parameter parameter in _parameters.Parameters)
            {
                float[] expected = Take(parameter.Name, parameter.Value.Shape, $"seg{segment}.grad.");
                float[] actual = parameter.Gradient!.ToArray();
                double largest = expected.Max(v => Math.Abs(v));
                for (int i = 0; i < expected.Length; i++)
                    Assert.True(
                        Math.Abs(expected[i] - actual[i]) <= 1e-5 * largest + 1e-7,
                        $"segment {segment}, {parameter.Name}[{i}]: {actual[i]:R} instead of {expected[i]:R}");
            }
        }

        public void Dispose() => _parameters.Dispose();

        /// <summary>A tensor of the fixture under our name and layout.</summary>
        private float[] Take(string name, Shape shape, string prefix)
        {
            if (name == "relative_keys")
                return DistancesFirst(_fixture.Floats($"{prefix}transformer.layers.0.attn.attn.key_pe"), shape);
            if (!name.StartsWith("layers.", StringComparison.Ordinal))
                return _fixture.Floats(prefix + name);
            string theirs = $"{prefix}transformer.{name}".Replace("linear1", "ff.fc1").Replace("linear2", "ff.fc2");
            return theirs.Contains("proj_key_value")
                ? [.. _fixture.Floats(theirs.Replace("proj_key_value", "proj_key")),
                   .. _fixture.Floats(theirs.Replace("proj_key_value", "proj_val"))]
                : _fixture.Floats(theirs);
        }

        /// <summary>From <c>[1, K, R]</c> with distance δ in column R − 1 − δ to <c>[R, K]</c>.</summary>
        private static float[] DistancesFirst(float[] table, Shape shape)
        {
            (int distances, int width) = (shape[0], shape[1]);
            var rows = new float[table.Length];
            for (int distance = 0; distance < distances; distance++)
                for (int k = 0; k < width; k++)
                    rows[distance * width + k] = table[k * distances + distances - 1 - distance];
            return rows;
        }
    }
}
