using ThiDua.Documents.Domain;

namespace ThiDua.Documents.Papers;

/// <summary>
/// The templates that the product comes with: built, so that what stands here is what a department downloads, edits in Word and sends back.
/// They hold words only; every number in them is one of an article or of a heading.
/// </summary>
public static class DefaultTemplates
{
    /// <summary>For tables of many columns, in half points.</summary>
    internal const int SmallCells = 22;

    internal const string Legend = "Ghi chú: dấu “–” là chưa có điểm, không phải 0 điểm.";

    private const string Superior = "{{co_quan_cap_tren.ten}}";
    private const string Agency = "{{co_quan_ban_hanh}}";
    private const string Number = "Số: {{so_ky_hieu}}";
    private const string PlaceAndDate = "{{dia_danh_ngay}}";
    private const string Draft = "{{du_thao.chu}}";
    private const string Basis = "{{can_cu.noi_dung}}";
    private const string Signer = "{{ten_nguoi_ky}}";
    private const string Authority = "{{chuc_vu_nguoi_ky}}";

    /// <summary>A docx; the same kind gives the same bytes.</summary>
    public static Stream Open(PaperKind kind) => new MemoryStream(Build(kind), writable: false);

    private static byte[] Build(PaperKind kind) => (kind switch
    {
        PaperKind.ClusterMeetingMinutes => Minutes(),
        PaperKind.VoteCountMinutes => Votes(),
        PaperKind.ScoreSummary => Summary(),
        PaperKind.ProvincialFlagSubmission => Flag(),
        PaperKind.GovernmentFlagSubmission => GovernmentFlag(),
        PaperKind.CertificateSubmission => Certificates(),
        PaperKind.NominationList => Nominees(),
        PaperKind.DraftDecision => Decision(),
        PaperKind.MidyearReport => DefaultReports.Midyear(),
        PaperKind.YearendReport => DefaultReports.Yearend(),
        PaperKind.UnitNotice => Notice(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    }).Build();

    internal static PaperLayout Begin(string title, int cells = SmallCells, bool landscape = false, bool hasNumber = true, bool hasDate = true) =>
        new PaperLayout(landscape, cellHalfPoints: cells)
            .Head(Superior, Agency, hasNumber ? Number : null, hasDate ? PlaceAndDate : null, Draft)
            .Title(title, "{{trich_yeu}}");

    internal static PaperLayout Sign(this PaperLayout layout, string? first = null) => first is null
        ? layout.Signature(Authority, Signer, "- {{noi_nhan.ten}};", "- Lưu: VT.")
        : layout.Signature(Authority, Signer, first, "- {{noi_nhan.ten}};", "- Lưu: VT.");

    internal static PaperLayout Results(this PaperLayout layout) => layout
        .Table(
            new("TT", 6, "{{ket_qua.stt}}", IsNumber: true),
            new("Đơn vị", 34, "{{ket_qua.ten}}"),
            new("Tự chấm", 11, "{{ket_qua.tu_cham}}", IsNumber: true),
            new("Cụm, khối rà soát", 12, "{{ket_qua.cum_cham}}", IsNumber: true),
            new("Điểm thưởng", 11, "{{ket_qua.diem_thuong}}", IsNumber: true),
            new("Điểm trừ", 10, "{{ket_qua.diem_tru}}", IsNumber: true),
            new("Tổng điểm", 11, "{{ket_qua.tong_diem}}", IsNumber: true),
            new("Xếp hạng", 9, "{{ket_qua.xep_hang}}", IsNumber: true))
        .Paragraph(Legend);

    internal static PaperLayout Nominations(this PaperLayout layout) => layout.Table(
        new("TT", 6, "{{de_nghi.stt}}", IsNumber: true),
        new("Danh hiệu, hình thức", 22, "{{de_nghi.hinh_thuc}}"),
        new("Vị trí xét", 8, "{{de_nghi.vi_tri}}", IsNumber: true),
        new("Đơn vị", 22, "{{de_nghi.ten}}"),
        new("Tình trạng", 16, "{{de_nghi.tinh_trang}}"),
        new("Lý do", 30, "{{de_nghi.ly_do}}"));

    private static PaperLayout Minutes() => Begin("BIÊN BẢN", hasDate: false)
        .Basis(Basis, "Căn cứ kết quả chấm điểm thi đua {{ky_thi_dua}} của {{ten_cum}} đã được cơ quan thường trực Hội đồng Thi đua - Khen thưởng quyết định.")
        .Heading("I. Thời gian, địa điểm và thành phần")
        .Paragraph("1. Cuộc họp: {{ten_cuoc_hop}}.")
        .Paragraph("2. Thời gian: {{ngay_hop}}.")
        .Paragraph("3. Đơn vị đăng cai, nơi họp: {{don_vi_dang_cai}}.")
        .Paragraph("4. Chủ trì: {{chu_tri}}.")
        .Paragraph("5. Số đơn vị thành viên: {{so_thanh_vien}}. Số đơn vị có mặt: {{so_co_mat}}. Số đơn vị vắng mặt: {{so_vang}}.")
        .Table(new("TT", 8, "{{thanh_phan.stt}}", IsNumber: true), new("Đơn vị", 52, "{{thanh_phan.ten}}"), new("Tham dự", 40, "{{thanh_phan.tinh_trang}}"))
        .Heading("II. Kết quả chấm điểm và xếp hạng")
        .Results()
        .Heading("III. Suy tôn đơn vị dẫn đầu")
        .Paragraph("{{suy_ton}}")
        .Heading("IV. Đề nghị khen thưởng")
        .Nominations()
        .Heading("V. Kết quả cuộc họp")
        .Paragraph("{{ket_luan_cuoc_hop}}")
        .Paragraph("Biên bản được lập để làm căn cứ xét, đề nghị khen thưởng theo quy định./.")
        .Signatures("THƯ KÝ\n", "{{ten_thu_ky}}", "CHỦ TỌA\n" + Authority, Signer, "- {{noi_nhan.ten}};", "- Lưu: VT.");

    private static PaperLayout Votes() => Begin("BIÊN BẢN", hasDate: false)
        .Basis(Basis, "Căn cứ kết quả bỏ phiếu của Hội đồng Thi đua - Khen thưởng.")
        .Heading("I. Phiên họp và thành viên Hội đồng")
        .Table(
            new("Ngày họp", 14, "{{phien_hop.ngay}}", IsNumber: true),
            new("Hội đồng", 26, "{{phien_hop.hoi_dong}}"),
            new("Giấy mời", 20, "{{phien_hop.giay_moi}}"),
            new("Thành viên", 10, "{{phien_hop.so_thanh_vien}}", IsNumber: true),
            new("Có mặt", 10, "{{phien_hop.so_co_mat}}", IsNumber: true),
            new("Ý kiến bằng văn bản", 11, "{{phien_hop.so_y_kien}}", IsNumber: true),
            new("Vắng mặt", 9, "{{phien_hop.so_vang}}", IsNumber: true))
        .Table(
            new("TT", 7, "{{thanh_vien.stt}}", IsNumber: true),
            new("Họ và tên", 25, "{{thanh_vien.ten}}"),
            new("Chức vụ", 27, "{{thanh_vien.chuc_vu}}"),
            new("Tư cách", 17, "{{thanh_vien.tu_cach}}"),
            new("Dự họp", 14, "{{thanh_vien.du_hop}}"),
            new("Ngày họp", 14, "{{thanh_vien.ngay}}", IsNumber: true))
        .Heading("II. Số phiếu")
        .Table(
            new("TT", 7, "{{ket_qua.stt}}", IsNumber: true),
            new("Đơn vị", 32, "{{ket_qua.ten}}"),
            new("Lần bỏ phiếu", 9, "{{ket_qua.lan}}", IsNumber: true),
            new("Phát ra", 9, "{{ket_qua.phat_ra}}", IsNumber: true),
            new("Thu vào", 9, "{{ket_qua.thu_vao}}", IsNumber: true),
            new("Đồng ý", 9, "{{ket_qua.dong_y}}", IsNumber: true),
            new("Không đồng ý", 10, "{{ket_qua.khong_dong_y}}", IsNumber: true),
            new("Phiếu trắng", 9, "{{ket_qua.phieu_trang}}", IsNumber: true))
        .Paragraph("Ghi chú: dấu “–” là phiếu không được kiểm trên hệ thống.")
        .Heading("III. Kết quả biểu quyết {{hinh_thuc}}")
        .Table(
            new("TT", 7, "{{ket_qua.stt}}", IsNumber: true),
            new("Đơn vị", 23, "{{ket_qua.ten}}"),
            new("Cụm, khối", 22, "{{ket_qua.ten_cum}}"),
            new("Tổng số thành viên", 10, "{{ket_qua.thanh_vien}}", IsNumber: true),
            new("Không tham gia", 10, "{{ket_qua.khong_tham_gia}}", IsNumber: true),
            new("Cần đồng ý", 10, "{{ket_qua.can}}", IsNumber: true),
            new("Đồng ý", 10, "{{ket_qua.dong_y}}", IsNumber: true),
            new("Tỷ lệ", 12, "{{ket_qua.ty_le}}", IsNumber: true),
            new("Kết luận", 14, "{{ket_qua.ket_luan}}"))
        .Paragraph("Số đề nghị được biểu quyết: {{so_de_nghi}}. Thông qua: {{so_thong_qua}}. Không thông qua: {{so_khong_thong_qua}}. Tỷ lệ đồng ý tính trên tổng số thành viên Hội đồng.")
        .Heading("IV. Ghi chú")
        .Paragraph("{{ghi_chu.noi_dung}}")
        .Signatures("THƯ KÝ", "{{ten_thu_ky}}", Authority, Signer, "- {{noi_nhan.ten}};", "- Lưu: VT.");

    private static PaperLayout Summary() => Begin("BẢNG TỔNG HỢP", landscape: true, hasNumber: false)
        .Basis(Basis, "Căn cứ kết quả chấm điểm được quyết định ngày {{ngay_quyet_dinh}}; văn bản: {{van_ban_ket_qua}}.")
        .Paragraph("Bảng tiêu chí: {{ten_bang_tieu_chi}}. Tổng điểm tối đa: {{tong_diem_toi_da}}. Số đơn vị thành viên: {{so_don_vi}}. Các đơn vị xếp theo thứ hạng.")
        .Matrix()
        .Paragraph(Legend)
        .Sign();

    private static PaperLayout Flag() => Begin("TỜ TRÌNH")
        .Addressee("Kính gửi: Chủ tịch Ủy ban nhân dân tỉnh.")
        .Basis(Basis, "Căn cứ kết quả chấm điểm, xếp hạng thi đua {{ky_thi_dua}} và kết quả biểu quyết của Hội đồng Thi đua - Khen thưởng tỉnh.")
        .Submission("tặng {{hinh_thuc}} {{ky_thi_dua}} cho {{so_de_nghi}} đơn vị dẫn đầu cụm, khối thi đua được Hội đồng Thi đua - Khen thưởng tỉnh thông qua", "I. Đơn vị được đề nghị tặng", hasVotes: true)
        .Sign("- Như trên;");

    private static PaperLayout Certificates() => Begin("TỜ TRÌNH")
        .Addressee("Kính gửi: Chủ tịch Ủy ban nhân dân tỉnh.")
        .Basis(Basis, "Căn cứ kết quả chấm điểm, xếp hạng thi đua {{ky_thi_dua}} của các cụm, khối thi đua.")
        .Submission("tặng {{hinh_thuc}} {{ky_thi_dua}} cho {{so_de_nghi}} đơn vị", "I. Đơn vị được đề nghị tặng", hasVotes: false)
        .Sign("- Như trên;");

    private static PaperLayout Submission(this PaperLayout layout, string what, string heading, bool hasVotes) => layout
        .Paragraph("{{co_quan_ban_hanh}} kính trình Chủ tịch Ủy ban nhân dân tỉnh xem xét, quyết định " + what + ", trong {{so_cum}} cụm, khối thi đua với {{so_thanh_vien}} đơn vị thành viên.")
        .Heading(heading)
        .Units("de_nghi", hasVotes)
        .Heading("II. Vị trí chưa đề nghị")
        .Paragraph("Số vị trí chưa đề nghị: {{so_chua_de_nghi}}.")
        .Table(
            new("TT", 6, "{{chua_de_nghi.stt}}", IsNumber: true),
            new("Đơn vị", 24, "{{chua_de_nghi.ten}}"),
            new("Cụm, khối", 18, "{{chua_de_nghi.ten_cum}}"),
            new("Vị trí xét", 8, "{{chua_de_nghi.vi_tri}}", IsNumber: true),
            new("Tình trạng", 16, "{{chua_de_nghi.tinh_trang}}"),
            new("Lý do", 32, "{{chua_de_nghi.ly_do}}"))
        .Paragraph("{{co_quan_ban_hanh}} kính trình Chủ tịch Ủy ban nhân dân tỉnh xem xét, quyết định./.");

    private static PaperLayout Units(this PaperLayout layout, string list, bool hasVotes)
    {
        List<PaperColumn> columns =
        [
            new("TT", 6, $"{{{{{list}.stt}}}}", IsNumber: true),
            new("Đơn vị", 36, $"{{{{{list}.ten}}}}"),
            new("Cụm, khối", 24, $"{{{{{list}.ten_cum}}}}"),
            new("Tổng điểm", 12, $"{{{{{list}.tong_diem}}}}", IsNumber: true),
            new("Xếp hạng", 9, $"{{{{{list}.xep_hang}}}}", IsNumber: true),
        ];
        if (hasVotes)
        {
            columns.Add(new("Phiếu đồng ý", 14, $"{{{{{list}.phieu}}}}", IsNumber: true));
        }

        return layout.Table(columns);
    }

    private static PaperLayout GovernmentFlag() => Begin("TỜ TRÌNH")
        .Addressee("Kính gửi: Thủ tướng Chính phủ.")
        .Basis(Basis, "Căn cứ kết quả biểu quyết của Hội đồng Thi đua - Khen thưởng tỉnh đối với các đơn vị dẫn đầu cụm, khối thi đua {{ky_thi_dua}}.")
        .Paragraph("{{co_quan_ban_hanh}} kính trình Thủ tướng Chính phủ xem xét, tặng Cờ thi đua của Chính phủ {{ky_thi_dua}} cho {{so_de_nghi}} đơn vị.")
        .Heading("I. Chỉ tiêu đề nghị")
        .Paragraph("Cơ số: {{co_so}}. Cách tính: {{cach_tinh}}. Số đơn vị được phép đề nghị: {{chi_tieu}}. Số đơn vị được đề nghị: {{so_de_nghi}}, bằng {{ty_le}} cơ số.")
        .Heading("II. Đơn vị được đề nghị tặng")
        .Units("de_nghi", hasVotes: true)
        .Heading("III. Đơn vị bằng phiếu ở ranh giới chỉ tiêu, chưa đề nghị")
        .Table(
            new("TT", 6, "{{chua_xac_dinh.stt}}", IsNumber: true),
            new("Đơn vị", 30, "{{chua_xac_dinh.ten}}"),
            new("Cụm, khối", 22, "{{chua_xac_dinh.ten_cum}}"),
            new("Phiếu đồng ý", 12, "{{chua_xac_dinh.phieu}}", IsNumber: true),
            new("Lý do", 32, "{{chua_xac_dinh.ly_do}}"))
        .Paragraph("{{co_quan_ban_hanh}} kính trình Thủ tướng Chính phủ xem xét, quyết định./.")
        .Sign("- Như trên;");

    private static PaperLayout Nominees() => new PaperLayout(cellHalfPoints: SmallCells)
        .AnnexTitle(null, "DANH SÁCH", "(Kèm theo {{van_ban_chinh}})")
        .Paragraph("{{trich_yeu}}: {{so_don_vi}} đơn vị.")
        .Units("don_vi", hasVotes: true);

    private static PaperLayout Decision() => Begin("QUYẾT ĐỊNH")
        .Issuer("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH")
        .Basis(Basis, "Theo đề nghị của cơ quan thường trực Hội đồng Thi đua - Khen thưởng tỉnh.")
        .Resolution("QUYẾT ĐỊNH:")
        .Article(1, "Tặng {{hinh_thuc}} {{ky_thi_dua}} cho {{so_don_vi}} đơn vị có tên sau đây, đã có thành tích xuất sắc trong phong trào thi đua của cụm, khối thi đua:")
        .Units("don_vi", hasVotes: false)
        .Article(2, "Tiền thưởng kèm theo thực hiện theo quy định hiện hành về thi đua, khen thưởng.")
        .Article(3, "Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Nội vụ, thủ trưởng các cơ quan, đơn vị có liên quan và các đơn vị có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./.")
        .Sign("- Như Điều 3;");

    private static PaperLayout Notice() => Begin("THÔNG BÁO")
        .Addressee("Kính gửi: {{ten_don_vi}}.")
        .Basis(Basis, "Căn cứ kết quả chấm điểm thi đua {{ky_thi_dua}} của {{ten_cum}} đã được quyết định; văn bản: {{van_ban_ket_qua}}.")
        .Paragraph("{{co_quan_ban_hanh}} thông báo kết quả chấm điểm thi đua {{ky_thi_dua}} của {{ten_don_vi}} theo bảng tiêu chí “{{ten_bang_tieu_chi}}” như sau:")
        .Heading("1. Kết quả chung")
        .Paragraph("Tổng điểm đơn vị tự chấm: {{tong_tu_cham}}. Tổng điểm do {{nguoi_ra_soat}} rà soát: {{tong_cum_cham}}. Tổng điểm chính thức: **{{tong_chinh_thuc}}**. Xếp hạng: **{{xep_hang}}** trong {{so_don_vi}} đơn vị thành viên.")
        .Heading("2. Điểm từng tiêu chí")
        .Table(
            new("TT", 9, "{{diem.stt}}", IsNumber: true),
            new("Nội dung", 46, "{{diem.noi_dung}}"),
            new("Điểm chuẩn", 11, "{{diem.diem_chuan}}", IsNumber: true),
            new("Tự chấm", 11, "{{diem.tu_cham}}", IsNumber: true),
            new("Cụm, khối rà soát", 12, "{{diem.cum_cham}}", IsNumber: true),
            new("Chính thức", 11, "{{diem.chinh_thuc}}", IsNumber: true))
        .Paragraph(Legend)
        .Heading("3. Nội dung được thay đổi và lý do")
        .Table(
            new("TT", 7, "{{thay_doi.stt}}", IsNumber: true),
            new("Nội dung", 36, "{{thay_doi.noi_dung}}"),
            new("Người thay đổi", 16, "{{thay_doi.nguoi}}"),
            new("Điểm, số lần ấn định", 12, "{{thay_doi.gia_tri}}", IsNumber: true),
            new("Lý do", 29, "{{thay_doi.ly_do}}"))
        .Heading("4. Quyền giải trình")
        .Paragraph("Đơn vị không đồng ý với kết quả có quyền giải trình, kèm theo minh chứng, gửi {{co_quan_ban_hanh}} trong thời hạn giải trình của kỳ thi đua./.")
        .Sign("- Như trên;");
}
