using Microsoft.AspNetCore.Http.HttpResults;
using ThiDua.Identity.Data;
using ThiDua.ServiceDefaults;

namespace ThiDua.Identity.Endpoints;

/// <summary>Khoá ký mã truy cập: which there are and whose turn it is; never the keys themselves.</summary>
public static class SigningKeyEndpoints
{
    public static void MapSigningKeys(this IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup("/signing-keys").WithTags("Administration").AllowRoles(Roles.Admin);

        keys.MapGet("/", List)
            .WithSummary("Các khoá ký mã truy cập, mới nhất trước")
            .WithDescription("WAITING: đã công bố, chưa ký; SIGNING: đang ký; PUBLISHED: không ký nữa nhưng còn được công bố cho những mã đã ký; RETIRED: không còn mã nào dùng.");
        keys.MapPost("/rotate", Rotate)
            .WithSummary("Đổi khoá ký, không cần khởi động lại")
            .WithDescription("""
                Khoá mới được công bố ngay và ký sau ít phút, khi mọi dịch vụ đã có nó; khoá cũ còn được công bố đến khi mã cuối cùng nó ký hết hạn. Khi một khoá đang chờ, gọi lại không tạo thêm khoá.
                at_once: khoá cũ bị lộ; khoá mới ký ngay, mọi mã và phiên đã cấp hết hiệu lực. Lỗi: MISSING_REASON, TOO_LONG.
                """);
    }

    /// <param name="Reason">Lý do, ghi vào nhật ký.</param>
    /// <param name="AtOnce">Every token and session ends now.</param>
    public sealed record RotateKeysRequest(string Reason, bool? AtOnce = null);

    public sealed record SigningKeysView(IReadOnlyList<SigningKeyTurn> Keys);

    private static async Task<Ok<SigningKeysView>> List(IdentityDbContext db, StoredKeys keys, CancellationToken ct) => TypedResults.Ok(new SigningKeysView(await keys.TurnsAsync(db, ct)));

    private static async Task<Ok<SigningKeysView>> Rotate(RotateKeysRequest body, IdentityDbContext db, StoredKeys keys, JournalContext journal, CancellationToken ct)
    {
        journal.Because(Administration.Reason(body.Reason));
        await keys.RotateAsync(db, body.AtOnce ?? false, ct);
        return TypedResults.Ok(new SigningKeysView(await keys.TurnsAsync(db, ct)));
    }
}
