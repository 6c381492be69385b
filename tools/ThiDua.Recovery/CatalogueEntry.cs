using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThiDua.Recovery;

internal enum BackupKind
{
    /// <summary>All of the database, and contents.</summary>
    Full,

    /// <summary>What changed in the database since the backup before, and contents.</summary>
    Incremental,

    /// <summary>Contents only, with a point of the log up to which they are complete.</summary>
    Contents,
}

/// <summary>A point of the log to which a restore can go by name.</summary>
/// <param name="Name">As the log has it.</param>
/// <param name="Lsn">Where it lies.</param>
/// <param name="Time">When, by the database's clock.</param>
/// <param name="Segment">The segment of the log that holds it and what ends it.</param>
internal sealed record RestorePoint(string Name, string Lsn, DateTimeOffset Time, string Segment);

/// <summary>What pgBackRest saved.</summary>
/// <param name="Label">Its name there.</param>
/// <param name="References">The backups it builds upon.</param>
/// <param name="FirstSegment">Where a restore begins to read the log.</param>
/// <param name="Bytes">Size of the databases.</param>
/// <param name="StoredBytes">Added to the repository.</param>
/// <param name="Files">SHA-256 of each file in the repository.</param>
internal sealed record SavedDatabase(string Label, IReadOnlyList<string> References, string FirstSegment, long Bytes, long StoredBytes, IReadOnlyDictionary<string, string> Files);

/// <summary>What restic saved.</summary>
/// <param name="Snapshot">Its name there.</param>
/// <param name="Store"><c>disk</c>, or the bucket that contents lie in and that is not copied.</param>
/// <param name="Files">Of contents, unfinished uploads and secrets.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="StoredBytes">Added to the repository.</param>
/// <param name="Missing">Contents that rows named and that were nowhere already.</param>
internal sealed record SavedContents(string Snapshot, string Store, long Files, long Bytes, long StoredBytes, IReadOnlyList<string> Missing);

/// <summary>One line of the catalogue.</summary>
/// <param name="Id">Its time.</param>
/// <param name="Kind">What was saved.</param>
/// <param name="StartedAt">When.</param>
/// <param name="FinishedAt">Until when.</param>
/// <param name="Base">The entry whose database a restore begins with; itself, unless it has contents only.</param>
/// <param name="Point">What a restore of this entry ends at.</param>
/// <param name="Database">Null where there are contents only.</param>
/// <param name="Contents">The files.</param>
/// <param name="Log">SHA-256 of each segment of the log in the repository since the entry before; of the first, since the database's beginning.</param>
/// <param name="Secrets">Names of the secrets that are saved with it.</param>
/// <param name="Version">Of the program.</param>
/// <param name="Migrations">The last one of each database.</param>
internal sealed record CatalogueEntry(
    string Id, BackupKind Kind, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, string Base, RestorePoint Point, SavedDatabase? Database, SavedContents Contents,
    IReadOnlyDictionary<string, string> Log, IReadOnlyList<string> Secrets, string Version, IReadOnlyDictionary<string, string> Migrations);

internal static class CatalogueJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
