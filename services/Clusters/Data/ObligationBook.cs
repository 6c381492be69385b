using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Domain;
using ThiDua.Contracts.Clusters;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Data;

/// <summary>Keeps obligations, and what others are told of them, in line with everything they follow from.</summary>
internal static class ObligationBook
{
    /// <summary>
    /// Brings the obligations of these clusters up to date; running it again changes nothing. The caller holds the season's lock
    /// (<see cref="ClustersDbContext.LockSeasonAsync"/>), so that no two bring them up to date from half of the other's news, and saves.
    /// </summary>
    public static async Task KeepObligationsAsync(this ClustersDbContext db, Season season, IReadOnlyList<Cluster> clusters, DateTimeOffset now, CancellationToken ct)
    {
        if (clusters.Count == 0)
        {
            return;
        }

        Guid[] ids = [.. clusters.Select(cluster => cluster.Id)];
        var rules = ObligationRules.On(await db.ObligationRulesAsync(ct), season.FirstDay);
        var calendar = await db.WorkingDaysAsync(ct);
        var existing = (await db.Obligations.Where(obligation => ids.Contains(obligation.ClusterId)).ToListAsync(ct)).ToLookup(obligation => obligation.ClusterId);
        string[] units = [.. clusters.SelectMany(cluster => cluster.Members).Select(member => member.Unit)];
        var reports = (await ReportsAsync(db, season.Code, units, ct)).ToLookup(report => report.Unit, StringComparer.Ordinal);
        var sheets = (await db.SheetHistories.Where(sheet => ids.Contains(sheet.ClusterId)).ToListAsync(ct)).ToLookup(sheet => sheet.ClusterId);
        var results = await db.DecidedResults.Where(result => ids.Contains(result.ClusterId)).ToDictionaryAsync(result => result.ClusterId, ct);

        var registrations = await RegistrationsAsync(db, season.Code, units, ct);

        var concerned = existing.SelectMany(obligations => obligations).Where(obligation => obligation.ReleasedAt is null).ToHashSet();
        foreach (var cluster in clusters)
        {
            var receipts = new Receipts([.. cluster.Members.SelectMany(member => reports[member.Unit])], [.. sheets[cluster.Id]], results.GetValueOrDefault(cluster.Id), registrations);
            var owed = ObligationPlan.Of(season, cluster, receipts, rules, calendar);
            var added = ObligationPlan.Follow(season, cluster, [.. existing[cluster.Id]], owed, now);
            db.AddRange(added);
            concerned.UnionWith(existing[cluster.Id].Where(obligation => obligation.ReleasedAt is null).Concat(added));
        }

        await TellLatenessAsync(db, season, concerned, rules, calendar, now, ct);
    }

    /// <summary>Tells how late the reports of a season are now, where that is news: days pass and holidays are entered without anybody handing in.</summary>
    public static async Task TellReportFactsAsync(this ClustersDbContext db, Season season, DateTimeOffset now, CancellationToken ct)
    {
        var rules = ObligationRules.On(await db.ObligationRulesAsync(ct), season.FirstDay);
        var calendar = await db.WorkingDaysAsync(ct);
        var obligations = await db.Obligations.AsNoTracking()
            .Where(obligation => obligation.Season == season.Code && obligation.Recipient == ObligationRecipient.StandingAgency && obligation.ReleasedAt == null
                && (obligation.Kind == ObligationKind.MidyearReport || obligation.Kind == ObligationKind.YearendReport))
            .ToListAsync(ct);
        await TellLatenessAsync(db, season, obligations, rules, calendar, now, ct);
    }

    /// <summary>Every period of the rules that obligations follow.</summary>
    public static Task<List<Rule>> ObligationRulesAsync(this ClustersDbContext db, CancellationToken ct) =>
        db.Rules.AsNoTracking().Where(rule => ObligationRules.Codes.Contains(rule.Code)).ToListAsync(ct);

    public static async Task<WorkingDayCalendar> WorkingDaysAsync(this ClustersDbContext db, CancellationToken ct) =>
        (await db.Holidays.AsNoTracking().ToListAsync(ct)).ToCalendar();

    // Of a registration that this request submits, its own state counts.
    private static async Task<Dictionary<string, DateTimeOffset>> RegistrationsAsync(ClustersDbContext db, string season, string[] units, CancellationToken ct)
    {
        var stored = await db.Registrations.AsNoTracking().Where(registration => registration.Season == season && units.Contains(registration.Unit) && registration.SubmittedAt != null)
            .Select(registration => new { registration.Unit, At = registration.SubmittedAt!.Value }).ToListAsync(ct);
        return stored
            .Concat(db.Registrations.Local.Where(registration => registration.Season == season && registration.SubmittedAt is not null).Select(registration => new { registration.Unit, At = registration.SubmittedAt!.Value }))
            .GroupBy(registration => registration.Unit, StringComparer.Ordinal)
            .ToDictionary(unit => unit.Key, unit => unit.Min(registration => registration.At), StringComparer.Ordinal);
    }

    // The texts of reports are long and matter to nobody here; of a report that this request changes, its own state counts.
    private static async Task<List<ReportHistory>> ReportsAsync(ClustersDbContext db, string season, string[] units, CancellationToken ct)
    {
        var stored = await db.Reports.AsNoTracking().Where(report => report.Season == season && units.Contains(report.Unit))
            .Select(report => new { report.Id, report.Unit, report.Kind, report.Steps }).ToListAsync(ct);
        var here = db.Reports.Local.Where(report => report.Season == season).ToDictionary(report => report.Id);
        return stored.ConvertAll(report => here.TryGetValue(report.Id, out var changed) ? changed.History : new ReportHistory(report.Unit, report.Kind, report.Steps));
    }

    private static async Task TellLatenessAsync(ClustersDbContext db, Season season, IReadOnlyCollection<Obligation> obligations, ObligationRules rules, WorkingDayCalendar calendar, DateTimeOffset now, CancellationToken ct)
    {
        var byUnit = obligations.Where(obligation => obligation.Unit is not null).GroupBy(obligation => obligation.Unit!, StringComparer.Ordinal).ToList();
        string[] units = [.. byUnit.Select(unit => unit.Key)];
        var told = await db.ReportFacts.Where(fact => fact.Season == season.Code && units.Contains(fact.Unit)).ToDictionaryAsync(fact => fact.Unit, StringComparer.Ordinal, ct);
        foreach (var unit in byUnit)
        {
            var late = ReportFact.LatenessOf(unit, VietnamDate.Of(now), rules, calendar);
            if (!told.TryGetValue(unit.Key, out var fact))
            {
                if (late.Count == 0)
                {
                    continue;
                }

                db.Add(fact = new ReportFact { Season = season.Code, Unit = unit.Key });
            }

            if (fact.Take(late))
            {
                db.Publish(new OfficialFactEstablished
                {
                    Season = season.Code,
                    Unit = unit.Key,
                    Fact = "REPORTS",
                    Late = [.. late.Select(one => new Contracts.Clusters.ReportLateness { Obligation = UpperSnake.Of(one.Report), LateWorkingDays = one.WorkingDays })],
                    Version = fact.Version,
                    At = now,
                });
            }
        }
    }
}
