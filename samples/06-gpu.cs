#:property PublishAot=false
#:project ../src/Microsoft.ML.SequenceReduction/Microsoft.ML.SequenceReduction.csproj
#:project ../src/Estimators/Microsoft.ML.SequenceReduction.Estimators.csproj
#:project Shared/Shared.csproj
#:package Microsoft.ML
using static Pictures;

// %% [markdown]
// # GPU
//
// The same pipeline, trained and scored on an NVIDIA GPU: set `GpuDeviceId`, on the options or on the
// `MLContext`. Nothing else changes, and a model trained there loads anywhere.
//
// The GPU comes in packages of its own, because libtorch is large:
//
// - `Microsoft.ML.SequenceReduction.TorchSharp`, the device;
// - `TorchSharp-cuda-linux` or `TorchSharp-cuda-windows`, libtorch with CUDA.
//
// A notebook adds each by a line such as `#r "nuget: TorchSharp-cuda-linux"`, a program by `#:package`.
//
// **This notebook runs without them too**, and then says what is missing; its outputs below say which
// it was.
// %%
using System.IO;
using Microsoft.ML;
using Microsoft.ML.SequenceReduction.Estimators;
using Microsoft.ML.SequenceReduction.Networks;
using Microsoft.ML.SequenceReduction.Training;

bool fast = Environment.GetEnvironmentVariable("SEQRED_FAST") == "1";   // the tests' short run
var ml = new MLContext(seed: 1);
// %%
(string name, string text) = RealData.Book();
IEnumerable<string> windows = RealData.Windows(text, 128).Take(fast ? 200 : 4000);
Passage[] passages = [.. windows.Select(window => new Passage { Text = window })];
IDataView training = ml.Data.LoadFromEnumerable(passages);

SequenceReducingOptions Options(int? gpu, bool fallback) => new()
{
    InputColumnName = "Text",
    OutputColumnName = "Reduced",
    RestoredColumnName = "Restored",
    MaxLength = 128,
    Network = new ReducingAutoencoderOptions { LatentLength = 16, Width = fast ? 16 : 128 },
    Training = new TrainingOptions { Steps = fast ? 2 : 15 },
    GpuDeviceId = gpu,
    FallbackToCpu = fallback,
    Context = ml,
};

(SequenceReducingTransformer Model, double Speed) Train(SequenceReducingOptions options)
{
    SequenceReducingTransformer model = ml.Transforms.ReduceSequence(options).Fit(training);
    return (model, model.Training!.Tokens / model.Training.Elapsed.TotalSeconds);
}

(SequenceReducingTransformer onProcessor, double processorSpeed) = Train(Options(gpu: null, fallback: true));
Console.WriteLine($"{name}; on the processor: {onProcessor.Training!.Steps} steps");
// %% [markdown]
// ## On the GPU, or not at all
//
// With `FallbackToCpu = false`, asking for a GPU that is not there is an error that names the remedy.
// %%
SequenceReducingTransformer? onGpu = null;
try
{
    (onGpu, double gpuSpeed) = Train(Options(gpu: 0, fallback: false));
    Console.WriteLine($"on the GPU: {gpuSpeed:N0} bytes/s, {gpuSpeed / processorSpeed:F1} times the processor's");
}
catch (InvalidOperationException exception)
{
    Console.WriteLine(exception.Message);
}
// %% [markdown]
// ## On the GPU if there is one
//
// With `FallbackToCpu = true`, the default, the processor steps in, and ML.NET's log says so.
// %%
ml.Log += (_, line) =>
{
    if (line.Message.Contains("GpuDeviceId"))
        Console.WriteLine(line.Message);
};
(SequenceReducingTransformer either, _) = Train(Options(gpu: 0, fallback: true));
Console.WriteLine($"trained all the same: {either.Training!.Steps} steps");
// %% [markdown]
// ## One model, any device
//
// Weights are saved without their device. What was trained on the GPU, where there was one, is loaded
// here on the processor.
// %%
var file = new MemoryStream();
ml.Model.Save(onGpu ?? onProcessor, training.Schema, file);
file.Position = 0;
ITransformer loaded = ml.Model.Load(file, out _);
Restored restored = ml.Model.CreatePredictionEngine<Passage, Restored>(loaded).Predict(passages[0]);
Console.WriteLine($"text      {passages[0].Text.ReplaceLineEndings("⏎")}");
Console.WriteLine($"restored  {restored.Text.ReplaceLineEndings("⏎")}");
// %% [types]
public sealed class Passage
{
    public string Text { get; set; } = "";
}

public sealed class Restored
{
    [Microsoft.ML.Data.ColumnName("Restored")]
    public string Text { get; set; } = "";
}
