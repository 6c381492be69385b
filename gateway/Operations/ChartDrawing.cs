using System.Globalization;
using System.Text;

namespace ThiDua.Gateway.Operations;

/// <summary>Where everything of a chart stands, in the units of its SVG.</summary>
public sealed class ChartDrawing
{
    public const int Width = 380;
    public const int Height = 150;
    private const int Left = 44;
    private const int Right = 66;
    private const int Top = 12;
    private const int Bottom = 22;
    private const int LabelHeight = 13;
    private static readonly TimeSpan s_gap = TimeSpan.FromMinutes(2.5); // two values lost: a line across would claim what nobody measured
    private static readonly double[] s_steps = [1, 2, 2.5, 5, 10];

    private readonly ChartView _chart;
    private readonly double _top;

    public ChartDrawing(ChartView chart)
    {
        _chart = chart;
        _top = NiceTop(chart.Lines.SelectMany(line => line.Samples).Select(sample => sample.Value).DefaultIfEmpty(0).Max());
        Ticks = [.. new[] { 0, 0.5, 1 }.Select(share => (Text(Y(share * _top)), Words.Number(share * _top)))];
        Hours = [.. Enumerable.Range(0, 5).Select(quarter => chart.From + ((chart.To - chart.From) * (quarter / 4.0))).Select(at => (Text(X(at)), Words.Clock(at)))];
        Lines = PlaceLabels([.. chart.Lines.Where(line => line.Samples.Count > 0).Select((line, index) => new DrawnLine(index, line.Name, Path(line), Text(X(line.Samples[^1].At)), Y(line.Samples[^1].Value), Words.Number(line.Samples[^1].Value)))]);
    }

    public static string PlotLeft => Text(Left);

    public static string PlotRight => Text(Width - Right);

    public static string LabelLeft => Text(Width - Right + 6);

    public IReadOnlyList<(string Y, string Text)> Ticks { get; }

    public IReadOnlyList<(string X, string Text)> Hours { get; }

    public IReadOnlyList<DrawnLine> Lines { get; }

    /// <summary>What somebody who does not see the lines should know of them.</summary>
    public string Description => string.Join(" ", _chart.Lines.Where(line => line.Samples.Count > 0).Select(line =>
        $"{line.Name}: hiện tại {Words.Number(line.Samples[^1].Value)} {_chart.Unit}, thấp nhất {Words.Number(line.Samples.Min(sample => sample.Value))}, cao nhất {Words.Number(line.Samples.Max(sample => sample.Value))}."));

    /// <summary>Every fifth minute, for the table behind the chart.</summary>
    public IEnumerable<(DateTimeOffset At, IReadOnlyList<double?> Values)> Rows =>
        from five in Enumerable.Range(0, 13)
        let at = _chart.From + TimeSpan.FromMinutes(5 * five)
        select (at, (IReadOnlyList<double?>)[.. _chart.Lines.Select(line => line.Samples.Where(sample => (sample.At - at).Duration() <= TimeSpan.FromSeconds(30)).Select(sample => (double?)sample.Value).FirstOrDefault())]);

    /// <summary>The smallest of 1, 2, 2.5, 5 times a power of ten that nothing rises above.</summary>
    public static double NiceTop(double highest)
    {
        if (!(highest > 0) || !double.IsFinite(highest))
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(highest)));
        return s_steps.Select(step => step * power).First(top => top >= highest * 0.999_999);
    }

    private static string Text(double coordinate) => coordinate.ToString("0.#", CultureInfo.InvariantCulture);

    private double X(DateTimeOffset at) => Left + ((Width - Left - Right) * Math.Clamp((at - _chart.From) / (_chart.To - _chart.From), 0, 1));

    private double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * Math.Clamp(value / _top, 0, 1));

    private string Path(LineView line)
    {
        var path = new StringBuilder();
        DateTimeOffset? before = null;
        foreach (var sample in line.Samples)
        {
            path.Append(before is { } at && sample.At - at <= s_gap ? 'L' : 'M').Append(Text(X(sample.At))).Append(' ').Append(Text(Y(sample.Value)));
            before = sample.At;
        }

        return path.ToString();
    }

    // Labels stand at the ends of their lines, and not on each other.
    private static List<DrawnLine> PlaceLabels(List<DrawnLine> lines)
    {
        var placed = lines.OrderBy(line => line.EndY).ToList();
        for (var index = 1; index < placed.Count; index++)
        {
            var lowest = placed[index - 1].LabelY + (2 * LabelHeight);
            if (placed[index].LabelY < lowest)
            {
                placed[index] = placed[index] with { LabelY = lowest };
            }
        }

        var over = placed.Count > 0 ? placed[^1].LabelY + LabelHeight - (Height - Bottom + 8) : 0;
        return [.. placed.Select(line => line with { LabelY = over > 0 ? line.LabelY - over : line.LabelY }).OrderBy(line => line.Index)];
    }
}

/// <summary>A line of a chart, drawn: its number decides colour and dashes.</summary>
public sealed record DrawnLine(int Index, string Name, string Path, string EndX, double EndY, string Value)
{
    public double LabelY { get; init; } = EndY;

    public string EndYText => EndY.ToString("0.#", CultureInfo.InvariantCulture);

    public string LabelYText => LabelY.ToString("0.#", CultureInfo.InvariantCulture);

    public string ValueYText => (LabelY + 12).ToString("0.#", CultureInfo.InvariantCulture);
}
