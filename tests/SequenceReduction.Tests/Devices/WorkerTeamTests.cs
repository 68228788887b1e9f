using Microsoft.ML.SequenceReduction.Devices.Cpu;

namespace SequenceReduction.Tests.Devices;

public sealed unsafe class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Run_OfManySmallJobs_RunsEveryPartOnce(int threads)
    {
        WorkerTeam team = WorkerTeam.Of(threads);
        int* counts = stackalloc int[64];
        for (int job = 0; job < 640; job++)
        {
            int parts = job % 64;
            new Span<int>(counts, 64).Clear();
            team.Run(parts, new CountWork(counts));
            for (int part = 0; part < 64; part++)
                Assert.Equal(part < parts ? 1 : 0, counts[part]);
        }
    }

    [Fact]
    public void Run_AfterTheThreadsFellAsleep_StillRunsEveryPart()
    {
        WorkerTeam team = WorkerTeam.Of(3);
        int* counts = stackalloc int[4];
        for (int job = 1; job <= 30; job++)
        {
            team.Run(4, new CountWork(counts));
            for (int part = 0; part < 4; part++)
                Assert.Equal(job, counts[part]);
            Thread.Sleep(job % 3);
        }
    }

    [Fact]
    public void Run_FromManyThreadsAtOnce_RunsEveryPartOfEach()
    {
        WorkerTeam team = WorkerTeam.Of(2);
        Thread[] callers = new Thread[6];
        int failures = 0;
        for (int i = 0; i < callers.Length; i++)
        {
            callers[i] = new Thread(() =>
            {
                int* counts = stackalloc int[9];
                for (int job = 1; job <= 500; job++)
                {
                    team.Run(9, new CountWork(counts));
                    for (int part = 0; part < 9; part++)
                        if (counts[part] != job)
                            Interlocked.Increment(ref failures);
                }
            });
            callers[i].Start();
        }

        foreach (Thread caller in callers)
            Assert.True(caller.Join(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, failures);
    }

    [Fact]
    public void Run_InsideAPart_RunsEveryPartOfTheInnerJob()
    {
        int* counts = stackalloc int[5];
        WorkerTeam.Of(2).Run(7, new NestedWork(counts));
        for (int part = 0; part < 5; part++)
            Assert.Equal(7, counts[part]);
    }

    [Fact]
    public void Run_WhenWarm_AllocatesNothing()
    {
        WorkerTeam team = WorkerTeam.Of(2);
        int* counts = stackalloc int[4];
        team.Run(4, new CountWork(counts));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int job = 0; job < 100; job++)
            team.Run(4, new CountWork(counts));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private readonly struct CountWork(int* counts) : IParallelWork
    {
        public void Run(int part) => Interlocked.Increment(ref counts[part]);
    }

    private readonly struct NestedWork(int* counts) : IParallelWork
    {
        public void Run(int part) => WorkerTeam.Of(2).Run(5, new CountWork(counts));
    }
}
