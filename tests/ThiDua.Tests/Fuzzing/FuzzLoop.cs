using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace ThiDua.Tests.Fuzzing;

/// <summary>What was wrong with how an input was read.</summary>
/// <param name="Signature">Kind and place: the same twice is one finding.</param>
/// <param name="Detail">The exception, or how long it took.</param>
/// <param name="Input">What to give the reader to see it again.</param>
internal sealed record FuzzFinding(string Signature, string Detail, byte[] Input);

/// <summary>
/// Gives changed inputs to one target, keeps those that go new ways and notes those that break it: an exception that is no refusal, an
/// input that costs more than two seconds of processor, or more memory than any request is worth.
/// </summary>
internal sealed class FuzzLoop
{
    private const int LargestInput = 256 * 1024;
    private const int MostKept = 4000;
    private const long MostAllocated = 1L << 30;
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private readonly FuzzTarget _target;
    private readonly Random _random;
    private readonly Func<byte[], byte[], byte[]> _change;
    private readonly List<byte[]> _kept;
    private readonly Dictionary<string, FuzzFinding> _findings = new(StringComparer.Ordinal);
    private readonly string? _folder;
    private MemoryMappedViewAccessor? _current;

    /// <param name="target">Which.</param>
    /// <param name="seed">The same seed gives the same inputs, as long as nothing is instrumented.</param>
    /// <param name="folder">Where findings go, and the input of the moment, which outlives the process; null: nowhere.</param>
    public FuzzLoop(FuzzTarget target, int seed, string? folder = null)
    {
        (_target, _random, _folder) = (target, new Random(seed), folder);
        var bytes = new ByteMutation(_random, target.Words);
        var json = new JsonMutation(_random, bytes);
        _change = target.Shape switch
        {
            InputShape.Json => json.Change,
            InputShape.Package => new PackageMutation(_random, bytes).Change,
            InputShape.Token => new TokenMutation(_random, bytes, json).Change,
            _ => bytes.Change,
        };
        _kept = [.. target.Samples];
    }

    public long Executions { get; private set; }

    public long Taken { get; private set; }

    public IReadOnlyCollection<FuzzFinding> Findings => _findings.Values;

    /// <summary>So many inputs, the same ones every time.</summary>
    public async Task RunAsync(int executions)
    {
        foreach (var sample in _target.Samples)
        {
            await TryAsync(sample);
        }

        while (Executions < executions)
        {
            await TryAsync(Next());
        }
    }

    /// <summary>For so long, saying every minute how far it is.</summary>
    public async Task RunAsync(TimeSpan duration, Action<string> report)
    {
        using var file = MemoryMappedFile.CreateFromFile(Path.Combine(_folder!, "current"), FileMode.Create, null, LargestInput + sizeof(int));
        using var current = _current = file.CreateViewAccessor();
        using var watch = new Timer(_ => Watch(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var (clock, said) = (Stopwatch.StartNew(), TimeSpan.Zero);
        foreach (var sample in _target.Samples)
        {
            await TryAsync(sample);
        }

        while (clock.Elapsed < duration)
        {
            await TryAsync(Next());
            if (clock.Elapsed - said > TimeSpan.FromMinutes(1))
            {
                said = clock.Elapsed;
                report(Standing(clock.Elapsed));
            }
        }

        report("end: " + Standing(clock.Elapsed));
    }

    private string Standing(TimeSpan elapsed)
    {
        using var process = Process.GetCurrentProcess();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_target.Name}: {elapsed.TotalMinutes:0.0} min, {Executions} executions ({Executions / elapsed.TotalSeconds:0}/s), {Taken} taken, {_kept.Count} kept, {Coverage.Edges} edges, {_findings.Count} findings, peak memory {process.PeakWorkingSet64 >> 20} MB, {process.TotalProcessorTime.TotalSeconds:0} CPU s");
    }

    /// <summary>An input that came before, of the newer ones rather, changed.</summary>
    private byte[] Next()
    {
        var chosen = _kept[random(3) == 0 ? _random.Next(_kept.Count) : Math.Max(_random.Next(_kept.Count), _random.Next(_kept.Count))];
        var other = _kept[_random.Next(_kept.Count)];
        var changed = _change(chosen[_target.Prefix..], other[_target.Prefix..]);
        byte[] input = [.. _random.Next(50) == 0 ? other[.._target.Prefix] : chosen[.._target.Prefix], .. changed];
        return input.Length <= LargestInput ? input : input[..LargestInput];
        int random(int most) => _random.Next(most);
    }

    private TimeSpan _began;

    public async Task TryAsync(byte[] input)
    {
        Note(input);
        Coverage.Reset();
        var (began, allocated) = (_began = Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        try
        {
            Taken += await _target.ReadAsync(input) ? 1 : 0;
        }
        catch (Exception broken)
        {
            Find(SignatureOf(broken), broken.ToString(), input);
        }

        var took = Environment.CpuUsage.TotalTime - began;
        if (took > s_slow)
        {
            Find("slow", $"{took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s of processor", input);
        }

        if (GC.GetTotalAllocatedBytes() - allocated is > MostAllocated and var much)
        {
            Find("memory", $"{much >> 20} MB allocated", input);
        }

        Executions++;
        if (_current is not null && Coverage.HasNews() && _kept.Count < MostKept)
        {
            _kept.Add(input);
        }
    }

    private void Note(byte[] input)
    {
        if (_current is not null)
        {
            _current.Write(0, input.Length);
            _current.WriteArray(sizeof(int), input, 0, Math.Min(input.Length, LargestInput));
        }
    }

    /// <summary>An input that never ends can only be noted from beside it.</summary>
    private void Watch()
    {
        if (Environment.CpuUsage.TotalTime - _began > s_hung)
        {
            File.WriteAllText(Path.Combine(_folder!, "hung.txt"), "The input in the file “current” took more than 30 s of processor.");
            Environment.Exit(3);
        }
    }

    private void Find(string signature, string detail, byte[] input)
    {
        if (!_findings.TryAdd(signature, new FuzzFinding(signature, detail, input)) || _folder is null)
        {
            return;
        }

        var name = Path.Combine(_folder, $"finding-{_findings.Count}");
        File.WriteAllBytes(name + ".bin", input);
        File.WriteAllText(name + ".txt", detail);
    }

    /// <summary>Where in the product it came from.</summary>
    private static string SignatureOf(Exception broken)
    {
        var place = new StackTrace(broken).GetFrames().Select(frame => frame.GetMethod()).FirstOrDefault(method => method?.DeclaringType?.Namespace?.StartsWith("ThiDua", StringComparison.Ordinal) == true);
        return $"{broken.GetType().Name} in {place?.DeclaringType?.Name}.{place?.Name}{(broken is FuzzFindingException ? ": " + broken.Message : string.Empty)}";
    }
}
