using System.Text.Json.Nodes;
using Tool.Tests.Support;

namespace Tool.Tests;

[Collection("trained")]
public sealed class StartTests(Trained trained) : Workplace
{
    private static readonly string[] _brief = ["--steps", "60", "--json"];

    [Fact]
    public void A_classifier_starts_from_an_encoder_of_words_and_leaves_frozen_weights_alone()
    {
        Run.Well(
            ["train", "--task", "encode", "--input", trained.Tagged, "--read-as", "words",
                "--output", this["encoder.zip"], .. Trained.Small]);
        string rows = Write("rows.tsv", ["Body\tKind", .. Enumerable.Range(0, 40)
            .Select(i => i % 2 == 0 ? "cat eats hen\ta" : "dog sees dog\tb")]);
        Run.Well(
            ["train", "--task", "classify", "--input", rows, "--column", "Body", "--label", "Kind",
                "--start-from", this["encoder.zip"], "--freeze", "--pooling", "first",
                "--output", this["model.zip"], .. _brief]);
        JsonNode model = Run.Well("inspect", this["model.zip"], "--json").Json["transformers"]![0]!;
        Assert.Equal((12, 16, "FirstToken", "Text.Words"), (
            (int)model["max_length"]!, (int)model["width"]!, (string?)model["pooling"], (string?)model["reads_column"]));
        Assert.Equal(WeightsOf("encoder"), WeightsOf("model"));
        Assert.Equal(1, (double)Run.Well(
            "score", "--model", this["model.zip"], "--input", rows, "--column", "Body", "--label", "Kind", "--json")
            .Json["measures"]!["accuracy"]!);
    }

    [Theory]
    [InlineData("Ladder, 3 passes", "--encoder", "ladder", "--passes", "3", "--segment-length", "4", "--cache-length", "4")]
    [InlineData("Ladder, 1 passes", "--encoder", "causal")]
    [InlineData("Cached, chunks of 4, 2 passes", "--encoder", "cached", "--chunk-size", "4")]
    [InlineData("GlobalCached, chunks of 4, 2 passes", "--encoder", "global", "--chunk-size", "4")]
    public void Encoders_read_from_left_to_right_in_every_way(string reading, params string[] options)
    {
        Run.Well(
            ["train", "--task", "encode", "--input", trained.Lines, "--output", this["encoder.zip"],
                .. Trained.Small, .. options]);
        Assert.Equal(
            reading,
            (string?)Run.Well("inspect", this["encoder.zip"], "--json").Json["transformers"]![0]!["reads_by"]);
    }

    [Fact]
    public void Runs_of_tokens_are_read_beside_the_tokens()
    {
        Run.Well(
            ["train", "--task", "classify", "--input", trained.Mail, "--label", "Kind", "--n-grams", "2..3",
                "--n-gram-rows", "64", "--output", this["model.zip"], .. Trained.Small]);
        Assert.Equal(
            "2..3, 64 rows each",
            (string?)Run.Well("inspect", this["model.zip"], "--json").Json["transformers"]![0]!["n-grams"]);
    }

    /// <summary>An embedding's numbers, as the safetensors of a model hold them.</summary>
    private string WeightsOf(string name)
    {
        Run.Well("export", "--model", this[$"{name}.zip"], "--output", this[$"{name}.safetensors"]);
        byte[] file = File.ReadAllBytes(this[$"{name}.safetensors"]);
        int header = (int)BitConverter.ToInt64(file, 0);
        JsonNode entry = JsonNode.Parse(file.AsSpan(8, header))!["encoder.embedding.weight"]!;
        (int from, int to) = ((int)entry["data_offsets"]![0]!, (int)entry["data_offsets"]![1]!);
        return Convert.ToHexString(file.AsSpan(8 + header)[from..to]);
    }
}
