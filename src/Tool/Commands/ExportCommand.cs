using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using SequenceReduction.Tool.Data;
using SequenceReduction.Tool.Display;
using SequenceReduction.Tool.Models;

namespace SequenceReduction.Tool.Commands;

/// <summary>Writes a model's network for other runtimes.</summary>
internal sealed class ExportCommand
{
    private const string Onnx = ".onnx", Safetensors = ".safetensors";

    private readonly Option<string> _model = ToolOptions.Model();
    private readonly Option<string> _output = ToolOptions.Text(
        "--output", "FILE", "The network: .onnx (to score anywhere) or .safetensors (weights, as in PyTorch).", true);

    private readonly Option<int?> _length = ToolOptions.MaybeWhole(
        "--length",
        ".onnx: the one length that sequences are padded to [default: any; for staircases in chunks, --max-length]", 1);

    private readonly Option<bool> _json = ToolOptions.Json();

    public static Command Create()
    {
        var own = new ExportCommand();
        var command = new Command(
            "export", "Writes a model's network as ONNX, which runs wherever ONNX Runtime does, or its weights as "
            + "safetensors.")
        {
            own._model, own._output, own._length, own._json,
        };
        command.SetWork(own._json, own.Run);
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        string path = parsed.GetValue(_model)!, output = parsed.GetValue(_output)!;
        string format = Path.GetExtension(output).ToLowerInvariant();
        if (format is not (Onnx or Safetensors))
            throw new UsageException(
                $"--output is '{output}'; its ending must say what it is: {Onnx} or {Safetensors}. Rename it.");
        if (format == Safetensors)
            parsed.Refuse([_length], $"is for {Onnx} files", "Leave it out.");
        OutputFile.CheckPlace(output, path);
        var ml = new MLContext(seed: 1);
        terminal.Listen(ml);
        ModelFile model = ModelFile.Open(ml, path);
        SequenceTransformer transformer = model.Sequences[0];
        if (format == Safetensors)
            transformer.SaveSafetensors(output);
        else
            ExportOnnx(transformer, output, parsed.GetValue(_length));

        if (model.Steps.Count > 1)
            terminal.Note(
                $"Note: the file holds the {ModelDescription.KindOf(transformer)} alone, which reads column "
                + $"'{transformer.InputColumnName}'; the model has {model.Steps.Count - 1} more steps.");
        Facts facts = new Facts()
            .Add("kind", ModelDescription.KindOf(transformer))
            .Add("format", format[1..])
            .Add("weights", transformer.Weights.Sum(w => w.Shape.Count))
            .Add("output", output)
            .Add("output bytes", new FileInfo(output).Length);
        terminal.Print(facts.ToJson(), facts.ToTable("Exported"));
        return ExitCode.Done;
    }

    private static void ExportOnnx(SequenceTransformer transformer, string path, int? length)
    {
        switch (transformer)
        {
            case SequenceReducingTransformer reducer:
                reducer.ExportOnnx(path, length);
                break;
            case SequenceEncodingTransformer encoder:
                encoder.ExportOnnx(path, length);
                break;
            case SequencePredictingTransformer predictor:
                predictor.ExportOnnx(path, length);
                break;
            case SequenceLabelingTransformer labeler:
                labeler.ExportOnnx(path, length);
                break;
            default:
                throw new UsageException(
                    $"The model's first step is a {ModelDescription.KindOf(transformer)}, which has no ONNX form; "
                    + "export the model of the reducer that it belongs to.");
        }
    }
}
