using ThiDua.ServiceDefaults;

namespace ThiDua.Scoring.Endpoints;

/// <summary>What became of sheets since this process started. One of a process; those of all replicas add up.</summary>
internal sealed class SheetCounts
{
    public Tally Saved { get; } = new("thidua.sheets.saved", "Times that a sheet's entries were saved");

    public Tally Submitted { get; } = new("thidua.sheets.submitted", "Sheets submitted");

    public Tally Returned { get; } = new("thidua.sheets.returned", "Sheets returned to their unit");
}
