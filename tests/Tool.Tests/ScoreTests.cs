using System.Text.Json.Nodes;
using Microsoft.ML;
using Tool.Tests.Support;

namespace Tool.Tests;

[Collection("trained")]
public sealed class ScoreTests(Trained trained) : Workplace
{
    [Fact]
    public void A_classifier_predicts_and_is_measured()
    {
        JsonObject scored = Run.Well(
            "score", "--model", trained.Classifier, "--input", trained.Mail, "--keep", "Kind", "--output",
            this["predicted.csv"], "--json").Json;
        string[][] rows = [.. File.ReadLines(this["predicted.csv"]).Select(l => l.Split(','))];
        Assert.Equal(["PredictedLabel", "Score.ham", "Score.spam", "Kind"], rows[0]);
        double right = rows.Skip(1).Count(r => r[0] == r[3]) / 80.0;
        Assert.Equal(right, (double)scored["measures"]!["accuracy"]!, 1e-9);
        Assert.True(right > 0.9, $"Only {right:P0} were right.");
    }

    [Fact]
    public void People_see_a_table_with_each_class()
    {
        string shown = Run.Well("score", "--model", trained.Classifier, "--input", trained.Mail).Output;
        Assert.Contains("log loss", shown, StringComparison.Ordinal);
        Assert.Contains("recall", shown, StringComparison.Ordinal);
        Assert.Contains("spam", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_labels_are_predicted_only()
    {
        Run run = Run.Well(
            "score", "--model", trained.Classifier, "--input", trained.Lines, "--output",
                this["predicted.tsv"], "--json");
        Assert.Null(run.Json["measures"]);
        Assert.Equal(61, File.ReadLines(this["predicted.tsv"]).Count());
    }

    [Fact]
    public void Labels_may_have_another_name_in_the_file_and_another_order()
    {
        string other = Write(
            "other.tsv", ["Body\tTruth", "WIN 3\tspam", "cat eats hen\tham", "WIN 5\tspam", "dog sees cat\tham"]);
        JsonObject measures = Run.Well(
            "score", "--model", trained.Classifier, "--input", other, "--column", "Body", "--label", "Truth", "--json")
            .Json["measures"]!.AsObject();
        Assert.Equal(1, (double)measures["accuracy"]!);
    }

    [Fact]
    public void Labels_in_a_binary_file_may_be_of_any_type()
    {
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40)
            .Select(i => new Truth { Text = i % 2 == 0 ? "aaaa" : "zzzz", Label = i % 2 == 0 }).ToArray());
        using (FileStream file = File.Create(this["rows.idv"]))
            ml.Data.SaveAsBinary(rows, file);
        Run.Well(
            ["train", "--task", "classify", "--input", this["rows.idv"], "--output",
            this["truth.zip"], .. Trained.Small]);
        Assert.Equal(1, (double)Run.Well("score", "--model", this["truth.zip"], "--input", this["rows.idv"], "--json")
            .Json["measures"]!["accuracy"]!);
    }

    [Fact]
    public void A_regressor_reads_series_by_a_staircase()
    {
        Run.Well(
            ["train", "--task", "regress", "--input", trained.Series, "--column", "S1..S6", "--label",
                "Value", "--encoder",
                "staircase", "--chunk-size", "3", "--output", this["value.zip"], .. Trained.Small]);
        JsonObject measures = Run.Well("score", "--model", this["value.zip"], "--input", trained.Series, "--json")
            .Json["measures"]!.AsObject();
        Assert.InRange((double)measures["R_squared"]!, 0.3, 1);
    }

    [Fact]
    public void A_labeler_tags_words()
    {
        Run.Well(
            ["train", "--task", "label", "--input", trained.Tagged, "--read-as", "words", "--label", "Tags", "--output",
                this["tags.zip"], .. Trained.Small]);
        JsonObject scored = Run.Well(
            "score", "--model", this["tags.zip"], "--input", trained.Tagged, "--output",
                this["tags.tsv"], "--json").Json;
        Assert.Equal(180, (int)scored["measures"]!["positions"]!);
        Assert.InRange((double)scored["measures"]!["position_accuracy"]!, 0.9, 1);
        Assert.StartsWith("N V N\t", File.ReadLines(this["tags.tsv"]).ElementAt(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_measures_every_work_of_a_model()
    {
        JsonArray works = Run.Well(
            "bench", "--model", trained.Reducer, "--input", trained.Lines, "--seconds",
            "1", "--json")
            .Json["works"]!.AsArray();
        Assert.Equal(["reduce", "restore"], works.Select(w => (string?)w!["work"]));
        Assert.All(works, work => Assert.True((double)work!["tokens_per_second"]! > (double)work["rows_per_second"]!));
    }

    private sealed class Truth
    {
        public string Text { get; set; } = "";

        public bool Label { get; set; }
    }
}
