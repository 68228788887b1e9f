#:property PublishAot=false
#:property ManagePackageVersionsCentrally=false
#:package Microsoft.ML.OnnxTransformer@5.0.0
#:package Microsoft.ML.OnnxRuntime@1.23.2
#:project ../src/Estimators/Microsoft.ML.SequenceReduction.Estimators.csproj
#:project ../src/Microsoft.ML.SequenceReduction/Microsoft.ML.SequenceReduction.csproj

// Networks of ours as ONNX files in ML.NET's own ApplyOnnxModel, compared with the transformers they come from:
// dotnet run samples/ApplyOnnxModel.cs -- mail-train.tsv      (docs/onnx.md says more)
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Layers;

const float Tolerance = 1e-4f;

if (args is not [string table])
{
    Console.Error.WriteLine("Give a table of two columns, Label and Text, with a header line.");
    return 1;
}

var ml = new MLContext(seed: 1);
IDataView mails = ml.Data.TakeRows(ml.Data.LoadFromTextFile<Mail>(table, hasHeader: true), 400);
bool same = true;

SequenceReducingTransformer reducer =
    ml.Transforms.ReduceSequence("Latents", "Text", maxLength: Tokens.MaxLength, epochs: 1).Fit(mails);
string file = Path.Combine(Path.GetTempPath(), "reducer.onnx");
reducer.ExportOnnx(file);
Compare(file, "latents", reducer.Transform(mails).GetColumn<float[]>("Latents"));

SequenceEncodingTransformer encoder = ml.Transforms.EncodeSequence(
    "Encoding", "Text", maxLength: Tokens.MaxLength, attention: AttentionKind.Yoso(hashes: 32), epochs: 1).Fit(mails);
file = Path.Combine(Path.GetTempPath(), "encoder.onnx");
encoder.ExportOnnx(file);
Compare(file, "encoding", encoder.Transform(mails).GetColumn<float[]>("Encoding"));

return same ? 0 : 2;

void Compare(string path, string output, IEnumerable<float[]> ours)
{
    // Rows are scored one by one, so the shapes have 1 for the batch.
    var shapes = new Dictionary<string, int[]> { ["tokens"] = [1, Tokens.MaxLength], ["lengths"] = [1] };
    ITransformer model = ml.Transforms.CustomMapping<Mail, Tokens>(Read, contractName: null)
        .Append(ml.Transforms.ApplyOnnxModel(
            [output], ["tokens", "lengths"], path, shapeDictionary: shapes, recursionLimit: 100))
        .Fit(mails);
    IDataView scored = model.Transform(mails);
    int rows = 0;
    float largest = 0;
    foreach ((float[] mine, float[] other) in ours.Zip(scored.GetColumn<float[]>(output)))
    {
        rows++;
        for (int i = 0; i < mine.Length; i++)
            largest = Math.Max(largest, Math.Abs(mine[i] - other[i]));
    }

    Console.WriteLine($"{Path.GetFileName(path)}: {rows} rows by ApplyOnnxModel, largest difference {largest:g2} in "
        + $"{scored.Schema[output].Type}");
    same &= rows > 0 && largest <= Tolerance;
}

// What the transformers read: UTF-8 bytes, cut between two characters, and padded to the shape.
static void Read(Mail mail, Tokens row)
{
    byte[] text = Encoding.UTF8.GetBytes(mail.Text);
    int length = Math.Min(text.Length, Tokens.MaxLength);
    while (length < text.Length && (text[length] & 0xC0) == 0x80)
        length--;
    row.Ids = [.. text.Take(length).Select(b => (long)b), .. Enumerable.Repeat(-1L, Tokens.MaxLength - length)];
    row.Lengths = [length];
}

internal sealed class Mail
{
    [LoadColumn(0)]
    public string Label { get; set; } = "";

    [LoadColumn(1)]
    public string Text { get; set; } = "";
}

internal sealed class Tokens
{
    public const int MaxLength = 128;

    [ColumnName("tokens"), VectorType(MaxLength)]
    public long[] Ids { get; set; } = [];

    [ColumnName("lengths"), VectorType(1)]
    public long[] Lengths { get; set; } = [];
}
