using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ThiDua.Documents;

/// <summary>What an operator may set under <c>Documents</c>; checked at start.</summary>
public sealed class DocumentsSettings
{
    public const string DiskStore = "disk";

    /// <summary>Where contents arrive and, without another store, lie; on one file system, and backed up together with the database.</summary>
    [Required]
    public string Directory { get; init; } = "";

    /// <summary><c>disk</c>, or a bucket: <c>s3://bucket?endpoint=https://host&amp;region=r&amp;prefix=p</c>.</summary>
    public string Store { get; init; } = DiskStore;

    /// <summary>Access key of the bucket; empty: what the machine itself was given.</summary>
    public string? StoreAccessKey { get; init; }

    public string? StoreSecretKey { get; init; }

    /// <summary>Bytes one file may have. The gateway's route <c>documents</c> has a limit of its own that must not be smaller.</summary>
    [Range(1, 2_147_483_647)]
    public long UploadLimit { get; init; } = 50 * 1024 * 1024;

    /// <summary>Kinds of files that are taken, by their usual extension; see <see cref="Domain.FileKind.Known"/>. None named: all known.</summary>
    public IReadOnlyList<string> AllowedTypes { get; init; } = [];

    /// <summary>The gateway's address as the outside sees it: what a QR code of a paper leads to.</summary>
    [Required]
    public string PublicAddress { get; init; } = "http://localhost";

    /// <summary>How many papers of the jobs are made at once; as many as the converter takes at once. 0: this instance makes none.</summary>
    [Range(0, 64)]
    public int PaperWorkers { get; init; } = 2;

    /// <summary>Free bytes below which the service no longer says that it is ready.</summary>
    [Range(0, long.MaxValue)]
    public long MinimumFreeSpace { get; init; } = 256 * 1024 * 1024;
}

/// <summary>Generated from the attributes.</summary>
[OptionsValidator]
public sealed partial class DocumentsSettingsValidator : IValidateOptions<DocumentsSettings>;
