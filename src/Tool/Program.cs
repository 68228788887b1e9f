using SequenceReduction.Tool;

return await SeqRed.RunAsync(args, Console.Out, Console.Error);
