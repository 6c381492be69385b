using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Văn bản as it is sent.</summary>
/// <param name="Code">For example ND-152-2025.</param>
/// <param name="Number">For example 152/2025/NĐ-CP; of an instrument without a number its name.</param>
/// <param name="DatesVerified">Whether the days were read in the instrument or in what replaced it.</param>
public sealed record LegalInstrumentRequest(
    string Code, string Number, string Title, InstrumentKind Kind, string Issuer, DateOnly InForceFrom, bool DatesVerified, InstrumentSource Source,
    DateOnly? IssuedOn = null, DateOnly? InForceTo = null, DateOnly? ClaimedInForceTo = null, string? DatesNote = null, string? Family = null,
    IReadOnlyList<string>? ReplacedBy = null, IReadOnlyList<string>? Amends = null, IReadOnlyList<TransitionRule>? Transitions = null, IReadOnlyList<InstrumentFragment>? Fragments = null);

/// <summary>Văn bản as it shall be; what is left out is not there any more.</summary>
public sealed record LegalInstrumentCorrection(
    string Number, string Title, InstrumentKind Kind, string Issuer, DateOnly InForceFrom, bool DatesVerified, InstrumentSource Source,
    DateOnly? IssuedOn = null, DateOnly? InForceTo = null, DateOnly? ClaimedInForceTo = null, string? DatesNote = null, string? Family = null,
    IReadOnlyList<string>? ReplacedBy = null, IReadOnlyList<string>? Amends = null, IReadOnlyList<TransitionRule>? Transitions = null, IReadOnlyList<InstrumentFragment>? Fragments = null)
{
    internal LegalInstrument Register(string code)
    {
        var instrument = new LegalInstrument
        {
            Code = code, Number = Number, Title = Title, Kind = Kind, Issuer = Issuer, InForceFrom = InForceFrom, DatesVerified = DatesVerified, Source = Source, Version = 1,
        };
        CopyTo(instrument);
        return instrument;
    }

    internal void CopyTo(LegalInstrument instrument)
    {
        (instrument.Number, instrument.Title, instrument.Kind, instrument.Issuer, instrument.Source) = (Number, Title, Kind, Issuer, Source);
        (instrument.IssuedOn, instrument.InForceFrom, instrument.InForceTo, instrument.ClaimedInForceTo) = (IssuedOn, InForceFrom, InForceTo, ClaimedInForceTo);
        (instrument.DatesVerified, instrument.DatesNote, instrument.Family) = (DatesVerified, DatesNote, Family);
        (instrument.ReplacedBy, instrument.Amends, instrument.Transitions, instrument.Fragments) = (ReplacedBy ?? [], Amends ?? [], Transitions ?? [], Fragments ?? []);
    }
}

/// <summary>Reads an instrument from a body and names everything that is wrong with it.</summary>
internal static class LegalInstrumentReader
{
    private const int LongText = 1000;
    private const int LongestFragment = 20_000;
    private const int MostItems = 500;

    /// <summary>All but the code. What could not be read stands as a violation, and its place holds what nobody will use.</summary>
    public static LegalInstrumentCorrection Read(StrictJson json)
    {
        var instrument = new LegalInstrumentCorrection(
            json.Name("number") ?? "", json.Text("title", LongText) ?? "", json.Choice<InstrumentKind>("kind") ?? default, json.Name("issuer") ?? "",
            json.Date("in_force_from") ?? default, json.Flag("dates_verified") ?? false, Source(json),
            json.Date("issued_on", required: false), json.Date("in_force_to", required: false), json.Date("claimed_in_force_to", required: false),
            json.Text("dates_note", LongText, required: false), json.Has("family") ? json.Code("family") : Absent(json, "family"),
            Codes(json, "replaced_by"), Codes(json, "amends"), Items(json, "transitions", Transition), Items(json, "fragments", Fragment));
        json.RefuseUnknown();
        return instrument;
    }

    private static TransitionRule Transition(StrictJson json)
    {
        var rule = new TransitionRule(
            json.Choice<TransitionKind>("kind") ?? default, json.Date("before") ?? default, json.Flag("more_favourable_exception") ?? false,
            json.Text("words", LongestFragment) ?? "", json.Flag("verified") ?? false, Source(json));
        json.RefuseUnknown();
        return rule;
    }

    private static InstrumentFragment Fragment(StrictJson json)
    {
        var provision = (json.Member("provision") is null ? null : json.Text("provision", LongText, required: false)) ?? "";
        var fragment = new InstrumentFragment(
            Citations.ProvisionIn(provision) ?? provision, json.Text("text", LongestFragment) ?? "", json.Flag("verified") ?? false, Source(json),
            json.Text("reason", LongText, required: false));
        json.RefuseUnknown();
        return fragment;
    }

    private static InstrumentSource Source(StrictJson json)
    {
        if (json.Member("source") is not { } member || !member.ExpectObject())
        {
            return new InstrumentSource("", default);
        }

        var source = new InstrumentSource(member.Name("tag") ?? "", member.Choice<Reading>("reading") ?? default, member.Text("address", LongText, required: false));
        member.RefuseUnknown();
        return source;
    }

    private static IReadOnlyList<T> Items<T>(StrictJson json, string name, Func<StrictJson, T> read) =>
        [.. Limited(json, name).Where(item => item.ExpectObject()).Select(read)];

    private static IReadOnlyList<string> Codes(StrictJson json, string name) =>
        [.. Limited(json, name).Select(item => item.AsText()).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static IReadOnlyList<StrictJson> Limited(StrictJson json, string name)
    {
        var items = json.List(name, required: false);
        if (items.Count <= MostItems)
        {
            return items;
        }

        json.Refuse("TOO_MANY", $"Tối đa {MostItems} mục.", name);
        return [];
    }

    private static string? Absent(StrictJson json, string name)
    {
        json.Ignore(name);
        return null;
    }
}
