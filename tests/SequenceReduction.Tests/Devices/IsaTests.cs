using System.Runtime.Intrinsics;

namespace SequenceReduction.Tests.Devices;

/// <summary>CI runs these tests again with vectors switched off; then they must really be off.</summary>
public class IsaTests
{
    [Fact]
    public void Vectors_that_were_switched_off_are_off()
    {
        static bool Off(string name) => Environment.GetEnvironmentVariable($"DOTNET_Enable{name}") == "0";
        bool none = Off("HWIntrinsic"), narrow = none || Off("AVX2"), noWidest = narrow || Off("AVX512");
        Assert.False(noWidest && Vector512.IsHardwareAccelerated);
        Assert.False(narrow && Vector256.IsHardwareAccelerated);
        Assert.False(none && Vector128.IsHardwareAccelerated);
    }
}
