using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace ThiDua.ServiceDefaults;

/// <summary>What the parameters of all endpoints mean: the same name means the same everywhere, or is told apart by the noun in the address.</summary>
internal static class ApiParameters
{
    public const string TagExample = "\"2f1\"";

    private static readonly Dictionary<string, string> s_meanings = new()
    {
        ["limit"] = "Số mục mỗi trang, từ 1 đến 200; mặc định 50.",
        ["cursor"] = "Giá trị next của trang trước; không có nghĩa là trang đầu.",
        ["season"] = "Mã kỳ (năm) thi đua.",
        ["unit"] = "Mã đơn vị.",
        ["criterion"] = "Mã tiêu chí trong bảng tiêu chí, ví dụ I.1.",
        ["cluster"] = "Mã cụm, khối trong kỳ thi đua.",
        ["reminders/cluster"] = "Khóa của cụm, khối.",
        ["reminders/state"] = "Trạng thái: PLANNED, SENDING, SENT, FAILED hoặc SUPERSEDED.",
        ["reminders/unit"] = "Mã đơn vị có nghĩa vụ.",
        ["reminders/id"] = "Khóa của lần đôn đốc.",
        ["contacts/id"] = "Khóa của địa chỉ liên hệ.",
        ["webhooks/id"] = "Khóa của webhook.",
        ["score-sheets/cluster"] = "Khóa của cụm, khối.",
        ["search"] = "Các từ cần tìm, không phân biệt dấu và chữ hoa (đ như d).",
        ["category"] = "Mã loại đơn vị: HC, DD, GD, DN, TW …",
        ["level"] = "Mã cấp: TW, TINH, XA …",
        ["as_of"] = "Ngày tra cứu, dạng 2025-07-01.",
        ["to"] = "Ngày cuối của thời kỳ, dạng 2025-12-31.",
        ["obligations/cluster"] = "Khóa của cụm, khối.",
        ["obligations/kind"] = "Loại nghĩa vụ.",
        ["obligations/state"] = "Tình trạng vào ngày tra cứu.",
        ["obligations/id"] = "Khóa của nghĩa vụ.",
        ["reports/kind"] = "Loại báo cáo: MIDYEAR (sơ kết) hoặc YEAREND (tổng kết).",
        ["reports/id"] = "Khóa của báo cáo.",
        ["holidays/date"] = "Ngày, dạng 2025-09-02.",
        ["state"] = "Trạng thái của phiếu chấm điểm.",
        ["index"] = "Mã chỉ số được công bố, ví dụ PAR.",
        ["subject"] = "Đối tượng bị thay đổi, dạng Loại/khóa, ví dụ Season/2025.",
        ["trace_id"] = "Mã vết của một yêu cầu (traceId của lỗi, hoặc phần giữa của traceparent).",
        ["from"] = "Ngày đầu của thời kỳ, dạng 2025-07-01.",
        ["reason"] = "Lý do, được ghi vào nhật ký.",
        ["filename"] = "Tên tệp để hiển thị, kèm phần mở rộng.",
        ["number"] = "Số, ký hiệu của văn bản.",
        ["date"] = "Ngày ban hành văn bản, dạng 2025-07-01.",
        ["sha256"] = "Mã băm SHA-256 của tệp, 64 chữ số hệ 16; tệp nhận được không đúng thì bị từ chối.",
        ["issuer"] = "Cơ quan ban hành văn bản.",
        ["failed-messages/id"] = "Khóa của thông điệp.",
        ["accounts/id"] = "Mã tài khoản.",
        ["registrations/id"] = "Khóa của bản đăng ký thi đua.",
        ["covenants/id"] = "Khóa của giao ước thi đua.",
        ["covenants/number"] = "Số của phụ lục, từ 1.",
        ["activities/id"] = "Khóa của hoạt động.",
        ["activity-types/code"] = "Mã loại hoạt động, ví dụ CHUYEN_MON.",
        ["clusters/id"] = "Khóa của cụm, khối.",
        ["cluster-proposals/id"] = "Khóa của phương án chia cụm, khối.",
        ["rankings/clusterId"] = "Khóa của cụm, khối.",
        ["criteria-tables/id"] = "Khóa của phiên bản bảng tiêu chí.",
        ["score-sheets/id"] = "Khóa của phiếu chấm điểm.",
        ["nominations/id"] = "Khóa của đề nghị khen thưởng.",
        ["exclusions/id"] = "Khóa của trường hợp chưa hoặc không đề nghị khen thưởng.",
        ["councils/code"] = "Mã Hội đồng.",
        ["council-sessions/id"] = "Khóa của phiên họp.",
        ["council-sessions/item"] = "Khóa của nội dung trong chương trình họp.",
        ["public-comments/id"] = "Khóa của lần lấy ý kiến công khai.",
        ["public-comments/comment"] = "Khóa của ý kiến.",
        ["revocations/id"] = "Khóa của đề nghị hủy bỏ quyết định khen thưởng.",
        ["papers/id"] = "Khóa của văn bản.",
        ["papers/kind"] = "Loại văn bản, ví dụ UNIT_NOTICE.",
        ["papers/state"] = "Trạng thái: DRAFT, ISSUED, SIGNED, SUPERSEDED hoặc WITHDRAWN.",
        ["paper-jobs/id"] = "Khóa của lần lập văn bản hàng loạt.",
        ["paper-letterheads/code"] = "Mã thể thức, do cơ quan đặt.",
        ["paper-templates/kind"] = "Loại văn bản, ví dụ UNIT_NOTICE.",
        ["paper-templates/version"] = "Phiên bản của mẫu; 0 là mẫu đi kèm sản phẩm.",
        ["paper-verifications/hash"] = "Mã băm ở chân trang của văn bản: 64 chữ số thập lục phân, có thể có khoảng trắng.",
        ["documents/id"] = "Khóa của minh chứng.",
        ["seasons/code"] = "Mã kỳ (năm) thi đua.",
        ["units/code"] = "Mã đơn vị.",
        ["reorganisations/id"] = "Khóa của lần tổ chức lại đơn vị.",
        ["levels/code"] = "Mã cấp.",
        ["topic"] = "Mã nội dung xác nhận, ví dụ FIRE_SAFETY.",
        ["confirmation-topics/code"] = "Mã nội dung xác nhận, ví dụ FIRE_SAFETY.",
        ["legal-instruments/code"] = "Mã văn bản trong sổ, ví dụ ND-152-2025.",
        ["citations/status"] = "VERIFIED, UNVERIFIED hoặc EXPIRED.",
        ["citations/source"] = "Nơi trích dẫn: RULE, LEVEL, UNIT_CATEGORY, SEASON_TYPE, ACTIVITY_TYPE, CRITERIA_TABLE hoặc AWARD_POLICY.",
        ["dossiers/id"] = "Khóa của hồ sơ đề nghị khen thưởng.",
        ["rules/code"] = "Mã quy tắc, ví dụ CLUSTER_SIZE.",
        ["unit-categories/code"] = "Mã loại đơn vị.",
    };

    /// <param name="operation">Its parameters that nobody has described get their description.</param>
    /// <param name="path">Of the form api/v1/noun/{id}.</param>
    public static void Describe(OpenApiOperation operation, string path)
    {
        var noun = path.Split('/').ElementAtOrDefault(2);
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Description ??= s_meanings.GetValueOrDefault($"{noun}/{parameter.Name}") ?? s_meanings.GetValueOrDefault(parameter.Name ?? "");
        }
    }

    public static void AddHeaders(OpenApiOperation operation, bool isChange, ChecksIfMatch? ifMatch, SendsETag? etag)
    {
        if (isChange)
        {
            Add(operation, UnitOfWork.KeyHeader, "Khóa do bên gọi đặt; gửi lại cùng khóa thì nhận lại đúng câu trả lời cũ, không thực hiện lần hai.", "nop-phieu-2025-SNV-1", maximum: UnitOfWork.MaximumKeyLength);
        }

        if (ifMatch is { Optional: false })
        {
            Add(operation, "If-Match", "ETag của trạng thái đã đọc. Thiếu: 428; dữ liệu đã được người khác thay đổi: 412, cần đọc lại.", TagExample, isRequired: true);
        }
        else if (ifMatch is not null)
        {
            Add(operation, "If-Match", "Tùy chọn: ETag của trạng thái đã đọc; nếu gửi mà dữ liệu đã được người khác thay đổi thì 412.", TagExample);
        }

        if (etag is { NotModified: true })
        {
            Add(operation, "If-None-Match", "ETag đã có; dữ liệu chưa thay đổi thì trả lời 304, không có nội dung.", TagExample);
        }
    }

    private static void Add(OpenApiOperation operation, string name, string description, string example, bool isRequired = false, int? maximum = null)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Required = isRequired,
            Description = description,
            Example = JsonValue.Create(example),
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = maximum },
        });
    }
}
