using System.CommandLine;
using SequenceReduction.Benchmarks;

// One process, one workload, one line, named as the workloads of a PyTorch program that does the same work.
var bench = new RootCommand("Measures one workload: warm-up steps, then the median and minimum time of a step.");
bench.Add(KernelWorkloads.MatrixProduct());
bench.Add(AttentionWorkloads.Softmax());
bench.Add(AttentionWorkloads.Yoso());
bench.Add(NetworkWorkloads.Train());
bench.Add(NetworkWorkloads.Score());
bench.Add(LanguageWorkloads.Staircase());
bench.Add(LanguageWorkloads.Causal());
return bench.Parse(args).Invoke();
