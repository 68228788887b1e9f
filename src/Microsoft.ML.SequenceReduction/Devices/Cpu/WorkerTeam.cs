using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.SequenceReduction.Devices.Cpu;

/// <summary>
/// A piece of work that falls into numbered parts which may run at once. A plain value, so that none is allocated.
/// </summary>
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
/// <remarks>
/// One 64-bit ticket says everything a thread must know before it takes a part: which work this is, and how many of its
/// parts nobody has taken. Taking one is a compare-and-swap of the ticket, so a thread that comes late can take nothing of
/// work that is over. Until a taken part is counted as done the caller stays, and with it the work's description. A caller
/// waits only for parts that were taken, never for a thread that has yet to wake.
/// </remarks>
internal sealed unsafe class WorkerTeam
{
    private static readonly ConcurrentDictionary<int, WorkerTeam> _teams = new();
    private static readonly long _spinTime = Stopwatch.Frequency / 5000;

    private readonly object _gate = new();
    private State _state;
    private int _started, _sleepers;

    private int _parts;
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
        if (parts <= 1 || Threads == 1 || Interlocked.CompareExchange(ref _state.Busy, 1, 0) != 0)
        {
            for (int part = 0; part < parts; part++)
                work.Run(part);
            return;
        }

        StartThreads();
        _work = &work;
        _run = &RunPart<TWork>;
        _parts = parts;
        _state.Done = 0;
        long serial = (_state.Ticket >> 32) + 1;
        Interlocked.Exchange(ref _state.Ticket, serial << 32 | (uint)parts);
        WakeSleepers(parts - 1);
        TakeParts();
        var spin = new SpinWait();
        while (Volatile.Read(ref _state.Done) != parts)
            spin.SpinOnce(sleep1Threshold: -1);
        Volatile.Write(ref _state.Busy, 0);
    }

    private static void RunPart<TWork>(void* work, int part) where TWork : unmanaged, IParallelWork =>
        ((TWork*)work)->Run(part);

    private static int Untaken(long ticket) => (int)ticket;

    private void TakeParts()
    {
        long ticket = Volatile.Read(ref _state.Ticket);
        while (Untaken(ticket) > 0)
        {
            long seen = Interlocked.CompareExchange(ref _state.Ticket, ticket - 1, ticket);
            if (seen != ticket)
            {
                ticket = seen;
                continue;
            }

            _run(_work, _parts - Untaken(ticket));
            Interlocked.Increment(ref _state.Done);
            ticket = Volatile.Read(ref _state.Ticket);
        }
    }

    private void StartThreads()
    {
        if (_started != 0)
            return;
        _started = 1;
        for (int i = 1; i < Threads; i++)
            new Thread(WaitForWork) { IsBackground = true, Name = $"seqred worker {i}" }.Start();
    }

    private void WaitForWork()
    {
        while (true)
        {
            TakeParts();
            if (!SpinForWork())
                SleepUntilWork();
        }
    }

    private bool SpinForWork()
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            if (Untaken(Volatile.Read(ref _state.Ticket)) > 0)
                return true;
            Thread.SpinWait(10);
        }
        while (Stopwatch.GetTimestamp() - start < _spinTime);
        return false;
    }

    // First counts itself as asleep, then looks at the ticket; a caller first writes the ticket, then counts the sleepers.
    // So at least one sees the other, and a pulse cannot come between the look and the wait, which the gate joins.
    private void SleepUntilWork()
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _sleepers);
            while (Untaken(Volatile.Read(ref _state.Ticket)) == 0)
                Monitor.Wait(_gate);
            Interlocked.Decrement(ref _sleepers);
        }
    }

    private void WakeSleepers(int most)
    {
        int sleepers = Math.Min(Volatile.Read(ref _sleepers), most);
        if (sleepers == 0)
            return;
        lock (_gate)
            for (int i = 0; i < sleepers; i++)
                Monitor.Pulse(_gate);
    }

    // What threads change often lies two cache lines apart from what they only read.
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct State
    {
        [FieldOffset(128)]
        public long Ticket;

        [FieldOffset(256)]
        public int Done;

        [FieldOffset(384)]
        public int Busy;
    }
}
