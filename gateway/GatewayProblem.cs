using Problems = ThiDua.ServiceDefaults.Problems;

namespace ThiDua.Gateway;

/// <summary>The errors that the gateway itself answers with: form and codes of every service, and what the caller can do.</summary>
public static class GatewayProblem
{
    private static readonly Dictionary<int, string> s_details = new()
    {
        [StatusCodes.Status400BadRequest] = "Cổng không đọc được yêu cầu này.",
        [StatusCodes.Status401Unauthorized] = "Cần mã truy cập (access token) còn hiệu lực trong tiêu đề Authorization: Bearer.",
        [StatusCodes.Status403Forbidden] = "Tài khoản này không có quyền thực hiện yêu cầu.",
        [StatusCodes.Status404NotFound] = "Không có địa chỉ này; danh sách địa chỉ ở /openapi/v1.json.",
        [StatusCodes.Status405MethodNotAllowed] = "Địa chỉ này không nhận phương thức đã dùng; xem tiêu đề Allow.",
        [StatusCodes.Status408RequestTimeout] = "Nội dung được gửi quá chậm nên đã bị dừng.",
        [StatusCodes.Status413PayloadTooLarge] = "Nội dung gửi lên vượt quá giới hạn của địa chỉ này.",
        [StatusCodes.Status429TooManyRequests] = "Đã vượt giới hạn số yêu cầu; hãy gửi lại sau số giây ghi ở tiêu đề Retry-After.",
        [StatusCodes.Status502BadGateway] = "Dịch vụ phía sau cổng không kết nối được hoặc ngắt giữa chừng; yêu cầu có thể đã hoặc chưa được thực hiện.",
        [StatusCodes.Status503ServiceUnavailable] = "Dịch vụ cần cho yêu cầu này chưa sẵn sàng; hãy thử lại sau.",
        [StatusCodes.Status504GatewayTimeout] = "Dịch vụ phía sau cổng không trả lời trong thời gian cho phép; yêu cầu có thể đã hoặc chưa được thực hiện.",
    };

    /// <summary>Writes the problem of a status. Headers set before (WWW-Authenticate, Allow, RateLimit) stay.</summary>
    public static Task WriteAsync(HttpContext context, int status, string? detail = null)
    {
        var response = context.Response;
        response.ContentLength = null;
        if (status is StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable && response.Headers.RetryAfter.Count == 0)
        {
            response.Headers.RetryAfter = "1";
        }

        return Problems.WriteAsync(context, status, detail: detail ?? s_details.GetValueOrDefault(status));
    }
}
