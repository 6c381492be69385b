using System.Runtime.InteropServices;
using ThiDua.Recovery;

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // end in order: servers of ours must end, too
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var (command, mistake) = CommandLine.Parse(args);
if (command is null)
{
    await Console.Error.WriteLineAsync($"{mistake}{Environment.NewLine}{CommandLine.Usage}");
    return Commands.Misused;
}

return await new Commands(Console.Out, Console.Error, TimeProvider.System).RunAsync(command, stop.Token);
