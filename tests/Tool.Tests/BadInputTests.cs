using System.IO.Compression;
using SequenceReduction.Tool;
using Tool.Tests.Support;

namespace Tool.Tests;

[Collection("trained")]
public sealed class BadInputTests(Trained trained) : Workplace
{
    [Theory]
    [InlineData("", "Required command was not provided")]
    [InlineData("train", "'--task' is required")]
    [InlineData("train --task dance --input LINES --output OUT.zip", "--task is 'dance'; it must be one of reduce,")]
    [InlineData(
        "train --task reduce --input LINES --output OUT.zip --epochs many",
        "--epochs is 'many'; it must be a whole")]
    [InlineData("train --task reduce --input LINES --output OUT.zip --latent-length 64", "less than --max-length (64)")]
    [InlineData("train --task reduce --input LINES --output OUT.zip --width 10 --heads 3", "divide --width (10)")]
    [InlineData("train --task reduce --input LINES --output OUT.zip --label Kind", "learns without labels")]
    [InlineData(
        "train --task reduce --input LINES --output OUT.zip --pooling last",
        "--pooling is for the tasks encode")]
    [InlineData("train --task reduce --input LINES --output OUT.zip --hashes 4", "--hashes is for --attention yoso")]
    [InlineData("train --task reduce --input LINES --output OUT.zip --steps 3 --epochs 3", "give one of them")]
    [InlineData("train --task reduce --input LINES --output OUT.zip --patience 3", "needs --validation")]
    [InlineData("train --task reduce --input LINES --output OUT.zip --validation 1.5", "above 0 and below 1")]
    [InlineData("train --task reduce --input LINES --output OUT.zip --validation gone.txt", "no file 'gone.txt'")]
    [InlineData("train --task reduce --input gone.txt --output OUT.zip", "There is no file 'gone.txt'. Check --input.")]
    [InlineData("train --task reduce --input LINES --output OUT.bin", "must end in .zip")]
    [InlineData("train --task reduce --input LINES --output gone/m.zip", "Make the folder first")]
    [InlineData(
        "train --task reduce --input MAIL --column Body --output OUT.zip",
        "no column 'Body'; its columns are 'Kind', 'Text'")]
    [InlineData("train --task classify --input LINES --output OUT.zip", "must come from a .tsv, .csv or .idv file")]
    [InlineData(
        "train --task classify --input MAIL --label Kind --output OUT.zip --latent-length 3",
        "is for --task reduce")]
    [InlineData("train --task regress --input MAIL --label Kind --output OUT.zip", "all are missing")]
    [InlineData("train --task reduce --input MAIL --whole-file --output OUT.zip", "--whole-file is for .txt files")]
    [InlineData("train --task reduce --input SERIES --column S6..S1 --output OUT.zip", "name the range the other way")]
    [InlineData(
        "train --task encode --input LINES --output OUT.zip --passes 3", "--passes is for encoders from left to right")]
    [InlineData(
        "train --task encode --input LINES --output OUT.zip --encoder ladder --chunk-size 4",
        "--chunk-size is for --encoder staircase")]
    [InlineData(
        "train --task encode --input LINES --output OUT.zip --encoder staircase --cache-length 4",
        "--cache-length is for --encoder cached, ladder and causal")]
    [InlineData(
        "train --task encode --input LINES --output OUT.zip --encoder global --passes 2000000000",
        "--passes is 2000000000; it must be from 1 to 64")]
    [InlineData(
        "train --task encode --input LINES --output OUT.zip --encoder cached --cache-length 7",
        "--cache-length is 7; it must be from 0 to 1048576 and a multiple of --chunk-size (16)")]
    [InlineData(
        "train --task classify --input MAIL --label Kind --output OUT.zip --encoder causal --segment-length 4",
        "--segment-length is for the tasks encode and label")]
    [InlineData("train --task encode --input LINES --output OUT.zip --n-grams few", "--n-grams is 'few'; it must be FROM..TO")]
    [InlineData("train --task encode --input LINES --output OUT.zip --n-grams 1..3", "--n-grams is 1; it must be 2 or more")]
    [InlineData("train --task encode --input LINES --output OUT.zip --n-gram-rows 9", "--n-gram-rows is for --n-grams")]
    [InlineData("train --task encode --input LINES --output OUT.zip --freeze", "--freeze is for --start-from")]
    [InlineData("train --task reduce --input LINES --output OUT.zip --start-from REDUCER", "is for the tasks classify")]
    [InlineData(
        "train --task classify --input MAIL --label Kind --output OUT.zip --start-from REDUCER",
        "a reducer; only encoders can be started from")]
    [InlineData(
        "train --task classify --input MAIL --label Kind --output OUT.zip --start-from REDUCER --width 8",
        "--width is settled by the model of --start-from. Leave it out.")]
    [InlineData("reduce --model gone.zip --input LINES --output OUT.tsv", "There is no model 'gone.zip'")]
    [InlineData("reduce --model CLASSIFIER --input MAIL --output OUT.tsv", "is a classifier, which writes no latents")]
    [InlineData("reduce --model REDUCER --input LINES --output OUT.txt", "latents are numbers")]
    [InlineData("reduce --model REDUCER --input LINES --output LINES", "which is read as well")]
    [InlineData("reduce --model REDUCER --input LINES --output OUT.xml", "its ending must say what it is")]
    [InlineData("reduce --model REDUCER --input LINES --output OUT.tsv --keep Kind", "must come from a .tsv")]
    [InlineData("restore --model REDUCER --input MAIL --output OUT.txt", "no column 'Reduced'")]
    [InlineData(
        "restore --model REDUCER --input SERIES --column S1..S6 --output OUT.txt",
        "have 6 numbers; the model's have 48")]
    [InlineData("restore --model CLASSIFIER --input MAIL --output OUT.txt", "restores nothing")]
    [InlineData("score --model CLASSIFIER --input LINES", "nothing to do")]
    [InlineData("score --model REDUCER --input MAIL --label Kind", "this model learnt without labels")]
    [InlineData("bench --model REDUCER --input LINES --seconds 0", "--seconds is '0'")]
    [InlineData("export --model REDUCER --output OUT.zip", "must say what it is: .onnx or .safetensors")]
    [InlineData("export --model REDUCER --output OUT.safetensors --length 8", "--length is for .onnx files")]
    [InlineData("export --model REDUCER --output OUT.onnx --length 0", "--length is '0'")]
    public void Is_said_with_its_remedy_and_exit_code_1(string line, string message)
    {
        Run run = Run.Of([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Argument)]);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, run.Exit);
        Assert.Empty(run.Output);
        Assert.False(File.Exists(this["out.zip"]));
    }

    [Fact]
    public void Truncated_damaged_and_foreign_models_are_told_apart()
    {
        byte[] whole = File.ReadAllBytes(trained.Reducer);
        File.WriteAllBytes(this["cut.zip"], whole[..(whole.Length / 2)]);
        Says("truncated", "inspect", this["cut.zip"]);
        Says("no whole zip file", "inspect", trained.Lines);
        using (ZipArchive archive = ZipFile.Open(this["foreign.zip"], ZipArchiveMode.Create))
            archive.CreateEntry("readme.txt");
        Says("no sequence transformer", "inspect", this["foreign.zip"]);
    }

    [Fact]
    public void Files_that_are_not_what_their_ending_says_are_refused()
    {
        File.Copy(trained.Lines, this["fake.idv"]);
        Says("no binary IDataView", "reduce", "--model", trained.Reducer,
            "--input", this["fake.idv"], "--output", this["out.tsv"]);
        File.WriteAllBytes(this["latin.txt"], [0x61, 0x0A, 0xE4, 0xF6, 0x0A]);
        Says("not UTF-8", "reduce", "--model", trained.Reducer,
            "--input", this["latin.txt"], "--output", this["out.tsv"]);
        Assert.False(File.Exists(this["out.tsv"]));
        File.WriteAllText(this["empty.txt"], "");
        Says("is empty", "train", "--task", "reduce", "--input", this["empty.txt"], "--output", this["out.zip"]);
    }

    [Theory]
    [InlineData("train", "--task", "reduce")]
    [InlineData("train", "--task", "classify")]
    [InlineData("reduce")]
    [InlineData("score")]
    [InlineData("bench")]
    public void A_header_without_rows_is_said(params string[] verb)
    {
        string header = Write("header.tsv", "Text\tLabel");
        string[] model = verb is ["train", ..] ? [] : ["--model", trained.Reducer];
        string[] output = verb is ["train", ..] ? ["--output", this["out.zip"]]
            : verb is ["bench"] ? [] : ["--output", this["out.tsv"]];
        Says($"'{header}' has no rows after its header line. Check --input.", [.. verb, .. model, "--input", header, .. output]);
        Assert.False(File.Exists(this["out.tsv"]) || File.Exists(this["out.zip"]));
    }

    [Fact]
    public void A_place_where_no_file_can_be_made_is_said_before_any_work()
    {
        string place = this[new string('a', 250) + ".zip"];
        Says("where no file can be made", "train", "--task", "reduce", "--input", trained.Lines, "--output", place);
    }

    [Fact]
    public void Latents_without_rows_are_said()
    {
        string header = Write("latents.csv", string.Join(',', Enumerable.Range(0, 48).Select(i => $"Reduced.{i}")));
        Says($"'{header}' has no rows after its header line. Check --input.",
            "restore", "--model", trained.Reducer, "--input", header, "--output", this["out.txt"]);
    }

    private static void Says(string message, params string[] arguments)
    {
        Run run = Run.Of(arguments);
        Assert.Equal(ExitCode.BadInput, run.Exit);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private string Argument(string word) => word switch
    {
        "LINES" => trained.Lines,
        "MAIL" => trained.Mail,
        "SERIES" => trained.Series,
        "REDUCER" => trained.Reducer,
        "CLASSIFIER" => trained.Classifier,
        _ when word.StartsWith("OUT.", StringComparison.Ordinal) => this[word.ToLowerInvariant()],
        _ => word,
    };
}
