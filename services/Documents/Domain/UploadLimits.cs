using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Giới hạn dung lượng: how much may come, of one file, of one kind, and of one unit in one season.</summary>
/// <param name="File">Bytes of any file.</param>
/// <param name="ByKind">Bytes of a file by the name of its kind, where they are fewer.</param>
/// <param name="Unit">Bytes of all the evidence of a unit in a season that still counts, with what is on its way.</param>
public sealed record UploadLimits(long File, IReadOnlyDictionary<string, long> ByKind, long Unit)
{
    public long Of(FileKind kind) => Math.Min(File, ByKind.GetValueOrDefault(kind.Name, File));

    /// <exception cref="RuleViolationException"><c>quota-exceeded</c>.</exception>
    public void RequireRoom(long taken, long more)
    {
        if (taken + more > Unit)
        {
            throw new RuleViolationException("quota-exceeded", $"Minh chứng của đơn vị trong năm thi đua này tối đa {Unit / (1024 * 1024)} MB; đã dùng {taken / (1024 * 1024)} MB.");
        }
    }
}
