using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tool.Tests.Support;

namespace Tool.Tests;

[Collection("trained")]
public sealed class RoundTripTests(Trained trained) : Workplace
{
    [Fact]
    public void Text_is_trained_inspected_reduced_and_restored()
    {
        JsonObject training = Run.Well(
            ["train", "--task", "reduce", "--input", trained.Lines,
                "--output", this["model.zip"], .. Trained.Small]).Json;
        JsonObject inspected = Run.Well("inspect", this["model.zip"], "--weights", "--json").Json;
        JsonNode reducer = inspected["transformers"]![0]!;
        Assert.Equal("reducer", (string?)reducer["kind"]);
        Assert.Equal(12, (int)reducer["max_length"]!);
        Assert.Equal(3, (int)reducer["latent_length"]!);
        Assert.Equal((long)training["weights"]!, (long)reducer["weights"]!);
        Assert.Equal(
            (long)training["weights"]!,
            reducer["shapes"]!.AsObject().Sum(w => w.Value!.AsArray().Aggregate(1L, (all, n) => all * (long)n!)));

        JsonObject reduced = Run.Well(
            "reduce", "--model", this["model.zip"], "--input", trained.Lines, "--output",
                this["latents.tsv"], "--json").Json;
        Assert.Equal(60, (int)reduced["rows"]!);
        Run.Well(
            "restore", "--model", this["model.zip"], "--input", this["latents.tsv"], "--output", this["restored.txt"]);
        string[] originals = File.ReadAllLines(trained.Lines), restored = File.ReadAllLines(this["restored.txt"]);
        Assert.Equal(originals.Length, restored.Length);
        double measured = (double)Run.Well("score", "--model", this["model.zip"], "--input", trained.Lines, "--json")
            .Json["measures"]!["token_accuracy"]!;
        Assert.Equal(Alike(originals, restored), measured, 0.02);
        Assert.InRange(measured, 0.5, 1);
    }

    [Fact]
    public void A_plain_load_of_the_zip_gives_the_latents_that_the_tool_wrote()
    {
        Run.Well("reduce", "--model", trained.Reducer, "--input", trained.Lines, "--output", this["latents.idv"]);
        var ml = new MLContext(seed: 1);
        ITransformer model = ml.Model.Load(trained.Reducer, out DataViewSchema schema);
        Assert.Equal(["Text"], schema.Select(c => c.Name));
        IDataView rows = ml.Data.LoadFromEnumerable(
            File.ReadLines(trained.Lines).Take(5).Select(t => new Line { Text = t }));
        float[][] plain = [.. model.Transform(rows).GetColumn<float[]>("Reduced")];
        Assert.Equal(plain, ml.Data.LoadFromBinary(this["latents.idv"]).GetColumn<float[]>("Reduced").Take(5));
    }

    [Theory]
    [InlineData("latents.tsv")]
    [InlineData("latents.csv")]
    [InlineData("latents.idv")]
    public void Latents_restore_alike_from_every_format(string latents)
    {
        Run.Well("reduce", "--model", trained.Reducer, "--input", trained.Lines, "--output", this[latents]);
        Run.Well("restore", "--model", trained.Reducer, "--input", this[latents], "--output", this["restored.txt"]);
        Run.Well(
            "reduce", "--model", trained.Reducer, "--input", trained.Lines, "--restored",
                "--output", this["beside.idv"]);
        IEnumerable<string> beside = new MLContext().Data.LoadFromBinary(this["beside.idv"])
            .GetColumn<string>("Restored");
        Assert.Equal(beside.Select(t => t.ReplaceLineEndings(" ")), File.ReadAllLines(this["restored.txt"]));
    }

    [Fact]
    public void A_whole_file_is_one_text_again()
    {
        string book = Write("book.txt", "a cat sees a dog and", "a dog eats a hen but", "no one sees a thing");
        JsonObject reduced = Run.Well(
            "reduce", "--model", trained.Reducer, "--input", book, "--whole-file",
                "--output", this["book.idv"], "--json").Json;
        Assert.Equal((new FileInfo(book).Length + 11) / 12, (long)reduced["rows"]!);
        Assert.Equal(new FileInfo(book).Length, (long)reduced["tokens"]!);
        Run.Well(
            "restore", "--model", trained.Reducer, "--input", this["book.idv"], "--whole-file",
                "--output", this["again.txt"]);
        Run.Well("restore", "--model", trained.Reducer, "--input", this["book.idv"], "--output", this["again.idv"]);
        IEnumerable<string> pieces = new MLContext().Data.LoadFromBinary(this["again.idv"])
            .GetColumn<string>("Restored");
        Assert.Equal(string.Concat(pieces), File.ReadAllText(this["again.txt"]));
    }

    [Fact]
    public void Words_come_back_as_words()
    {
        Run.Well(
            ["train", "--task", "reduce", "--input", trained.Tagged, "--read-as", "words",
                "--output", this["words.zip"],
                .. Trained.Small]);
        Run.Well("reduce", "--model", this["words.zip"], "--input", trained.Tagged, "--output", this["words.tsv"]);
        Run.Well("restore", "--model", this["words.zip"], "--input", this["words.tsv"], "--output", this["words.txt"]);
        string[] known = ["cat", "dog", "hen", "eats", "sees"];
        Assert.All(
            File.ReadLines(this["words.txt"]).SelectMany(l => l.Split(' ')),
            word => Assert.Contains(word, known));
    }

    [Fact]
    public void A_range_of_columns_is_a_series_whose_columns_can_be_kept()
    {
        Run.Well(
            ["train", "--task", "reduce", "--input", trained.Series, "--column", "S1..S6",
                "--output", this["series.zip"],
                .. Trained.Small, "--latent-length", "2"]);
        Run.Well(
            "reduce", "--model", this["series.zip"], "--input", trained.Series, "--keep", "Id", "--error", "--output",
            this["series.csv"]);
        string[] rows = File.ReadAllLines(this["series.csv"]);
        Assert.StartsWith("Reduced.0.0,Reduced.0.1,", rows[0], StringComparison.Ordinal);
        Assert.EndsWith(",Error,Id", rows[0], StringComparison.Ordinal);
        Assert.EndsWith(",r0", rows[1], StringComparison.Ordinal);
        Assert.NotNull(Run.Well("score", "--model", this["series.zip"], "--input", trained.Series, "--json")
            .Json["measures"]!["mean_squared_error"]);
    }

    [Fact]
    public void Encodings_are_written_too()
    {
        Run.Well(
            ["train", "--task", "encode", "--input", trained.Lines, "--attention", "yoso", "--hashes", "4", "--output",
                this["encoder.zip"], .. Trained.Small]);
        Run.Well("reduce", "--model", this["encoder.zip"], "--input", trained.Lines, "--output", this["encoded.csv"]);
        Assert.Equal(16, File.ReadLines(this["encoded.csv"]).First().Split(',').Length);
    }

    private static double Alike(string[] originals, string[] restored) =>
        originals.Zip(restored, (a, b) => a.Take(12).Zip(b).Count(p => p.First == p.Second)).Sum()
        / (double)originals.Sum(a => Math.Min(12, a.Length));

    private sealed class Line
    {
        public string Text { get; set; } = "";
    }
}
