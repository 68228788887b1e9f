using System.CommandLine;
using Microsoft.ML;
using SequenceReduction.Tool.Models;

namespace SequenceReduction.Tool.Commands;

/// <summary>The options that let training start from an encoder's weights.</summary>
internal sealed class StartArguments
{
    private readonly Option<string?> _model = new("--start-from")
    {
        HelpName = "FILE",
        Description = "classify, regress, label: a model of --task encode to start from, whose make and reading of "
            + "the column are taken over.",
    };

    private readonly Option<bool> _freeze = new("--freeze")
    {
        Description = "Leaves the weights of --start-from as they are and trains what comes after them alone.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_freeze);
    }

    /// <summary>Whether the encoder's weights stay as they are.</summary>
    public bool Freezes(ParseResult parsed) => parsed.GetValue(_freeze);

    /// <summary>The model to start from; none if there is none.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="supervised">Whether the task can start from an encoder.</param>
    /// <param name="settled">Options that the model answers.</param>
    /// <exception cref="UsageException">Options do not go together, or the model has no encoder.</exception>
    public StartingModel? Open(MLContext ml, ParseResult parsed, bool supervised, params IEnumerable<Option> settled)
    {
        if (parsed.GetValue(_model) is not { } path)
        {
            parsed.Refuse([_freeze], "is for --start-from");
            return null;
        }

        if (!supervised)
            parsed.Refuse([_model], "is for the tasks classify, regress and label");
        parsed.Refuse(settled, "is settled by the model of --start-from", "Leave it out.");
        return StartingModel.Open(ml, path);
    }
}
