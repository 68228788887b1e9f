#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false
#:package Microsoft.ML@5.0.0
#:package Microsoft.ML.TorchSharp@0.23.0
#:package TorchSharp-cpu@[0.102.7]
#:project ../src/Microsoft.ML.SequenceReduction/Microsoft.ML.SequenceReduction.csproj
#:project ../src/Estimators/Microsoft.ML.SequenceReduction.Estimators.csproj

// ML.NET's text classification, a pretrained network on TorchSharp, and our vectors of whole mails in one pipeline:
// dotnet run samples/TextClassificationBeside.cs -- mail-train.tsv      (docs/mlnet-torchsharp.md says more)
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.TorchSharp;

if (args is not [string table])
{
    Console.Error.WriteLine("Give a table of two columns, Label and Text, with a header line.");
    return 1;
}

// One setting for both: the GPU where there is one, else the processor.
var ml = new MLContext(seed: 1) { GpuDeviceId = 0, FallbackToCpu = true };
ml.Log += (_, e) => Console.Error.WriteLine(e.Message);
IDataView mails = ml.Data.TakeRows(ml.Data.LoadFromTextFile<Mail>(table, hasHeader: true), 900);
DataOperationsCatalog.TrainTestData parts = ml.Data.TrainTestSplit(mails, testFraction: 0.3, seed: 1);

var encoding = new SequenceEncodingOptions
{
    OutputColumnName = "Encoded",
    InputColumnName = "Text",
    MaxLength = 1000,
    Context = ml,
    Network = new() { Width = 64, Blocks = 2 },
    Training = new() { Epochs = 2 },
};
ITransformer model = ml.Transforms.Conversion.MapValueToKey("Key", "Label")
    .Append(ml.MulticlassClassification.Trainers.TextClassification(
        labelColumnName: "Key", scoreColumnName: "SentenceScore", outputColumnName: "SentenceLabel",
        sentence1ColumnName: "Text", batchSize: 8, maxEpochs: 1))
    .Append(ml.Transforms.EncodeSequence(encoding))
    .Append(ml.Transforms.Concatenate("Features", "SentenceScore", "Encoded"))
    .AppendCacheCheckpoint(ml)
    .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("Key", "Features"))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
    .Fit(parts.TrainSet);

string file = Path.Combine(Path.GetTempPath(), "text-classification-beside.zip");
ml.Model.Save(model, mails.Schema, file);
ITransformer loaded = ml.Model.LoadSequenceModel(file, out _);
MulticlassClassificationMetrics metrics =
    ml.MulticlassClassification.Evaluate(loaded.Transform(parts.TestSet), "Key");
Console.WriteLine($"{metrics.MicroAccuracy:p2} of held-out mails are told right by the saved and reloaded model.");
return 0;

internal sealed class Mail
{
    [LoadColumn(0)]
    public string Label { get; set; } = "";

    [LoadColumn(1)]
    public string Text { get; set; } = "";
}
