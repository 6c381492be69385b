using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ThiDua.Documents.Data;
using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

/// <summary>A template that was read and may be filled.</summary>
/// <param name="Version">0 is the one that the product comes with.</param>
/// <param name="Template">As it was read.</param>
public sealed record TemplateInUse(int Version, PaperTemplate Template)
{
    public string Sha256 => Template.Sha256;
}

/// <summary>The templates by which papers are made. Each is read once in a process: a version never changes.</summary>
public sealed class PaperTemplates(ContentStore store)
{
    private readonly ConcurrentDictionary<(PaperKind Kind, string Sha256), PaperTemplate> _read = new();
    private readonly ConcurrentDictionary<PaperKind, (byte[] Docx, PaperTemplate Template)> _own = new();

    /// <summary>The template that the product comes with.</summary>
    public TemplateInUse Own(PaperKind kind) => new(0, OwnFile(kind).Template);

    /// <summary>The template by which a paper is made now; its file is kept, so that the paper can be made again by it.</summary>
    public async Task<TemplateInUse> LatestAsync(DocumentsDbContext db, PaperKind kind, CancellationToken ct)
    {
        if (await db.Templates.AsNoTracking().Where(template => template.Kind == kind).OrderByDescending(template => template.Version).FirstOrDefaultAsync(ct) is { } stored)
        {
            return await ReadAsync(stored.Version, kind, stored.Sha256, ct);
        }

        await KeepOwnAsync(kind, ct);
        return Own(kind);
    }

    /// <summary>Keeps the file of the template that the product comes with, once in a process.</summary>
    /// <returns>Its hash.</returns>
    public async Task<string> KeepOwnAsync(PaperKind kind, CancellationToken ct)
    {
        var (docx, own) = OwnFile(kind);
        if (!_read.ContainsKey((kind, own.Sha256)))
        {
            await store.KeepPaperAsync(docx, ct);
            _read.TryAdd((kind, own.Sha256), own);
        }

        return own.Sha256;
    }

    private (byte[] Docx, PaperTemplate Template) OwnFile(PaperKind kind) => _own.GetOrAdd(kind, static kind =>
    {
        using var built = DefaultTemplates.Open(kind);
        using var docx = new MemoryStream();
        built.CopyTo(docx);
        docx.Position = 0;
        return (docx.ToArray(), PaperTemplate.Read(docx, PaperForms.Of(kind)));
    });

    /// <summary>The very template of a draft. The product's own may have changed with a new version of the product: then the file that was kept is read.</summary>
    public async Task<TemplateInUse> OfVersionAsync(DocumentsDbContext db, PaperKind kind, int version, string sha256, CancellationToken ct) =>
        version == 0 && Own(kind) is { } own && own.Sha256 == sha256 ? own : await ReadAsync(version, kind, sha256, ct);

    private async Task<TemplateInUse> ReadAsync(int version, PaperKind kind, string sha256, CancellationToken ct)
    {
        if (!_read.TryGetValue((kind, sha256), out var template))
        {
            await using var docx = await store.OpenPaperAsync(sha256, ct);
            template = _read.GetOrAdd((kind, sha256), PaperTemplate.Read(docx, PaperForms.Of(kind)));
        }

        return new TemplateInUse(version, template);
    }
}
