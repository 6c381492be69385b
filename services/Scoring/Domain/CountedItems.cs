using System.Text.Json.Serialization;

namespace ThiDua.Scoring.Domain;

/// <summary>A count that somebody set instead of confirming, with the reason.</summary>
public sealed record SetCount(decimal Count, string? Reason);

/// <summary>One item of bonus or deductions in three layers that stand beside each other, like a <see cref="ScoreLine"/> (R-23 … R-25).</summary>
/// <param name="Key">Key of the item in the table.</param>
/// <param name="Self">How often, as the unit declared it.</param>
/// <param name="Leader">What the leader set; null: confirmed as it stood.</param>
/// <param name="Deputy">What the deputy set; null: confirmed as it stood.</param>
/// <param name="Appraisal">What the standing agency set; null: the reviewed count was confirmed.</param>
public sealed record CountedItem(string Key, decimal Self, SetCount? Leader = null, SetCount? Deputy = null, SetCount? Appraisal = null)
{
    /// <summary>Leader and deputy disagree: the standing agency must set the final count.</summary>
    [JsonIgnore]
    public bool Disputed => Leader is not null && Deputy is not null && Leader.Count != Deputy.Count;

    /// <summary>The review layer; null while leader and deputy disagree.</summary>
    [JsonIgnore]
    public decimal? Review => Disputed ? null : Deputy?.Count ?? Leader?.Count ?? Self;

    /// <summary>The final layer as the appraiser drafted it.</summary>
    [JsonIgnore]
    public decimal? Final => Appraisal?.Count ?? Review;
}

/// <summary>Các mục điểm thưởng hoặc điểm trừ của một phiếu. An item that is not here was neither claimed nor set.</summary>
public sealed record CountedItems(IReadOnlyList<CountedItem> Items)
{
    public static CountedItems None { get; } = new([]);

    /// <summary>The counts of the first layer, by key.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, decimal> Declared => Items.ToDictionary(item => item.Key, item => item.Self, StringComparer.Ordinal);

    /// <summary>The item; one that nobody named counts nothing.</summary>
    public CountedItem Of(string key) => Items.FirstOrDefault(item => item.Key == key) ?? new CountedItem(key, 0);

    /// <summary>What the unit names, the rest kept.</summary>
    public CountedItems Declare(IReadOnlyDictionary<string, decimal> counts) =>
        counts.Aggregate(this, (items, count) => items.With(items.Of(count.Key) with { Self = count.Value }));

    /// <summary>Without the items that another version of the table does not have.</summary>
    public CountedItems Only(IEnumerable<string> keys) => new([.. Items.Where(item => keys.Contains(item.Key))]);

    /// <summary>What a reviewer or the appraiser names, set in that layer; the layers below stay as they are.</summary>
    public CountedItems Set(IReadOnlyList<CountChange> changes, Func<CountedItem, SetCount, CountedItem> layer) =>
        changes.Aggregate(this, (items, change) => items.With(layer(items.Of(change.Key), new SetCount(change.Count, change.Reason))));

    private CountedItems With(CountedItem item) => new(
        Items.Any(other => other.Key == item.Key) ? [.. Items.Select(other => other.Key == item.Key ? item : other)] : [.. Items, item]);
}

/// <summary>Điểm thưởng hoặc điểm trừ trong ba lớp: each computed from the counts of its layer by the table's rule, with its derivation.</summary>
/// <param name="Self">Of what the unit declared; null: not counted yet, which is not zero.</param>
/// <param name="Reviewed">Of the counts that leader or deputy set; null: they set none, or disagree.</param>
/// <param name="Appraised">Of the counts that the standing agency set; null: it set none.</param>
/// <param name="Disputed">Leader and deputy set different counts, so there is no review layer.</param>
public sealed record CountedPoints(Derivation? Self, Derivation? Reviewed, Derivation? Appraised, bool Disputed)
{
    public static CountedPoints None { get; } = new(null, null, null, false);

    /// <summary>The review layer as it stands; null while leader and deputy disagree.</summary>
    [JsonIgnore]
    public Derivation? Review => Disputed ? null : Reviewed ?? Self;

    /// <summary>The final layer as the appraiser drafted it.</summary>
    [JsonIgnore]
    public Derivation? Final => Appraised ?? Review;

    /// <summary>Takes the engine's points into the first layer; leaves the derivation alone where nothing changed.</summary>
    public CountedPoints Score(Derivation self) => Self is not null && Self.Result == self.Result && Self.Steps.SequenceEqual(self.Steps) ? this : this with { Self = self };

    /// <summary>Counts the upper layers again after somebody set something in them.</summary>
    /// <param name="items">The items.</param>
    /// <param name="count">The table's rule: counts by key, and where they are from.</param>
    public CountedPoints Recount(CountedItems items, Func<IReadOnlyDictionary<string, decimal>, string, Derivation> count)
    {
        Derivation? Layer(bool isSet, Func<CountedItem, decimal?> of, string source) => isSet && items.Items.All(item => of(item) is not null)
            ? count(items.Items.ToDictionary(item => item.Key, item => of(item)!.Value, StringComparer.Ordinal), source)
            : null;

        return this with
        {
            Reviewed = Layer(items.Items.Any(item => item.Leader is not null || item.Deputy is not null), item => item.Review, "REVIEWED"),
            Appraised = Layer(items.Items.Any(item => item.Appraisal is not null), item => item.Final, "APPRAISED"),
            Disputed = items.Items.Any(item => item.Disputed),
        };
    }
}
