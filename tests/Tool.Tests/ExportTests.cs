using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Tool.Tests.Support;

namespace Tool.Tests;

[Collection("trained")]
public sealed class ExportTests(Trained trained) : Workplace
{
    [Fact]
    public void Safetensors_hold_the_transformer_of_the_model()
    {
        JsonObject exported = Run.Well(
            "export", "--model", trained.Reducer, "--output", this["reducer.safetensors"], "--json").Json;
        var ml = new MLContext(seed: 1);
        SequenceTransformer back = ml.Model.LoadSafetensors(this["reducer.safetensors"]);
        Assert.Equal((long)exported["weights"]!, back.Weights.Sum(w => w.Shape.Count));
        Assert.Equal(12, Assert.IsType<SequenceReducingTransformer>(back).MaxLength);
    }

    [Fact]
    public void Onnx_files_name_inputs_and_output_and_what_is_left_out_is_said()
    {
        JsonObject exported = Run.Well(
            "export", "--model", trained.Classifier, "--output", this["classifier.onnx"], "--json").Json;
        string file = Encoding.Latin1.GetString(File.ReadAllBytes(this["classifier.onnx"]));
        Assert.Equal(("classifier", "onnx", file.Length), (
            (string?)exported["kind"], (string?)exported["format"], (int)exported["output_bytes"]!));
        Assert.All(["tokens", "lengths", "score"], name => Assert.Contains(name, file, StringComparison.Ordinal));

        Run.Well(
            ["train", "--task", "encode", "--input", trained.Tagged, "--read-as", "words",
                "--output", this["words.zip"], .. Trained.Small]);
        string note = Run.Well("export", "--model", this["words.zip"], "--output", this["words.onnx"]).Error;
        Assert.Contains("holds the encoder alone, which reads column 'Text.Words'", note, StringComparison.Ordinal);
    }
}
