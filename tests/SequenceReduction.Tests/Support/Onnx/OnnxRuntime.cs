using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace SequenceReduction.Tests.Support.Onnx;

/// <summary>
/// ONNX Runtime for Node.js, from the npm registry: installed once into the temporary folder of this machine, outside
/// the repository. Its binaries for the processor are inside the package, so no script of it is run.
/// </summary>
public static class OnnxRuntime
{
    private const string Package = "onnxruntime-node", Version = "1.30.0";

    private const string Program = """
        const ort = require('onnxruntime-node'), fs = require('fs');
        const array = { int64: BigInt64Array, float32: Float32Array };
        const tensor = ({ Type, Axes, Data }) => {
          const bytes = new Uint8Array(Buffer.from(Data, 'base64'));
          return new ort.Tensor(Type, new array[Type](bytes.buffer), Axes);
        };
        (async () => {
          const results = [];
          for (const { File, Inputs } of JSON.parse(fs.readFileSync(process.argv[2]))) {
            const session = await ort.InferenceSession.create(File, { intraOpNumThreads: 1 });
            const feeds = Object.fromEntries(Object.entries(Inputs).map(([name, input]) => [name, tensor(input)]));
            const { type, dims, data } = (await session.run(feeds))[session.outputNames[0]];
            const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
            results.push({ Type: type, Axes: dims, Data: bytes.toString('base64') });
          }
          fs.writeFileSync(process.argv[3], JSON.stringify(results));
        })();
        """;

    private static readonly string _folder = Path.Combine(Path.GetTempPath(), $"seqred-{Package}-{Version}");

    private static readonly Lazy<string?> _missing = new(Install);

    /// <summary>Why there is no runtime; none where there is one.</summary>
    public static string? Missing => _missing.Value;

    /// <summary>Runs files on inputs, all in one process.</summary>
    /// <returns>The first output of each.</returns>
    public static OnnxTensor[] Run(IEnumerable<OnnxJob> jobs)
    {
        string work = Directory.CreateTempSubdirectory("seqred-").FullName;
        try
        {
            string program = Path.Combine(work, "run.js"), asked = Path.Combine(work, "jobs.json");
            string answered = Path.Combine(work, "results.json");
            File.WriteAllText(program, Program);
            File.WriteAllText(asked, JsonSerializer.Serialize(jobs));
            string? failure = Start("node", program, asked, answered);
            if (failure is not null)
                throw new InvalidOperationException($"ONNX Runtime refused a file: {failure}");
            return JsonSerializer.Deserialize<OnnxTensor[]>(File.ReadAllText(answered))!;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static string? Install()
    {
        if (Directory.Exists(_folder))
            return null;
        string beside = $"{_folder}-{Guid.NewGuid():n}";
        Directory.CreateDirectory(beside);
        string? failure = Start(
            "npm", "install", "--prefix", beside, "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=0",
            "--fetch-timeout=60000", "--loglevel=error", $"{Package}@{Version}");
        try
        {
            if (failure is null)
                Directory.Move(beside, _folder);
        }
        catch (IOException) when (Directory.Exists(_folder))
        {
            // Another test process was faster.
        }

        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);
        return failure is null ? null : $"ONNX Runtime is not here, npm could not install {Package}: {failure}";
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What went wrong; none if nothing did.</returns>
    private static string? Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        start.Environment["NODE_PATH"] = Path.Combine(_folder, "node_modules");
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{errors.Trim()} {output.Result.Trim()}";
        }
        catch (Win32Exception e)
        {
            return $"{program} cannot be started: {e.Message}";
        }
    }
}

/// <summary>A file to run, and its inputs by name.</summary>
public sealed record OnnxJob(string File, Dictionary<string, OnnxTensor> Inputs);

/// <summary>A test that needs ONNX Runtime; skipped, with the reason, where it cannot be had.</summary>
public sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    public OnnxRuntimeFactAttribute() => Skip = OnnxRuntime.Missing;
}

/// <summary>A theory that needs ONNX Runtime; skipped, with the reason, where it cannot be had.</summary>
public sealed class OnnxRuntimeTheoryAttribute : TheoryAttribute
{
    public OnnxRuntimeTheoryAttribute() => Skip = OnnxRuntime.Missing;
}
