namespace ThiDua.Tests.Scoring;

/// <summary>A table with a criterion of every kind, as a form shows it.</summary>
internal static class KindTable
{
    public const string Json = """
        {"id": "KINDS", "title": "Bảng đủ loại tiêu chí", "total_max": 110, "groups": [
          {"code": "I", "title": "Nhiệm vụ chính trị", "tag": "POLITICAL_TASK", "max": 70, "criteria": [
            {"code": "I.1", "title": "Mức hoàn thành nhiệm vụ", "max": 10, "kind": "LEVEL", "value_source": "DECLARED", "evidence": "Thông báo xếp loại",
             "levels": [{"key": "XS", "label": "Xuất sắc, tiêu biểu", "points": 10}, {"key": "T", "label": "Tốt", "points": 8}, {"key": "HT", "label": "Hoàn thành", "points": 5}]},
            {"code": "I.2", "title": "Thu ngân sách so với kế hoạch", "max": 10, "kind": "PERCENT_BAND", "baseline": "PLAN", "unit_of_measure": "triệu đồng",
             "bands": [{"gte": 100, "points": 10}, {"gte": 50, "lt": 100, "points": 5}, {"lt": 50, "points": 0}]},
            {"code": "I.3", "title": "Tỷ lệ hồ sơ đúng hạn", "max": 10, "kind": "PERCENT_BAND", "baseline": "ABSOLUTE", "unit_of_measure": "%",
             "bands": [{"gte": 95, "points": 10}, {"lt": 95, "points": 0}]},
            {"code": "I.4", "title": "Nhiệm vụ được giao hoàn thành", "max": 10, "kind": "RATIO", "i": 10},
            {"code": "I.5", "title": "Mô hình mới", "max": 10, "kind": "COUNT", "per_item": 2, "cap": 10, "unit_of_measure": "mô hình"},
            {"code": "I.6", "title": "So với đơn vị dẫn đầu", "max": 10, "kind": "RELATIVE_TO_LEADER", "order": "DESC"},
            {"code": "I.7", "title": "Chỉ số cải cách hành chính", "max": 10, "kind": "RANK_IN_CLUSTER", "index": "PAR", "order": "DESC", "points_by_rank": [10, 8, 6, 4]}]},
          {"code": "II", "title": "Công tác thi đua", "tag": "EMULATION_WORK", "max": 40, "criteria": [
            {"code": "II.1", "title": "Các việc phải làm", "max": 10, "kind": "CHECKLIST",
             "items": [{"key": "KE_HOACH", "label": "Ban hành kế hoạch", "points": 4}, {"key": "SO/KET", "label": "Sơ kết", "points": 3}, {"key": "TONG_KET", "label": "Tổng kết", "points": 3}]},
            {"code": "II.2", "title": "Báo cáo đúng hạn", "max": 10, "kind": "TIMELINESS", "obligations": ["MIDYEAR", "YEAREND"],
             "scale": [{"late_wd_lte": 0, "points": 5}, {"late_wd_lte": 5, "points": 3}, {"points": 0}]},
            {"code": "II.3", "title": "Chấp hành kỷ luật", "max": 10, "kind": "DEDUCT_FROM_MAX", "floor": 0,
             "per_unit": [{"key": "KL", "label": "Vụ việc kỷ luật", "minus": 5}, {"key": "NN", "label": "Nhắc nhở", "minus": 1}]},
            {"code": "II.4", "title": "Chấm trực tiếp", "max": 10, "kind": "MANUAL"}]}],
         "bonus": {"cap": 2, "items": [{"key": "SK", "label": "Sáng kiến", "points": 1, "max_count": 3}]},
         "deductions": {"items": [{"key": "CHAM", "label": "Chậm", "minus": 1, "max_count": 3}]}}
        """;
}
