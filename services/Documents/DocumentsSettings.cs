using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents;

/// <summary>What an operator may set under <c>Documents</c>; checked at start.</summary>
public sealed class DocumentsSettings
{
    public const string DiskStore = "disk";
    private const long Megabyte = 1024 * 1024;

    /// <summary>Where contents arrive and, without another store, lie; on one file system, and backed up together with the database.</summary>
    [Required]
    public string Directory { get; init; } = "";

    /// <summary><c>disk</c>, or a bucket: <c>s3://bucket?endpoint=https://host&amp;region=r&amp;prefix=p</c>.</summary>
    public string Store { get; init; } = DiskStore;

    /// <summary>Access key of the bucket; empty: what the machine itself was given.</summary>
    public string? StoreAccessKey { get; init; }

    public string? StoreSecretKey { get; init; }

    /// <summary>Bytes one file may have. The gateway's route <c>documents</c> has a limit of its own that must not be smaller.</summary>
    [Range(1, 1L << 40)]
    public long UploadLimit { get; init; } = 512 * Megabyte;

    /// <summary>Bytes of a file by its kind, where they are fewer.</summary>
    public Dictionary<string, long> KindLimits { get; init; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["docx"] = 100 * Megabyte, ["xlsx"] = 50 * Megabyte, ["pptx"] = 200 * Megabyte, ["png"] = 50 * Megabyte, ["jpg"] = 50 * Megabyte,
    };

    /// <summary>Bytes of all evidence of one unit in one season.</summary>
    [Range(1, 1L << 50)]
    public long UnitLimit { get; init; } = 10L * 1024 * Megabyte;

    /// <summary>Kinds of files that are taken, by their usual extension; see <see cref="FileKind.Known"/>. None named: all known.</summary>
    public IReadOnlyList<string> AllowedTypes { get; init; } = [];

    /// <summary>The gateway's address as the outside sees it: what a QR code of a paper leads to.</summary>
    [Required]
    public string PublicAddress { get; init; } = "http://localhost";

    /// <summary>How many papers of the jobs are made at once, each holding a connection to the database; not set: as many as there are LibreOffices. 0: this instance makes none.</summary>
    [Range(0, 32)]
    public int? PaperWorkers { get; init; }

    /// <summary>Hours that an upload which nobody goes on with is kept.</summary>
    [Range(1, 24 * 365)]
    public int UploadHours { get; init; } = 72;

    /// <summary>How often expired uploads and contents that were given up are cleared away.</summary>
    [Range(0.05, 3600)]
    public double HousekeepingSeconds { get; init; } = 15;

    /// <summary>Free bytes below which the service no longer says that it is ready.</summary>
    [Range(0, long.MaxValue)]
    public long MinimumFreeSpace { get; init; } = 256 * Megabyte;

    [ValidateObjectMembers]
    public ScannerSettings Scanner { get; init; } = new();

    internal UploadLimits Limits => new(UploadLimit, KindLimits, UnitLimit);
}

/// <summary>The malware scanner: a clamd, which a service reaches over its INSTREAM command.</summary>
public sealed class ScannerSettings
{
    /// <summary><c>host:port</c>, or the path of a Unix socket; empty: nothing is scanned, and the state of evidence says so.</summary>
    public string Address { get; init; } = "";

    /// <summary>Seconds without progress after which a scan is given up.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; init; } = 120;

    /// <summary>Seconds until a scanner that was away is asked again.</summary>
    [Range(0.05, 3600)]
    public double RetrySeconds { get; init; } = 10;

    internal bool IsSet => Address.Length > 0;
}

/// <summary>Generated from the attributes.</summary>
[OptionsValidator]
public sealed partial class DocumentsSettingsValidator : IValidateOptions<DocumentsSettings>;
