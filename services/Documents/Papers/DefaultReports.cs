namespace ThiDua.Documents.Papers;

/// <summary>The product's templates of the two reports of a cluster.</summary>
internal static class DefaultReports
{
    public static PaperLayout Midyear() => Activities(isYearend: false)
        .Paragraph("Trên đây là báo cáo sơ kết công tác thi đua 6 tháng đầu {{ky_thi_dua}} của {{ten_cum}}./.")
        .Sign();

    public static PaperLayout Yearend() => Activities(isYearend: true)
        .Heading("IV. Kết quả chấm điểm và xếp hạng")
        .Results()
        .Heading("V. Đề nghị khen thưởng")
        .Nominations()
        .Paragraph("Trên đây là báo cáo tổng kết công tác thi đua {{ky_thi_dua}} của {{ten_cum}}./.")
        .Sign();

    private static PaperLayout Activities(bool isYearend)
    {
        List<PaperColumn> units =
        [
            new("TT", 7, "{{don_vi.stt}}", IsNumber: true),
            new("Đơn vị", 37, "{{don_vi.ten}}"),
            new("Đã dự trên số được triệu tập", 18, "{{don_vi.tham_du}}", IsNumber: true),
            new("Báo cáo sơ kết", 19, "{{don_vi.so_ket}}", IsNumber: true),
        ];
        if (isYearend)
        {
            units.Add(new("Báo cáo tổng kết", 19, "{{don_vi.tong_ket}}", IsNumber: true));
        }

        return DefaultTemplates.Begin("BÁO CÁO")
            .Paragraph("{{ten_cum}} có {{so_thanh_vien}} đơn vị thành viên; {{chuc_danh_truong}}: {{cum_truong}}; {{chuc_danh_pho}}: {{cum_pho}}. Số đơn vị đã đăng ký thi đua trên hệ thống: {{so_dang_ky}}.")
            .Heading("I. Giao ước thi đua")
            .Table(new("Điều khoản", 18, "{{giao_uoc.so}}", IsNumber: true), new("Nội dung", 82, "{{giao_uoc.noi_dung}}"))
            .Heading("II. Hoạt động của cụm, khối")
            .Paragraph("Tính đến {{den_ngay}} đã tổ chức {{so_hoat_dong}} hoạt động, hội nghị:")
            .Table(
                new("TT", 6, "{{hoat_dong.stt}}", IsNumber: true),
                new("Ngày", 13, "{{hoat_dong.ngay}}", IsNumber: true),
                new("Hoạt động, hội nghị", 25, "{{hoat_dong.ten}}"),
                new("Đơn vị đăng cai", 20, "{{hoat_dong.don_vi_dang_cai}}"),
                new("Có mặt", 8, "{{hoat_dong.co_mat}}", IsNumber: true),
                new("Vắng mặt", 8, "{{hoat_dong.vang}}", IsNumber: true),
                new("Kết quả", 24, "{{hoat_dong.ket_qua}}"))
            .Paragraph("Hoạt động, hội nghị chưa tổ chức hoặc đã hủy:")
            .Table(
                new("TT", 7, "{{chua_to_chuc.stt}}", IsNumber: true),
                new("Ngày dự kiến", 16, "{{chua_to_chuc.ngay}}", IsNumber: true),
                new("Hoạt động, hội nghị", 37, "{{chua_to_chuc.ten}}"),
                new("Đơn vị đăng cai", 26, "{{chua_to_chuc.don_vi_dang_cai}}"),
                new("Tình trạng", 14, "{{chua_to_chuc.tinh_trang}}"))
            .Heading("III. Tham dự hoạt động và chấp hành chế độ báo cáo")
            .Table(units);
    }
}
