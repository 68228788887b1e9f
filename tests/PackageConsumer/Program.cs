using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;

var ml = new MLContext(seed: 1);
Letter[] kinds = [new() { Text = "aabbab", Label = "ab" }, new() { Text = "xyyxx", Label = "xy" }];
IDataView letters = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => kinds[i % 2]));
var options = new SequenceReducingOptions
{
    OutputColumnName = "Reduced",
    InputColumnName = "Text",
    RestoredColumnName = "Restored",
    MaxLength = 8,
    Network = new() { LatentLength = 2, Width = 16, Heads = 2, FeedForwardWidth = 32 },
    Training = new() { Steps = 40, BatchSize = 16 },
};
ITransformer model = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.ReduceSequence(options))
    .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(
        featureColumnName: "Reduced", maximumNumberOfIterations: 20))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
    .Fit(letters);

string file = Path.Combine(AppContext.BaseDirectory, "model.zip");
ml.Model.Save(model, letters.Schema, file);
ITransformer plain = new MLContext().Model.Load(file, out _);
ITransformer typed = new MLContext().Model.LoadSequenceModel(file, out _);
foreach (string text in new[] { "aabbab", "xyyxx" })
{
    Verdict[] verdicts = [.. new[] { model, plain, typed }.Select(m =>
        ml.Model.CreatePredictionEngine<Letter, Verdict>(m).Predict(new Letter { Text = text }))];
    bool same = verdicts.All(v => v.Score.SequenceEqual(verdicts[0].Score) && v.Restored == verdicts[0].Restored);
    Console.WriteLine($"{text} is {verdicts[0].PredictedLabel}, {(same ? "the same" : "not the same")} three times");
}

internal sealed class Letter
{
    public string Text { get; set; } = "";

    public string Label { get; set; } = "";
}

internal sealed class Verdict
{
    public string PredictedLabel { get; set; } = "";

    public string Restored { get; set; } = "";

    public float[] Score { get; set; } = [];
}
