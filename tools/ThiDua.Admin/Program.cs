using ThiDua.Admin;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return await Commands.RunAsync(args, Console.In, Console.Out, Console.Error, stop.Token);
