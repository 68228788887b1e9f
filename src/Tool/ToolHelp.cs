using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SequenceReduction.Tool;

/// <summary>Help that ends with examples and exit codes.</summary>
internal static class ToolHelp
{
    private const string ExitCodes = """
        Exit codes:
          0    done
          1    an option, a file or a model is not as it must be; the message says what to do
          2    a failure that the input is not to blame for, for instance a full disk
          130  cancelled by Ctrl-C; train then keeps the best weights so far, where there are any
        """;

    private static readonly Dictionary<string, string> _examples = new()
    {
        ["seqred"] = """
            Files are known by their ending: .txt (a row per line), .tsv and .csv (with a header line), .idv (ML.NET's
            binary IDataView). Results go to standard output, progress and notes to standard error.

            Examples:
              seqred train --task reduce --input lines.txt --output model.zip
              seqred inspect model.zip
              seqred reduce --model model.zip --input lines.txt --output latents.tsv
              seqred restore --model model.zip --input latents.tsv --output restored.txt
            """,
        ["train"] = """
            Examples:
              seqred train --task reduce --input book.txt --whole-file --output book.zip --steps 500
              seqred train --task classify --input mail.tsv --column Text --label Kind --output mail.zip \
                --max-length 512 --attention yoso --validation 0.1 --patience 5 --checkpoint mail-run
              seqred train --task reduce --input sensors.csv --column S1..S128 --output sensors.zip
              seqred train --task label --input tagged.tsv --read-as words --label Tags --output tagger.zip
              seqred train --task encode --input unlabelled.tsv --max-length 512 --output encoder.zip
              seqred train --task classify --input mail.tsv --label Kind --start-from encoder.zip --output mail.zip
            """,
        ["reduce"] = """
            Examples:
              seqred reduce --model model.zip --input lines.txt --output latents.idv
              seqred reduce --model model.zip --input mail.tsv --keep Label --error --output latents.tsv
            """,
        ["restore"] = """
            Examples:
              seqred restore --model model.zip --input latents.tsv --output restored.txt
              seqred restore --model book.zip --input latents.idv --whole-file --output book.txt
            """,
        ["score"] = """
            Examples:
              seqred score --model mail.zip --input new.tsv --output predicted.tsv
              seqred score --model mail.zip --input test.tsv --label Kind --json
            """,
        ["inspect"] = """
            Examples:
              seqred inspect model.zip
              seqred inspect model.zip --json
            """,
        ["export"] = """
            Examples:
              seqred export --model mail.zip --output mail.onnx
              seqred export --model mail.zip --output mail.safetensors
            """,
        ["bench"] = """
            Examples:
              seqred bench --model model.zip --input lines.txt --seconds 10
            """,
    };

    /// <summary>Gives a root command, and with it all its commands, this help.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new WithExamples((HelpAction)help.Action!);
    }

    /// <summary>What a user types to reach a command.</summary>
    public static string NameOf(Command command) => command is RootCommand ? "seqred" : $"seqred {command.Name}";

    private sealed class WithExamples(HelpAction plain) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parsed)
        {
            int exit = plain.Invoke(parsed);
            Command command = parsed.CommandResult.Command;
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine(_examples[command is RootCommand ? "seqred" : command.Name]);
            output.WriteLine();
            output.WriteLine(ExitCodes);
            return exit;
        }
    }
}
