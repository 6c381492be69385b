namespace ThiDua.Replay;

/// <summary>Short lines for whoever watches: which phase, how far, since when.</summary>
public sealed class Progress(TextWriter output, TimeProvider clock)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly long _started = clock.GetTimestamp();
    private string _phase = "";
    private int _total;
    private int _done;
    private long _shown;

    public void Phase(string name, int total = 0)
    {
        lock (_lock)
        {
            (_phase, _total, _done, _shown) = (name, total, 0, clock.GetTimestamp());
            Write(total == 0 ? name : $"{name} ({total})");
        }
    }

    public void Step()
    {
        lock (_lock)
        {
            _done++;
            if (_done < _total && clock.GetElapsedTime(_shown) >= _interval)
            {
                _shown = clock.GetTimestamp();
                Write($"{_phase} {_done}/{_total}");
            }
        }
    }

    public void Say(string text)
    {
        lock (_lock)
        {
            Write(text);
        }
    }

    private void Write(string text) => output.WriteLine($"[{clock.GetElapsedTime(_started).TotalSeconds,6:F1}s] {text}");
}
