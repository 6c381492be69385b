using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Endpoints;

/// <summary>Văn bản, as it is shown: everything but its content, which its files have.</summary>
/// <param name="Id">Khóa.</param>
/// <param name="Kind">Loại văn bản.</param>
/// <param name="Season">Mã kỳ thi đua.</param>
/// <param name="Cluster">Mã cụm, khối.</param>
/// <param name="Unit">Mã đơn vị.</param>
/// <param name="Award">PROVINCIAL_FLAG, GOVERNMENT_FLAG or CHAIRMAN_MERIT.</param>
/// <param name="State">Trạng thái.</param>
/// <param name="Stale">Only of a draft that is read by itself: whether the facts say something else by now.</param>
/// <param name="Agency">Cơ quan ban hành.</param>
/// <param name="Symbol">Số, ký hiệu.</param>
/// <param name="Date">Ngày ban hành.</param>
/// <param name="Letterhead">Mã thể thức.</param>
/// <param name="LetterheadVersion">Phiên bản thể thức.</param>
/// <param name="Signer">Mã người ký.</param>
/// <param name="TemplateVersion">Phiên bản mẫu; 0 is the one that the product comes with.</param>
/// <param name="Hash">Of content and template; it stands in the footer.</param>
/// <param name="Warnings">Điều cần xem lại.</param>
/// <param name="Signature">Chữ ký số.</param>
/// <param name="SupersededBy">The later paper.</param>
/// <param name="Docx">Địa chỉ tệp Word.</param>
/// <param name="Pdf">Địa chỉ tệp PDF.</param>
/// <param name="SignedPdf">Địa chỉ tệp PDF đã ký.</param>
/// <param name="DetachedSignature">Địa chỉ chữ ký tách rời.</param>
public sealed record PaperView(
    Guid Id, PaperKind Kind, string Season, string? Cluster, string? Unit, string? Award, PaperState State, bool? Stale,
    string Agency, string? Symbol, DateOnly? Date, string Letterhead, int LetterheadVersion, string? Signer, string? SignerName, string? SecretaryName, int TemplateVersion,
    string Hash, IReadOnlyList<string> Warnings, string DraftedBy, DateTimeOffset DraftedAt, string? IssuedBy, DateTimeOffset? IssuedAt, string? SignedBy, PaperSignatureView? Signature,
    string? WithdrawnBy, DateTimeOffset? WithdrawnAt, string? WithdrawnBecause, Guid? SupersededBy, string Docx, string Pdf, string? SignedPdf, string? DetachedSignature)
{
    internal static PaperView Of(Paper paper, bool? stale = null)
    {
        var address = $"/api/v1/papers/{paper.Id}";
        return new PaperView(
            paper.Id, paper.Kind, paper.Season, paper.Cluster, paper.Unit, paper.Award, paper.State, stale,
            paper.Agency, paper.Symbol, paper.Date, paper.Letterhead, paper.LetterheadVersion, paper.Signer, paper.SignerName, paper.SecretaryName, paper.TemplateVersion,
            paper.Hash, paper.Warnings, paper.DraftedBy, paper.DraftedAt, paper.IssuedBy, paper.IssuedAt, paper.SignedBy,
            paper.Signature is { } signature ? PaperSignatureView.Of(signature) : null,
            paper.WithdrawnBy, paper.WithdrawnAt, paper.WithdrawnBecause, paper.SupersededBy,
            $"{address}/docx", $"{address}/pdf", paper.Signature is null ? null : $"{address}/signed-pdf", paper.Signature is null ? null : $"{address}/signature");
    }
}

/// <param name="CertificateSubject">Chủ thể chứng thư.</param>
/// <param name="CertificateIssuer">Nơi cấp chứng thư.</param>
/// <param name="SerialNumber">Số hiệu chứng thư.</param>
/// <param name="At">Thời điểm ký.</param>
/// <param name="TestCertificate">Chứng thư thử nghiệm.</param>
/// <param name="Statement">Said plainly, for people.</param>
public sealed record PaperSignatureView(string CertificateSubject, string CertificateIssuer, string SerialNumber, DateTimeOffset At, bool TestCertificate, string Statement)
{
    internal static PaperSignatureView Of(PaperSignature signature) => new(
        signature.CertificateSubject, signature.CertificateIssuer, signature.SerialNumber, signature.At, signature.IsTest,
        signature.IsTest
            ? "Ký bằng chứng thư thử nghiệm, không phải chứng thư do tổ chức chứng thực chữ ký số cấp; không có giá trị pháp lý."
            : "Ký bằng chứng thư mà đơn vị vận hành đã khai báo là chứng thư chính thức.");
}

/// <param name="Id">Khóa.</param>
/// <param name="Season">Mã kỳ thi đua.</param>
/// <param name="Kinds">Loại văn bản.</param>
/// <param name="Clusters">Mã cụm, khối; trống là tất cả.</param>
/// <param name="Format">DOCX, PDF hoặc BOTH.</param>
/// <param name="State">QUEUED, RUNNING, DONE, FAILED hoặc CANCELLED.</param>
/// <param name="Total">Số văn bản.</param>
/// <param name="Made">Số đã lập.</param>
/// <param name="Failed">Số chưa lập được.</param>
/// <param name="Failures">Only of a job that is read by itself: what could not be made, and why; the first 200.</param>
/// <param name="Archive">Địa chỉ gói kết quả, khi đã xong.</param>
public sealed record PaperJobView(
    Guid Id, string Season, IReadOnlyList<PaperKind> Kinds, IReadOnlyList<string> Clusters, PaperFormat Format, string? Letterhead, string? Signer, string? ClusterLetterhead,
    PaperJobState State, int Total, int Made, int Failed, IReadOnlyList<PaperJobFailure>? Failures, string StartedBy, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Archive)
{
    internal static PaperJobView Of(PaperJob job, int made, int failed, IReadOnlyList<PaperJobFailure>? failures) => new(
        job.Id, job.Season, job.Kinds, job.Clusters, job.Format, job.Letterhead, job.Signer, job.ClusterLetterhead,
        job.State, job.Total, made, failed, failures, job.StartedBy, job.StartedAt, job.EndedAt, job.Archive is null ? null : $"/api/v1/paper-jobs/{job.Id}/archive");
}

/// <param name="Kind">Loại văn bản.</param>
/// <param name="Cluster">Mã cụm, khối.</param>
/// <param name="Unit">Mã đơn vị.</param>
/// <param name="Award">Hình thức khen thưởng.</param>
/// <param name="Code">Stable English code.</param>
/// <param name="Reason">Vietnamese, for people.</param>
public sealed record PaperJobFailure(PaperKind Kind, string? Cluster, string? Unit, string? Award, string Code, string Reason);
