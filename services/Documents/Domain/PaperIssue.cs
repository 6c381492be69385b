namespace ThiDua.Documents.Domain;

/// <summary>
/// Thể thức ban hành: who issues a paper, and what its head and its foot say. The facts say nothing of this; whoever asks for the paper
/// does. What is null is not known yet, and a draft leaves it blank.
/// </summary>
/// <param name="SuperiorAgency">Cơ quan, tổ chức chủ quản trực tiếp; null for an agency that names none, such as a provincial People's Committee.</param>
/// <param name="Agency">Cơ quan, tổ chức ban hành văn bản.</param>
/// <param name="AgencyAbbreviation">Chữ viết tắt of the agency in the sign of the paper: the SNV of 05/TTr-SNV.</param>
/// <param name="Place">Địa danh before the date.</param>
/// <param name="Date">Ngày ban hành.</param>
/// <param name="Number">Số văn bản.</param>
/// <param name="DraftedOn">The day it is drawn up: a draft prints its year, and the law that it cites must be in force on it as long as there is no date.</param>
/// <param name="AuthorityLines">Quyền hạn ký, above the title, a line each: “TM. ỦY BAN NHÂN DÂN”, “KT. CHỦ TỊCH”; empty for who signs in the own name.</param>
/// <param name="SignerTitle">Chức vụ của người ký.</param>
/// <param name="SignerName">Họ và tên của người ký.</param>
/// <param name="Recipients">Nơi nhận, a line each, without “Như trên” and “Lưu”, which are added.</param>
/// <param name="SecretaryName">Họ và tên of who writes minutes and signs them beside the chair; null for a paper with one signer.</param>
public sealed record PaperIssue(
    string? SuperiorAgency,
    string Agency,
    string AgencyAbbreviation,
    string Place,
    DateOnly? Date,
    int? Number,
    DateOnly DraftedOn,
    IReadOnlyList<string> AuthorityLines,
    string SignerTitle,
    string SignerName,
    IReadOnlyList<string> Recipients,
    string? SecretaryName = null)
{
    /// <summary>Whether it is not issued yet: every paper that is has a date, not every one a number.</summary>
    public bool IsDraft => Date is null;

    /// <summary>The day on which the law that the paper cites must be in force.</summary>
    public DateOnly LawOn => Date ?? DraftedOn;
}
