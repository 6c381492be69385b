namespace ThiDua.Awards.Domain;

/// <summary>Văn bản of the register, as far as the choice of a dossier's law asks for it.</summary>
/// <param name="Family">Dòng văn bản: instruments of one line follow each other; null belongs to none.</param>
/// <param name="ClaimedInForceTo">A last day that nobody has verified; it ends nothing.</param>
/// <param name="ReplacedBy">Codes of what took its place.</param>
/// <param name="Amends">Codes of what it changes in part; it then stands beside the amended instrument.</param>
/// <param name="Version">Of the instrument in the register.</param>
public sealed record Instrument(
    string Code, string Number, string? Family, DateOnly InForceFrom, DateOnly? InForceTo, DateOnly? ClaimedInForceTo, bool DatesVerified, string? DatesNote,
    IReadOnlyList<string> ReplacedBy, IReadOnlyList<string> Amends, IReadOnlyList<Transition> Transitions, int Version)
{
    public bool IsInForceOn(DateOnly day) => InForceFrom <= day && (InForceTo is null || day <= InForceTo);

    /// <summary>The rule by which it leaves dossiers received on that day under what was before it.</summary>
    public Transition? LeavingOut(DateOnly receivedOn) => Transitions.FirstOrDefault(rule => receivedOn < rule.KeepsReceivedBefore);
}

/// <summary>Quy định chuyển tiếp: dossiers received before a day stay under the old instrument.</summary>
/// <param name="KeepsReceivedBefore">That day.</param>
/// <param name="MoreFavourableException">Whether the new instrument applies to them all the same where it is more favourable.</param>
/// <param name="Words">What it says.</param>
/// <param name="Verified">Whether that was read in the instrument itself.</param>
public sealed record Transition(DateOnly KeepsReceivedBefore, bool MoreFavourableException, string Words, bool Verified);

/// <summary>Văn bản áp dụng of one line for one dossier, with the version of the register that it was chosen from.</summary>
public sealed record ChosenInstrument(string Code, string Number, int Version);

/// <summary>Kết quả chọn văn bản: chosen, or why the register has no single answer for the day.</summary>
public enum LawChoiceState
{
    Chosen,

    /// <summary>No instrument of the line was in force.</summary>
    Gap,

    /// <summary>More than one was.</summary>
    Overlap,
}

/// <summary>Lựa chọn văn bản áp dụng (I13): of one line of instruments, for one dossier.</summary>
public sealed record LawChoice
{
    public required string Family { get; init; }
    public required LawChoiceState State { get; init; }

    /// <summary>The instrument, then what amends it; empty unless one was chosen.</summary>
    public required IReadOnlyList<ChosenInstrument> Instruments { get; init; }

    /// <summary>Whether the more favourable new law was taken.</summary>
    public required bool IsMoreFavourable { get; init; }

    /// <summary>Whether there is a newer law that may be taken where it is more favourable.</summary>
    public required bool AllowsMoreFavourable { get; init; }

    public required Derivation Derivation { get; init; }
}

/// <summary>
/// Chọn luật cho hồ sơ (I13): a dossier is decided under the law of the day on which it was received; what came into force later applies
/// only where its own transition rule lets the more favourable law apply, and somebody has recorded that it is.
/// </summary>
public static class ApplicableLaw
{
    private const string Rule = "I13";

    /// <param name="register">The instruments; other lines may be among them.</param>
    /// <param name="family">The line.</param>
    /// <param name="receivedOn">Ngày tiếp nhận.</param>
    /// <param name="decidedOn">The day until which later law is looked for; null: the day of receipt.</param>
    /// <param name="moreFavourable">Whether it is recorded that the newer law is more favourable.</param>
    public static LawChoice Choose(IEnumerable<Instrument> register, string family, DateOnly receivedOn, DateOnly? decidedOn = null, bool moreFavourable = false)
    {
        var line = register.Where(instrument => instrument.Family == family).OrderBy(instrument => instrument.InForceFrom).ThenBy(instrument => instrument.Code, StringComparer.Ordinal).ToList();
        var bases = BasesFor(line, receivedOn);
        if (bases.Count != 1)
        {
            return Undecided(family, receivedOn, bases);
        }

        var day = decidedOn > receivedOn ? decidedOn.Value : receivedOn;
        List<Instrument> chosen = [bases[0], .. AmendmentsOf(bases[0], line, receivedOn, byTransition: true)];
        List<Instrument> present = [.. line.Where(instrument => instrument.Amends.Count == 0 && instrument.IsInForceOn(day))];
        present.AddRange(present.SelectMany(found => AmendmentsOf(found, line, day, byTransition: false)).ToList());
        var newer = present.Except(chosen).ToList();
        var allows = newer.Count > 0 && newer.TrueForAll(instrument => instrument.LeavingOut(receivedOn) is { MoreFavourableException: true });

        List<Derivation> steps = [new(Rule, $"Ngày tiếp nhận {receivedOn:dd/MM/yyyy}: {string.Join("; ", chosen.Select(InForce))}."), .. newer.Select(instrument => Later(instrument, receivedOn))];
        var taken = moreFavourable && allows;
        if (moreFavourable)
        {
            steps.Add(new Derivation(Rule, taken
                ? $"Ngoại lệ có lợi hơn được ghi nhận: áp dụng {string.Join(", ", newer.Select(instrument => instrument.Number))}."
                : "Không có văn bản mới nào cho phép áp dụng quy định có lợi hơn nên giữ văn bản của ngày tiếp nhận."));
        }

        var applied = taken ? present : chosen;
        return new LawChoice
        {
            Family = family,
            State = LawChoiceState.Chosen,
            Instruments = [.. applied.Select(instrument => new ChosenInstrument(instrument.Code, instrument.Number, instrument.Version))],
            IsMoreFavourable = taken,
            AllowsMoreFavourable = allows,
            Derivation = new Derivation(Rule, $"Hồ sơ tiếp nhận ngày {receivedOn:dd/MM/yyyy} áp dụng {Named(applied)}.")
            {
                Facts = [.. applied.Select(instrument => new Fact(instrument.Number, InForce(instrument), $"sổ văn bản, {instrument.Code} phiên bản {instrument.Version}"))],
                Steps = steps,
            },
        };
    }

    /// <summary>The lines of the register: a dossier gets one choice of each.</summary>
    public static IReadOnlyList<string> FamiliesOf(IEnumerable<Instrument> register) =>
        [.. register.Select(instrument => instrument.Family).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>
    /// What applies to a dossier received on the day: what is in force and does not leave it out, and what is no longer in force but
    /// is kept for it by the instrument that took its place. More or fewer than one is a fault of the register.
    /// </summary>
    private static List<Instrument> BasesFor(List<Instrument> line, DateOnly receivedOn)
    {
        var bases = line.FindAll(instrument => instrument.Amends.Count == 0);
        return bases.FindAll(instrument => instrument.IsInForceOn(receivedOn)
            ? instrument.LeavingOut(receivedOn) is null
            : instrument.InForceTo < receivedOn && bases.Exists(next => instrument.ReplacedBy.Contains(next.Code) && next.IsInForceOn(receivedOn) && next.LeavingOut(receivedOn) is not null));
    }

    private static IEnumerable<Instrument> AmendmentsOf(Instrument amended, List<Instrument> line, DateOnly day, bool byTransition) =>
        line.Where(instrument => instrument.Amends.Contains(amended.Code) && instrument.IsInForceOn(day) && (!byTransition || instrument.LeavingOut(day) is null));

    private static Derivation Later(Instrument newer, DateOnly receivedOn) => newer.LeavingOut(receivedOn) is { } rule
        ? new Derivation(Rule, $"{InForce(newer)}: hồ sơ tiếp nhận trước ngày {rule.KeepsReceivedBefore:dd/MM/yyyy} tiếp tục theo văn bản cũ{(rule.MoreFavourableException ? ", trừ khi quy định mới có lợi hơn" : "")}.")
        {
            Facts = [new Fact("Quy định chuyển tiếp", rule.Words, rule.Verified ? null : "chưa kiểm chứng")],
        }
        : new Derivation(Rule, $"{InForce(newer)}: sau ngày tiếp nhận; sổ văn bản không ghi quy định chuyển tiếp nên giữ văn bản của ngày tiếp nhận.");

    private static LawChoice Undecided(string family, DateOnly receivedOn, List<Instrument> bases) => new()
    {
        Family = family,
        State = bases.Count == 0 ? LawChoiceState.Gap : LawChoiceState.Overlap,
        Instruments = [],
        IsMoreFavourable = false,
        AllowsMoreFavourable = false,
        Derivation = new Derivation(Rule, bases.Count == 0
            ? $"Sổ văn bản không có văn bản nào của dòng {family} áp dụng cho hồ sơ tiếp nhận ngày {receivedOn:dd/MM/yyyy}."
            : $"Sổ văn bản có {bases.Count} văn bản của dòng {family} cùng áp dụng cho hồ sơ tiếp nhận ngày {receivedOn:dd/MM/yyyy}: {string.Join("; ", bases.Select(InForce))}."),
    };

    private static string Named(List<Instrument> applied) =>
        $"{applied[0].Number}{(applied.Count > 1 ? $", được sửa đổi bởi {string.Join(", ", applied.Skip(1).Select(instrument => instrument.Number))}" : "")}";

    private static string InForce(Instrument instrument)
    {
        var until = instrument.InForceTo is { } to ? $" đến {to:dd/MM/yyyy}" : "";
        var doubt = instrument.DatesVerified ? "" : " (ngày hiệu lực chưa kiểm chứng)";
        var claimed = instrument.ClaimedInForceTo is { } claim ? $" (có nguồn ghi hết hiệu lực {claim:dd/MM/yyyy}, chưa kiểm chứng)" : "";
        return $"{instrument.Number} có hiệu lực từ {instrument.InForceFrom:dd/MM/yyyy}{until}{doubt}{claimed}";
    }
}
