using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Domain;

/// <summary>Who acts: account and name, as the sheet keeps them.</summary>
public sealed record Actor(string Subject, string Name);

/// <summary>
/// Phiếu chấm điểm: one unit's sheet of one season. It refuses every step that its state or the separation of duties forbids;
/// a reopened sheet is a new version of the same one.
/// </summary>
public sealed class ScoreSheet
{
    private static readonly SheetState[] s_editable = [SheetState.Draft, SheetState.ExplanationRequested, SheetState.ReturnedForEvidence];

    public Guid Id { get; private init; }
    public required string Season { get; init; }
    public required Guid ClusterId { get; init; }
    public required string Unit { get; init; }

    /// <summary>The adopted version of the criteria table that it is scored by.</summary>
    public required Guid TableId { get; set; }

    public SheetState State { get; private set; }

    /// <summary>Grows with every change.</summary>
    public int Version { get; private set; }

    public List<ScoreLine> Lines { get; private init; } = [];
    public List<SheetExchange> Exchanges { get; private init; } = [];
    public CountedItems BonusItems { get; private set; } = CountedItems.None;
    public CountedItems DeductionItems { get; private set; } = CountedItems.None;

    /// <summary>Điểm thưởng, in its three layers.</summary>
    public CountedPoints Bonus { get; private set; } = CountedPoints.None;

    /// <summary>Điểm trừ, in its three layers.</summary>
    public CountedPoints Deductions { get; private set; } = CountedPoints.None;

    public string? SubmittedBy { get; private set; }
    public DateTimeOffset? SubmittedAt { get; private set; }
    public string? LeaderReviewedBy { get; private set; }
    public DateTimeOffset? LeaderReviewedAt { get; private set; }
    public string? DeputyReviewedBy { get; private set; }
    public DateTimeOffset? DeputyReviewedAt { get; private set; }

    /// <summary>Everybody who drafted final points: none of them may decide (SoD-3).</summary>
    public string[] AppraisedBy { get; private set; } = [];

    public DateTimeOffset? AppraisedAt { get; private set; }

    /// <summary>Criteria that the last return opened to the unit.</summary>
    public string[] OpenCriteria { get; private set; } = [];

    /// <summary>Tổng điểm chính thức: of the final layer only.</summary>
    public decimal? Total { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; }
    public uint RowVersion { get; private set; }

    public bool IsReviewed => State is SheetState.Reviewed or SheetState.UnderAppraisal or SheetState.ReturnedForEvidence or SheetState.Locked;

    public bool IsSubmitted => State != SheetState.Draft;

    public static ScoreSheet Open(string season, Guid clusterId, string unit, Guid tableId, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Season = season,
        ClusterId = clusterId,
        Unit = unit,
        TableId = tableId,
        Version = 1,
        ChangedAt = now,
    };

    /// <summary>Enters what the request names and keeps the rest. After a return only the criteria that it opened.</summary>
    /// <param name="inputs">The inputs as JSON, by criterion, already checked against the table.</param>
    /// <param name="card">The request's counts and notes.</param>
    /// <param name="now">When.</param>
    public void Enter(IReadOnlyDictionary<string, string> inputs, ScoreCard card, DateTimeOffset now)
    {
        Require(s_editable);
        if (State != SheetState.Draft)
        {
            var closed = inputs.Keys.Concat(card.Notes.Keys).FirstOrDefault(code => !OpenCriteria.Contains(code));
            if (closed is not null || card.Bonus.Count + card.Deductions.Count > 0)
            {
                throw new RuleViolationException("not-returned", $"Phiếu chỉ được trả lại để bổ sung các tiêu chí {string.Join(", ", OpenCriteria)}.");
            }
        }

        foreach (var (code, input) in inputs)
        {
            var line = LineOf(code);
            if (State == SheetState.ReturnedForEvidence)
            {
                line.KeepReview(); // the review confirmed what the unit had declared before
            }
            else
            {
                line.SetReview(Reviewer.Leader, null, null);
                line.SetReview(Reviewer.Deputy, null, null);
            }

            line.Enter(input);
        }

        foreach (var (code, note) in card.Notes)
        {
            LineOf(code).Explain(note);
        }

        if (card.Bonus.Count > 0)
        {
            BonusItems = BonusItems.Declare(card.Bonus);
        }

        if (card.Deductions.Count > 0)
        {
            DeductionItems = DeductionItems.Declare(card.Deductions);
        }

        Touch(now);
    }

    /// <summary>A draft begun under another version of the table keeps the inputs that the new one can read.</summary>
    public void MoveTo(Guid tableId, CriteriaTable table, DateTimeOffset now)
    {
        Require(SheetState.Draft);
        TableId = tableId;
        Lines.RemoveAll(line => table.Find(line.Criterion) is not { } criterion || (line.Input is { } input && !ScoreCardReader.Fits(criterion, input)));
        BonusItems = BonusItems.Only(table.Bonus.Items.Select(item => item.Key));
        DeductionItems = DeductionItems.Only(table.Deductions.Items.Select(item => item.Key));
        var card = CardOf(table);
        var context = new ScoringContext(table, [Unit], PublishedValues.None, new Dictionary<string, ScoreCard> { [Unit] = card });
        Score(card.Inputs.Keys.Select(code => table.Find(code)!).Where(criterion => criterion is not RelativeCriterion).Select(criterion => ScoringEngine.ScoreLine(context, Unit, criterion)));
        ScoreExtras(ScoringEngine.BonusOf(table, card.Bonus), ScoringEngine.DeductionsOf(table, card.Deductions));
        Touch(now);
    }

    /// <summary>Takes the engine's points of these lines into the first layer.</summary>
    /// <returns>Whether a line changed.</returns>
    public bool Score(IEnumerable<ScoredLine> lines)
    {
        var changed = false;
        foreach (var scored in lines)
        {
            changed |= LineOf(scored.Criterion).Score(scored);
        }

        return changed;
    }

    /// <summary>Takes points that changed with other units' values; whoever read the sheet before must read it again.</summary>
    public void Rescore(ScoredCard scored, DateTimeOffset now)
    {
        if (Score(scored.Lines))
        {
            Touch(now);
        }

        ScoreExtras(scored.Bonus, scored.Deductions);
    }

    /// <summary>Takes bonus and deductions as the engine counted them into the first layer.</summary>
    public void ScoreExtras(Derivation bonus, Derivation deductions) => (Bonus, Deductions) = (Bonus.Score(bonus), Deductions.Score(deductions));

    /// <summary>Nộp phiếu: complete, every point with its note (R-12). From here on inputs are frozen.</summary>
    public void Submit(CriteriaTable table, ScoreCard card, ScoredCard scored, Actor by, DateTimeOffset now)
    {
        Require(SheetState.Draft);
        List<Violation> errors =
        [
            .. card.MissingInputs(table).Select(criterion => Missing("MISSING_INPUT", "inputs", criterion, "chưa có số liệu")),
            .. scored.Lines.Where(line => line.Refusal is { } refusal && refusal.Code is not ("MISSING_INPUT" or "MISSING_OFFICIAL")) // a fact may still come
                .Select(line => new Violation(line.Refusal!.Code, $"/inputs/{line.Criterion}", line.Refusal.Message)),
            .. table.Criteria.Where(criterion => criterion.IsTyped && card.Inputs.ContainsKey(criterion.Code)
                    && string.IsNullOrEmpty(LineOf(criterion.Code).Note)
                    && scored.Lines.First(line => line.Criterion == criterion.Code).Points is null or > 0)
                .Select(criterion => Missing("MISSING_NOTE", "notes", criterion, "có điểm nhưng chưa ghi minh chứng")),
        ];
        RuleViolationException.ThrowIfAny(errors, "sheet-incomplete", "Phiếu chưa đủ để nộp.");
        Score(scored.Lines);
        ScoreExtras(scored.Bonus, scored.Deductions);
        (State, SubmittedBy, SubmittedAt) = (SheetState.Submitted, by.Subject, now);
        Touch(now);
    }

    /// <summary>
    /// Rà soát: leader and deputy each, of the other's sheet the other one alone, bonus and deductions included (R-24, SoD-2). What is not
    /// named is confirmed.
    /// </summary>
    public void Review(Reviewer reviewer, bool alone, CriteriaTable table, SheetChanges changes, Actor by, DateTimeOffset now)
    {
        Require(SheetState.Submitted, SheetState.UnderReview);
        changes.Check(table);
        foreach (var change in changes.Lines)
        {
            LineOf(change.Criterion).SetReview(reviewer, ScoringEngine.AsSet(change.Points), change.Reason);
        }

        SetCounts(table, changes, (item, set) => reviewer == Reviewer.Leader ? item with { Leader = set } : item with { Deputy = set });

        if (reviewer == Reviewer.Leader)
        {
            (LeaderReviewedBy, LeaderReviewedAt) = (by.Subject, now);
        }
        else
        {
            (DeputyReviewedBy, DeputyReviewedAt) = (by.Subject, now);
        }

        State = alone || (LeaderReviewedAt is not null && DeputyReviewedAt is not null) ? SheetState.Reviewed : SheetState.UnderReview;
        Touch(now);
    }

    /// <summary>
    /// Thẩm định: draft final points. Repeated, it changes what is named and keeps the rest. A disputed line or item must be set.
    /// </summary>
    public void Appraise(CriteriaTable table, SheetChanges changes, Actor by, DateTimeOffset now)
    {
        Require(SheetState.Reviewed, SheetState.UnderAppraisal);
        changes.Check(table);
        foreach (var change in changes.Lines)
        {
            LineOf(change.Criterion).SetAppraisal(ScoringEngine.AsSet(change.Points), change.Reason);
        }

        SetCounts(table, changes, (item, set) => item with { Appraisal = set });
        RuleViolationException.ThrowIfAny(
        [
            .. Lines.Where(line => line.Disputed && line.AppraisedPoints is null).Select(line => Unsettled("lines", line.Criterion, $"tiêu chí {line.Criterion}", "điểm")),
            .. BonusItems.Items.Where(item => item.Final is null).Select(item => Unsettled("bonus", item.Key, $"điểm thưởng {item.Key}", "số lần")),
            .. DeductionItems.Items.Where(item => item.Final is null).Select(item => Unsettled("deductions", item.Key, $"điểm trừ {item.Key}", "số lần")),
        ]);
        (State, AppraisedAt) = (SheetState.UnderAppraisal, now);
        AppraisedBy = AppraisedBy.Contains(by.Subject) ? AppraisedBy : [.. AppraisedBy, by.Subject];
        Touch(now);
    }

    /// <summary>Trả lại: to the unit, with a reason, for the criteria named.</summary>
    public void Return(bool byStandingAgency, string reason, IReadOnlyList<string> criteria, Actor by, DateTimeOffset now)
    {
        if (byStandingAgency)
        {
            Require(SheetState.Reviewed, SheetState.UnderAppraisal);
            State = SheetState.ReturnedForEvidence;
        }
        else
        {
            Require(SheetState.Submitted, SheetState.UnderReview, SheetState.Reviewed);
            State = SheetState.ExplanationRequested;
        }

        OpenCriteria = [.. criteria];
        Exchange(ExchangeKind.Return, reason, by, now);
        Touch(now);
    }

    /// <summary>Giải trình: the unit's answer; the sheet goes back to where it came from, and a review is done again.</summary>
    public void Explain(string text, Actor by, DateTimeOffset now)
    {
        Require(SheetState.ExplanationRequested, SheetState.ReturnedForEvidence);
        Exchange(ExchangeKind.Explanation, text, by, now);
        if (State == SheetState.ExplanationRequested)
        {
            State = SheetState.UnderReview;
            (LeaderReviewedBy, LeaderReviewedAt, DeputyReviewedBy, DeputyReviewedAt) = (null, null, null, null);
        }
        else
        {
            State = SheetState.UnderAppraisal;
        }

        OpenCriteria = [];
        Touch(now);
    }

    /// <summary>Quyết định: fixes the layers and the official total, which only the final layer gives.</summary>
    public SheetTotal Lock(CriteriaTable table, DateTimeOffset now)
    {
        Require(SheetState.UnderAppraisal);
        foreach (var line in Lines)
        {
            line.Fix();
        }

        var total = TotalOf(table);
        (State, Total) = (SheetState.Locked, total.Total);
        Touch(now);
        return total;
    }

    /// <summary>Mở lại: a new version of the sheet, under appraisal again; what was decided stays stored with the old result.</summary>
    public void Reopen(DateTimeOffset now)
    {
        Require(SheetState.Locked);
        foreach (var line in Lines)
        {
            line.Reopen();
        }

        (State, Total) = (SheetState.UnderAppraisal, null);
        Touch(now);
    }

    /// <summary>Group sums and total of the final layer.</summary>
    public SheetTotal TotalOf(CriteriaTable table) => ScoringEngine.Total(
        table, Lines.ToDictionary(line => line.Criterion, line => line.Final, StringComparer.Ordinal), Bonus.Final?.Result, Deductions.Final?.Result);

    /// <summary>Total of the first layer: what the unit's own figures yield.</summary>
    public decimal? SelfTotalOf(CriteriaTable table) => ScoringEngine.Total(
        table, Lines.ToDictionary(line => line.Criterion, line => line.Self, StringComparer.Ordinal), Bonus.Self?.Result, Deductions.Self?.Result).Total;

    /// <summary>Total of the review layer; none while leader and deputy disagree.</summary>
    public decimal? ReviewTotalOf(CriteriaTable table) => ScoringEngine.Total(
        table, Lines.ToDictionary(line => line.Criterion, line => line.ReviewPoints, StringComparer.Ordinal), Bonus.Review?.Result, Deductions.Review?.Result).Total;

    public ScoreLine? Line(string criterion) => Lines.Find(line => line.Criterion == criterion);

    /// <summary>The card as the engine reads it.</summary>
    public ScoreCard CardOf(CriteriaTable table) => new(
        Lines.Where(line => line.Input is not null && table.Find(line.Criterion) is not null)
            .ToDictionary(line => line.Criterion, line => ScoreCardReader.ReadStored(table.Find(line.Criterion)!, line.Input!), StringComparer.Ordinal),
        BonusItems.Declared, DeductionItems.Declared,
        Lines.Where(line => line.Note is not null).ToDictionary(line => line.Criterion, line => line.Note!, StringComparer.Ordinal));

    private static Violation Missing(string code, string member, Criterion criterion, string what) =>
        new(code, $"/{member}/{criterion.Code}", $"Tiêu chí {criterion.Code} {what}.");

    private static Violation Unsettled(string member, string key, string where, string what) =>
        new("DISPUTED_LINE", $"/{member}/{key}", $"Cụm trưởng và cụm phó chấm khác nhau ở {where}; phải quyết định {what} kèm lý do.");

    private void SetCounts(CriteriaTable table, SheetChanges changes, Func<CountedItem, SetCount, CountedItem> layer)
    {
        if (changes.Bonus.Count > 0)
        {
            BonusItems = BonusItems.Set(changes.Bonus, layer);
            Bonus = Bonus.Recount(BonusItems, (counts, source) => ScoringEngine.BonusOf(table, counts, source));
        }

        if (changes.Deductions.Count > 0)
        {
            DeductionItems = DeductionItems.Set(changes.Deductions, layer);
            Deductions = Deductions.Recount(DeductionItems, (counts, source) => ScoringEngine.DeductionsOf(table, counts, source));
        }
    }

    private ScoreLine LineOf(string criterion)
    {
        var line = Line(criterion);
        if (line is null)
        {
            line = new ScoreLine { Criterion = criterion };
            Lines.Add(line);
        }

        return line;
    }

    private void Exchange(ExchangeKind kind, string text, Actor by, DateTimeOffset now) => Exchanges.Add(new SheetExchange
    {
        Id = Guid.CreateVersion7(now),
        SheetId = Id,
        Kind = kind,
        Text = text,
        Criteria = OpenCriteria,
        By = by.Subject,
        ByName = by.Name,
        At = now,
    });

    private void Require(params ReadOnlySpan<SheetState> states)
    {
        if (!states.Contains(State))
        {
            throw new RuleViolationException("wrong-state", $"Phiếu của đơn vị {Unit} đang ở trạng thái “{SheetStates.Name(State)}”, không thực hiện được bước này.");
        }
    }

    private void Touch(DateTimeOffset now) => (Version, ChangedAt) = (Version + 1, now);
}
