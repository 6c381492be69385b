using System.Globalization;
using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>Thẩm quyền ký of whoever signs: Nghị định 30/2020/NĐ-CP, Điều 13.</summary>
public enum SigningCapacity
{
    /// <summary>Người đứng đầu signs himself.</summary>
    Head,

    /// <summary>Quyền cấp trưởng (Q.): acts as head.</summary>
    ActingHead,

    /// <summary>Ký thay (KT.): a deputy, or a deputy who is in charge.</summary>
    Deputy,

    /// <summary>Ký thừa lệnh (TL.): the head of a part of the agency, by order of the agency's head.</summary>
    ByOrder,

    /// <summary>Ký thừa ủy quyền (TUQ.): by written authority, for a time; cannot be passed on.</summary>
    ByAuthorisation,
}

/// <summary>Quyền hạn, chức vụ của người ký: the lines above a signature, Phụ lục I, mục II.7.</summary>
/// <param name="Capacity">Thẩm quyền ký.</param>
/// <param name="HeadTitle">Chức vụ of the head: Chủ tịch, Giám đốc, Cụm trưởng.</param>
/// <param name="OwnTitle">Chức vụ of whoever signs; null for the head.</param>
/// <param name="Collective">Tập thể that is signed for (TM.): Ủy ban nhân dân, Hội đồng. Null where the head decides alone.</param>
public sealed record SigningAuthority(SigningCapacity Capacity, string HeadTitle, string? OwnTitle = null, string? Collective = null)
{
    private static readonly CultureInfo s_vietnamese = CultureInfo.GetCultureInfo("vi-VN");

    /// <summary>The lines from above, in capitals as they are printed.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            var needsOwn = Capacity is SigningCapacity.Deputy or SigningCapacity.ByOrder or SigningCapacity.ByAuthorisation;
            if (string.IsNullOrWhiteSpace(HeadTitle) || needsOwn == string.IsNullOrWhiteSpace(OwnTitle))
            {
                throw new RuleViolationException("signing-authority", needsOwn ? "Thiếu chức vụ của người ký thay, ký thừa lệnh, ký thừa ủy quyền." : "Người đứng đầu ký thì chỉ ghi chức vụ của người đứng đầu.");
            }

            // By order and by authority one signs for the head, never for a collective.
            if (Collective is not null && Capacity is (SigningCapacity.ByOrder or SigningCapacity.ByAuthorisation))
            {
                throw new RuleViolationException("signing-authority", "Ký thừa lệnh, thừa ủy quyền không dùng cùng “TM.”.");
            }

            IEnumerable<string?> lines =
            [
                Collective is null ? null : $"TM. {Collective}",
                Capacity switch
                {
                    SigningCapacity.Head => HeadTitle,
                    SigningCapacity.ActingHead => $"Q. {HeadTitle}",
                    SigningCapacity.Deputy => $"KT. {HeadTitle}",
                    SigningCapacity.ByOrder => $"TL. {HeadTitle}",
                    SigningCapacity.ByAuthorisation => $"TUQ. {HeadTitle}",
                    _ => throw new ArgumentOutOfRangeException(nameof(Capacity), Capacity, null),
                },
                OwnTitle,
            ];
            return [.. lines.OfType<string>().Select(line => line.ToUpper(s_vietnamese))];
        }
    }

    /// <summary>As one value of a paper: a line each.</summary>
    public override string ToString() => string.Join('\n', Lines);
}
