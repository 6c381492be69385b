using ThiDua.ServiceDefaults;

namespace ThiDua.Spreadsheets;

/// <summary>Why a file is not read at all: code <c>workbook-refused</c>, and one violation that says which of the reasons it is.</summary>
public static class WorkbookRefusal
{
    public const string Code = "workbook-refused";

    public static RuleViolationException NotXlsx(string what) => Of("NOT_XLSX", $"Tệp không phải bảng tính .xlsx{what}.");

    public static RuleViolationException LegacyXls() => Of("LEGACY_XLS", "Tệp là bảng tính .xls kiểu cũ; hãy lưu lại ở dạng .xlsx.");

    public static RuleViolationException Binary() => Of("BINARY_WORKBOOK", "Tệp là bảng tính .xlsb; hãy lưu lại ở dạng .xlsx.");

    public static RuleViolationException Encrypted() => Of("ENCRYPTED_WORKBOOK", "Tệp được đặt mật khẩu mở; hãy bỏ mật khẩu rồi gửi lại.");

    public static RuleViolationException Macros() => Of("MACRO_WORKBOOK", "Tệp có chứa macro; hãy lưu lại ở dạng .xlsx không có macro.");

    public static RuleViolationException TooLarge(long bytes) => Of("WORKBOOK_TOO_LARGE", $"Tệp lớn hơn {bytes / (1 << 20)} MiB.");

    public static RuleViolationException Bomb(string what) => Of("XLSX_BOMB", $"Tệp giải nén ra quá lớn: {what}.");

    public static RuleViolationException Truncated() => Of("TRUNCATED_WORKBOOK", "Tệp bị cắt, thiếu phần cuối; hãy gửi lại tệp đầy đủ.");

    public static RuleViolationException Broken(string what) => Of("BROKEN_WORKBOOK", $"Tệp bị hỏng: {what}.");

    public static RuleViolationException Doctype(string part) => Of("DTD_FORBIDDEN", $"Phần {part} của tệp có khai báo DTD, không được chấp nhận.");

    public static RuleViolationException UnsafeName(string name) => Of("UNSAFE_ENTRY_NAME", $"Tệp nén có tên phần không an toàn: “{(name.Length > 80 ? name[..80] : name)}”.");

    public static RuleViolationException NoSheet(string what) => Of("SHEET_NOT_FOUND", $"Không tìm thấy {what} trong tệp.");

    private static RuleViolationException Of(string code, string message) => new(Code, message, [new Violation(code, string.Empty, message)]);
}
