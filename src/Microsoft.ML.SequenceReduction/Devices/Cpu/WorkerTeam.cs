using System.Collections.Concurrent;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>A piece of work that falls into numbered parts which may run at once. A plain value, so that none is allocated.</summary>
internal interface IParallelWork
{
    /// <summary>Runs one part. It must not throw.</summary>
    void Run(int part);
}

/// <summary>
/// Threads that wait for work, as .NET's own pool does, but take parts of a millisecond's work within microseconds and
/// without allocating. Teams are shared by thread count. A caller who finds the team busy does its parts itself, so
/// callers never wait for each other; which thread runs a part never changes a result.
/// </summary>
internal sealed unsafe class WorkerTeam
{
    private const int SpinRounds = 2000;

    private static readonly ConcurrentDictionary<int, WorkerTeam> _teams = new();

    private readonly SemaphoreSlim _wake = new(0);
    private int _started, _busy, _sleepers;
    private int _generation, _nextPart, _partCount, _pending;
    private void* _work;
    private delegate*<void*, int, void> _run;

    private WorkerTeam(int threads) => Threads = threads;

    /// <summary>Number of threads that work at once, the caller's among them.</summary>
    public int Threads { get; }

    /// <summary>The team of so many threads.</summary>
    public static WorkerTeam Of(int threads) => _teams.GetOrAdd(threads, count => new WorkerTeam(count));

    /// <summary>Runs all parts of the work and returns when they are done.</summary>
    public void Run<TWork>(int parts, TWork work) where TWork : unmanaged, IParallelWork
    {
        if (parts <= 1 || Threads == 1 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            for (int part = 0; part < parts; part++)
                work.Run(part);
            return;
        }

        StartThreads();
        _work = &work;
        _run = &RunPart<TWork>;
        _partCount = parts;
        Volatile.Write(ref _pending, Threads - 1);
        Volatile.Write(ref _nextPart, 0);
        Interlocked.Increment(ref _generation);
        int sleeping = Volatile.Read(ref _sleepers);
        if (sleeping > 0)
            _wake.Release(sleeping);
        TakeParts();
        var spin = new SpinWait();
        while (Volatile.Read(ref _pending) != 0)
            spin.SpinOnce(sleep1Threshold: -1);
        Volatile.Write(ref _busy, 0);
    }

    private static void RunPart<TWork>(void* work, int part) where TWork : unmanaged, IParallelWork =>
        ((TWork*)work)->Run(part);

    private void TakeParts()
    {
        for (int part; (part = Interlocked.Increment(ref _nextPart) - 1) < _partCount;)
            _run(_work, part);
    }

    private void StartThreads()
    {
        if (_started != 0)
            return;
        _started = 1;
        for (int i = 1; i < Threads; i++)
            new Thread(WaitForWork) { IsBackground = true, Name = $"seqred worker {i}" }.Start(Volatile.Read(ref _generation));
    }

    private void WaitForWork(object? seenGeneration)
    {
        int seen = (int)seenGeneration!;
        while (true)
        {
            for (int round = 0; seen == Volatile.Read(ref _generation) && round < SpinRounds; round++)
                Thread.SpinWait(20);
            while (seen == Volatile.Read(ref _generation))
                Sleep(seen);
            seen = Volatile.Read(ref _generation);
            TakeParts();
            Interlocked.Decrement(ref _pending);
        }
    }

    /// <summary>Sleeps until woken. Whoever raises the generation after a sleeper is counted also wakes it.</summary>
    private void Sleep(int seen)
    {
        Interlocked.Increment(ref _sleepers);
        if (seen == Volatile.Read(ref _generation))
            _wake.Wait();
        Interlocked.Decrement(ref _sleepers);
    }
}
