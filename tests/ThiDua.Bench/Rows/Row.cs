namespace ThiDua.Bench.Rows;

/// <summary>One operation: the product, and the limit of the machine that it is held against.</summary>
/// <param name="name">As it is called on the command line.</param>
/// <param name="title">What is done.</param>
/// <param name="anchor">What it is compared with.</param>
/// <param name="unit">Of the figures.</param>
/// <param name="bound">What is asked of them.</param>
internal abstract class Row(string name, string title, string anchor, string unit, Bound bound)
{
    private static readonly (string Name, Func<Stage, Row> Make)[] s_rows =
    [
        ("save", stage => new SaveRow(stage)),
        ("autosave", stage => new AutosaveRow(stage)),
        ("submit", stage => new SubmitRow(stage)),
        ("submit-many", stage => new SubmitManyRow(stage)),
        ("read", stage => new ReadRow(stage)),
        ("read-unchanged", stage => new ReadUnchangedRow(stage)),
        ("rank", stage => new RankRow(stage)),
        ("decide", stage => new DecideRow(stage)),
        ("award", stage => new AwardRow(stage)),
        ("evidence-up", stage => new EvidenceUpRow(stage)),
        ("evidence-down", stage => new EvidenceDownRow(stage)),
        ("start", stage => new StartRow(stage)),
        ("rush", stage => new RushRow(stage)),
        ("steady", stage => new SteadyRow(stage)),
        ("attack", stage => new AttackRow(stage)),
        ("growth-one", stage => new GrowthOneRow(stage)),
        ("growth-all", stage => new GrowthAllRow(stage)),
        ("memory-idle", stage => new IdleMemoryRow(stage)),
        ("memory", stage => new MemoryRow(stage)),
        ("gateway-hello", stage => GatewayRow.Hello(stage)),
        ("gateway-sheet", stage => GatewayRow.Sheet(stage)),
        ("gateway-one", stage => GatewayRow.OneClient(stage)),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. s_rows.Select(row => row.Name)];

    public string Name => name;

    public string Title => title;

    public string Anchor => anchor;

    public string Unit => unit;

    public Bound Bound => bound;

    /// <summary>Whether the anchor is to be loaded before its first run; what warms up in each run is not.</summary>
    public virtual bool AnchorNeedsWarmUp => true;

    public virtual bool ProductNeedsWarmUp => true;

    /// <summary>Whether a run counts only while the machine is ours.</summary>
    public virtual bool NeedsQuiet => true;

    public static Row Make(string name, Stage stage) => Array.Find(s_rows, row => row.Name == name).Make(stage);

    /// <summary>Starts and fills what both sides need.</summary>
    /// <returns>Why the row cannot be measured; null when it can.</returns>
    public abstract Task<string?> PrepareAsync(CancellationToken ct);

    public abstract Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct);

    public abstract Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct);
}
