namespace Estimators.Tests.RealPackages;

/// <summary>The torch device's package, where build.cs's option torch puts libtorch in force.</summary>
public sealed partial class PackageTests
{
    [Fact]
    public void Consumer_OfTheTorchDevicesPackage_TrainsAndRestoresOnLibtorch()
    {
        feed.Pack("src/TorchDevice");
        Assert.Equal("4 of 4 rows come back on torch:cpu", feed.RunConsumer("TorchConsumer").Trim());
    }
}
