using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using ThiDua.Bench;
using ThiDua.Bench.Bare;

[assembly: SupportedOSPlatform("linux")]

// The same program is the bare servers that the product is held against: processes of their own, like the product's.
switch (args)
{
    case ["bare-kestrel", var port, var directory]:
        await BareHttp.ServeAsync(port, directory);
        return 0;
    case ["bare-yarp", var port, var target]:
        await BareHttp.ForwardAsync(port, target);
        return 0;
}

var (options, mistake) = BenchOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync($"{mistake}{Environment.NewLine}{BenchOptions.Usage}");
    return 2;
}

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // end in order: the servers are to be stopped too
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await new Measurements(options, Console.Out, Console.Error, TimeProvider.System).RunAsync(stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 1;
}
