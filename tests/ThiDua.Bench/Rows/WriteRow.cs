using ThiDua.Bench.Product;
using ThiDua.Bench.Tools;

namespace ThiDua.Bench.Rows;

/// <summary>Writes to sheets by their units' clerks, 32 at a time, each with the ETag of the sheet's last answer.</summary>
internal abstract class WriteRow(Stage stage, string name, string title, string script, HttpMethod method, string suffix, IReadOnlyList<string> bodies, Bound bound)
    : Row(name, title, $"pgbench {script}, 4 connections", "/s", bound)
{
    public const int Clients = 32;

    private const int PostgresClients = 4;

    private DraftSeason _drafts = null!;

    public override bool AnchorNeedsWarmUp => false;

    public override async Task<string?> PrepareAsync(CancellationToken ct)
    {
        await stage.PostgresAsync(ct);
        var product = await stage.ProductAsync(ct);
        _drafts = await product.DraftsAsync(ct);
        await File.WriteAllLinesAsync(stage.FileOf($"{Name}.bodies"), bodies, ct);
        return _drafts.Count < Clients ? $"{Clients} writers need as many sheets." : null;
    }

    public override async Task<Sample> AnchorAsync(TimeSpan time, CancellationToken ct) =>
        await (await stage.PostgresAsync(ct)).Bench.RunAsync(script, PostgresClients, stage.WarmUp, time, ct);

    public override async Task<Sample> ProductAsync(TimeSpan time, CancellationToken ct)
    {
        await _drafts.WriteTargetsAsync(stage.FileOf($"{Name}.sheets"), suffix, withETags: true, ct);
        var product = await stage.ProductAsync(ct);
        return await Wrk.RunAsync(
            product.Gateway, "save.lua", Clients, Clients, time, [method.Method, stage.FileOf($"{Name}.sheets"), stage.FileOf($"{Name}.bodies"), $"{Clients}"], ct);
    }
}

/// <summary>Row 1: all 60 lines of a sheet, each with another value and note than before.</summary>
internal sealed class SaveRow(Stage stage) : WriteRow(
    stage, "save", "save a sheet of 60 lines", "save_tx", HttpMethod.Put, "/lines", [SeasonText.Lines(Enumerable.Range(0, SeasonText.Criteria))], Bound.AtLeast(0.60, 0.35));

/// <summary>Row 1b: three lines, another three each time.</summary>
internal sealed class AutosaveRow(Stage stage) : WriteRow(
    stage, "autosave", "save three changed lines", "save_delta3", HttpMethod.Put, "/lines",
    [.. Enumerable.Range(0, SeasonText.Criteria / Lines).Select(part => SeasonText.Lines(Enumerable.Range(part * Lines, Lines)))], Bound.AtLeast(0.50, 0.25))
{
    private const int Lines = 3;
}
