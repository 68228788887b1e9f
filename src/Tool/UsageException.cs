namespace SequenceReduction.Tool;

/// <summary>What was asked for cannot be; the message says what, and what to do instead.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
