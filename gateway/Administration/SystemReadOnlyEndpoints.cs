using System.Text.Json;
using ThiDua.ServiceDefaults;

namespace ThiDua.Gateway.Administration;

/// <summary>Chế độ chỉ đọc of the whole system: every service switched, or the answer says which was not.</summary>
public static class SystemReadOnlyEndpoints
{
    public const string HttpClientName = "read-only";

    // It has nothing but administration and sign-in, which go on.
    private const string NeverReadOnly = "identity";

    private static readonly JsonSerializerOptions s_json = Json();

    public static void MapReadOnlyOfAllServices(this IEndpointRouteBuilder app)
    {
        var readOnly = app.MapGroup("/api/v1/read-only").WithTags("Administration");
        readOnly.MapGet("/", Get).AllowAnyRole().Produces<SystemReadOnlyView>()
            .WithSummary("Hệ thống có đang ở chế độ chỉ đọc không")
            .WithDescription("read_only là true khi mọi dịch vụ đều ở chế độ chỉ đọc. 503 read-only-incomplete: có dịch vụ không trả lời; errors nêu từng dịch vụ.");
        readOnly.MapPost("/", Switch).WithMetadata(new KeepsNoAnswer()).AllowRoles(Roles.Admin, Roles.AppraisalHead).Accepts<SystemSwitchRequest>("application/json").Produces<SystemReadOnlyView>()
            .WithSummary("Bật hoặc tắt chế độ chỉ đọc của toàn hệ thống")
            .WithDescription("""
                Khi bật, mọi thay đổi ở mọi dịch vụ bị từ chối với 409 read-only; đọc, đăng nhập và quản trị vẫn tiếp tục. Câu trả lời 200 nghĩa là mọi dịch vụ đã chuyển và không còn thay đổi nào được ghi nữa;
                messages_waiting: thông điệp của những thay đổi trước đó còn đang đi, sẽ đi đến nơi. 503 read-only-incomplete: errors nêu dịch vụ chưa chuyển; những dịch vụ khác đã chuyển; gửi lại để hoàn tất. Lỗi: MISSING_REASON, TOO_LONG.
                """);
    }

    /// <param name="ReadOnly">true: bật chế độ chỉ đọc.</param>
    /// <param name="Reason">Lý do; shown to whoever is refused, and in the journal of each service.</param>
    public sealed record SystemSwitchRequest(bool ReadOnly, string Reason);

    /// <param name="Service">Dịch vụ.</param>
    /// <param name="ReadOnly">Đang ở chế độ chỉ đọc.</param>
    /// <param name="MessagesWaiting">Thông điệp chưa gửi xong.</param>
    /// <param name="Since">Từ lúc nào.</param>
    /// <param name="By">Tài khoản đã bật.</param>
    /// <param name="Reason">Lý do.</param>
    public sealed record ServiceReadOnlyView(string Service, bool ReadOnly, int MessagesWaiting, DateTimeOffset? Since = null, string? By = null, string? Reason = null);

    /// <param name="ReadOnly">Mọi dịch vụ đều ở chế độ chỉ đọc.</param>
    /// <param name="Services">Từng dịch vụ.</param>
    public sealed record SystemReadOnlyView(bool ReadOnly, IReadOnlyList<ServiceReadOnlyView> Services);

    private static Task Get(HttpContext http, BackendServices backends, IHttpClientFactory clients) => AnswerAsync(http, backends, clients, null);

    // Without a reason it is refused before any service is asked: all of them would refuse it.
    private static Task Switch(SystemSwitchRequest body, HttpContext http, BackendServices backends, IHttpClientFactory clients) =>
        AnswerAsync(http, backends, clients, body with { Reason = ServiceDefaults.Administration.Reason(body.Reason) });

    private static async Task AnswerAsync(HttpContext http, BackendServices backends, IHttpClientFactory clients, SystemSwitchRequest? wanted)
    {
        var services = backends.All().Where(service => service.Name != NeverReadOnly).ToList();
        var answers = await Task.WhenAll(services.Select(service => AskAsync(http, service, clients, wanted)));
        var missing = answers.Where(answer => answer.View is null).ToList();
        if (missing.Count > 0)
        {
            http.Response.Headers.RetryAfter = "2";
            await Problems.WriteAsync(
                http, StatusCodes.Status503ServiceUnavailable, "read-only-incomplete", wanted is null ? "Có dịch vụ không trả lời." : "Có dịch vụ chưa chuyển chế độ; những dịch vụ khác đã chuyển.",
                missing.ConvertAll(answer => new Violation("NOT_SWITCHED", $"/services/{answer.Service}", answer.Problem)));
            return;
        }

        List<ServiceReadOnlyView> views = [.. answers.Select(answer => answer.View!)];
        await http.Response.WriteAsJsonAsync(new SystemReadOnlyView(views.TrueForAll(view => view.ReadOnly), views), s_json, http.RequestAborted);
    }

    // With the caller's own token: each service checks the role and writes its journal in his name. One replica speaks for all: they share a
    // database, and to switch twice is to switch once, so another is asked when one does not answer.
    private static async Task<(string Service, ServiceReadOnlyView? View, string Problem)> AskAsync(HttpContext http, Backend service, IHttpClientFactory clients, SystemSwitchRequest? wanted)
    {
        var problem = "Không có địa chỉ của dịch vụ.";
        foreach (var address in service.Addresses)
        {
            try
            {
                using var client = clients.CreateClient(HttpClientName);
                using var request = new HttpRequestMessage(wanted is null ? HttpMethod.Get : HttpMethod.Post, new Uri(address, $"api/v1/read-only/{service.Name}"));
                request.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());
                request.Content = wanted is null ? null : JsonContent.Create(wanted, options: s_json);
                using var answer = await client.SendAsync(request, http.RequestAborted);
                if (answer.IsSuccessStatusCode)
                {
                    return (service.Name, await answer.Content.ReadFromJsonAsync<ServiceReadOnlyView>(s_json, http.RequestAborted), "");
                }

                problem = $"Dịch vụ trả lời {(int)answer.StatusCode}.";
            }
            catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is OperationCanceledException && !http.RequestAborted.IsCancellationRequested))
            {
                problem = "Không kết nối được với dịch vụ.";
            }
        }

        return (service.Name, null, problem);
    }

    private static JsonSerializerOptions Json()
    {
        var options = new JsonSerializerOptions();
        ServiceDefaultsExtensions.ConfigureJson(options);
        return options;
    }
}
