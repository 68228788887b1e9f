using FreshProcess;
using Microsoft.ML;

// Arguments: model files, each followed by the columns to print.
var ml = new MLContext();
IDataView data = Samples.View(ml);
foreach (string argument in args)
{
    string[] parts = argument.Split(';');
    ITransformer model = ml.Model.Load(parts[0], out _);
    Console.Write(Bits.Of(model.Transform(data), parts[1..]));
}
