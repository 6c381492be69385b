using System.Security.Cryptography;
using System.Text;

namespace ThiDua.Awards.Domain;

// None of these rows holds both a person and a choice, nor anything that both could be found by: no time, no number that grows, and
// never a row of one kind written alone in a transaction with a row of the other (docs/decisions/0056-secret-ballot.md).

/// <summary>Phiếu chờ phát: the secret of a paper that nobody has yet. It disappears when the paper is handed out.</summary>
public sealed class PaperToHandOut
{
    public required Guid ItemId { get; init; }
    public required string Token { get; init; }
}

/// <summary>Phiếu đã lập: that a paper with this secret is good, and whether it has been cast. Of whom it is nobody knows.</summary>
public sealed class BallotPaper
{
    private const int TokenBytes = 32;

    public required Guid ItemId { get; init; }

    /// <summary>SHA-256 of the secret, lower-case hexadecimal.</summary>
    public required string Hash { get; init; }

    public bool IsCast { get; private set; }

    /// <summary>Makes the papers of one vote, all before the first is handed out; the two lists are in no common order.</summary>
    public static (IReadOnlyList<PaperToHandOut> ToHandOut, IReadOnlyList<BallotPaper> Papers) Make(Guid itemId, int count)
    {
        var secrets = Enumerable.Range(0, count)
            .Select(_ => Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenBytes)).TrimEnd('=').Replace('+', '-').Replace('/', '_')).ToArray();
        List<PaperToHandOut> toHandOut = [.. secrets.Select(secret => new PaperToHandOut { ItemId = itemId, Token = secret })];
        RandomNumberGenerator.Shuffle(secrets.AsSpan());
        return (toHandOut, [.. secrets.Select(secret => new BallotPaper { ItemId = itemId, Hash = HashOf(secret) })]);
    }

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <returns>False when it has been cast already.</returns>
    public bool Cast()
    {
        var first = !IsCast;
        IsCast = true;
        return first;
    }
}

/// <summary>Danh sách nhận phiếu: that a member was given a paper. Which one stands nowhere.</summary>
public sealed class PaperGiven
{
    public required Guid ItemId { get; init; }
    public required int Round { get; init; }
    public required string Subject { get; init; }
}

/// <summary>Phiếu trong hòm: a choice and nothing else. The whole box is written anew with every paper that comes in.</summary>
public sealed class BoxedPaper
{
    public required Guid Id { get; init; }
    public required Guid ItemId { get; init; }
    public required PaperChoice Choice { get; init; }

    /// <summary>The box with one paper more, in a new order and under new keys.</summary>
    public static IReadOnlyList<BoxedPaper> Box(Guid itemId, IEnumerable<PaperChoice> choices)
    {
        var shuffled = choices.ToArray();
        RandomNumberGenerator.Shuffle(shuffled.AsSpan());
        return [.. shuffled.Select(choice => new BoxedPaper { Id = RandomKey(), ItemId = itemId, Choice = choice })];
    }

    // A key of version 7 would tell when the paper came in.
    internal static Guid RandomKey() => new(RandomNumberGenerator.GetBytes(16));
}

/// <summary>Phiếu đã kiểm: kept for every recount.</summary>
public sealed class CountedPaper
{
    public required Guid Id { get; init; }
    public required Guid ItemId { get; init; }
    public required int Round { get; init; }
    public required PaperChoice Choice { get; init; }

    /// <summary>The papers of a box that is emptied, in a new order and under new keys.</summary>
    public static IReadOnlyList<CountedPaper> Empty(Guid itemId, int round, IEnumerable<PaperChoice> choices) =>
        [.. BoxedPaper.Box(itemId, choices).Select(paper => new CountedPaper { Id = paper.Id, ItemId = itemId, Round = round, Choice = paper.Choice })];
}

/// <summary>Lựa chọn trên phiếu.</summary>
public enum PaperChoice
{
    /// <summary>Đồng ý.</summary>
    Yes,

    /// <summary>Không đồng ý.</summary>
    No,

    /// <summary>Phiếu trắng.</summary>
    Blank,
}

/// <summary>Kết quả kiểm phiếu: how many papers say what.</summary>
public sealed record PaperCount(int Yes, int No, int Blank)
{
    public int Papers => Yes + No + Blank;

    public static PaperCount Of(IReadOnlyCollection<PaperChoice> papers) => new(
        papers.Count(choice => choice is PaperChoice.Yes), papers.Count(choice => choice is PaperChoice.No), papers.Count(choice => choice is PaperChoice.Blank));
}
