using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Clusters.Data;
using ThiDua.Clusters.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Endpoints;

/// <summary>Địa chỉ liên hệ: the e-mail addresses to which reminders go.</summary>
public static class ContactEndpoints
{
    private static readonly string[] s_agency = [Roles.Admin, Roles.Appraiser];
    private static readonly string[] s_writers = [.. s_agency, Roles.UnitHead];
    private static readonly string[] s_seeAll = [.. s_agency, Roles.AppraisalHead, Roles.Auditor];
    private static readonly string[] s_readers = [.. s_seeAll, Roles.UnitClerk, Roles.UnitHead];

    public static void MapContacts(this IEndpointRouteBuilder app)
    {
        var contacts = app.MapGroup("/contacts").WithTags("Contacts");

        contacts.MapGet("/", List).AllowRoles(s_readers)
            .WithSummary("Danh sách địa chỉ liên hệ")
            .WithDescription("Đơn vị thấy địa chỉ của mình; cơ quan thường trực thấy tất cả.");
        contacts.MapGet("/{id:guid}", Get).WithETag().AllowRoles(s_readers)
            .WithSummary("Một địa chỉ liên hệ, kèm ETag");
        contacts.MapPost("/", Add).WithETag().Accepts<ContactRequest>("application/json").AllowRoles(s_writers)
            .WithSummary("Thêm một địa chỉ thư điện tử nhận thông báo đôn đốc")
            .WithDescription("Thủ trưởng đơn vị thêm cho đơn vị mình (403 not-own-unit); quản trị và chuyên viên thêm cho mọi đơn vị và cho cơ quan thường trực. Lỗi: BAD_EMAIL, UNKNOWN_UNIT; 409 already-exists.");
        contacts.MapPut("/{id:guid}", Change).WithIfMatch().WithETag().Accepts<ContactChange>("application/json").AllowRoles(s_writers)
            .WithSummary("Sửa hoặc thôi dùng một địa chỉ liên hệ")
            .WithDescription("Cần If-Match. Thư đang chờ gửi sẽ dùng các địa chỉ đang dùng khi gửi. Lỗi: BAD_EMAIL; 409 already-exists.");
    }

    public sealed record ContactRequest(ContactHolder Holder, string Name, string Email, string? Unit = null);

    public sealed record ContactChange(string Name, string Email, bool Enabled);

    /// <param name="Id">Key.</param>
    /// <param name="Holder">UNIT, AGENCY or AGENCY_HEAD.</param>
    /// <param name="Unit">Code of the unit; absent for the standing agency.</param>
    /// <param name="Name">Người hoặc bộ phận nhận.</param>
    /// <param name="Email">Địa chỉ thư điện tử.</param>
    /// <param name="Enabled">Đang dùng.</param>
    public sealed record ContactView(Guid Id, ContactHolder Holder, string? Unit, string Name, string Email, bool Enabled)
    {
        public static ContactView Of(Contact contact) => new(contact.Id, contact.Holder, contact.Unit, contact.Name, contact.Email, contact.Enabled);
    }

    private static async Task<Ok<Page<ContactView>>> List(string? unit, [AsParameters] PageQuery page, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        var contacts = Visible(db, caller).AsNoTracking();
        contacts = unit is null ? contacts : contacts.Where(contact => contact.Unit == unit);
        if (page.AfterAs<Guid>() is { } last)
        {
            contacts = contacts.Where(contact => contact.Id > last);
        }

        var found = await contacts.OrderBy(contact => contact.Id).Take(page.Size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(found.ConvertAll(ContactView.Of), page.Size, view => view.Id.ToString()));
    }

    private static async Task<Results<Ok<ContactView>, NotFound>> Get(Guid id, HttpResponse response, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        if (await Visible(db, caller).AsNoTracking().SingleOrDefaultAsync(contact => contact.Id == id, ct) is not { } contact)
        {
            return TypedResults.NotFound();
        }

        Preconditions.Set(response, contact.RowVersion);
        return TypedResults.Ok(ContactView.Of(contact));
    }

    private static async Task<Created<ContactView>> Add(StrictBody body, HttpResponse response, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        var (holder, name, email) = (body.Root.Choice<ContactHolder>("holder"), body.Root.Name("name"), EmailOf(body));
        var unit = body.Root.Text("unit", required: holder == ContactHolder.Unit);
        if (unit is not null && holder is not (null or ContactHolder.Unit))
        {
            body.Root.Refuse("UNKNOWN_PROPERTY", "Địa chỉ của cơ quan thường trực không kèm mã đơn vị.", "unit");
        }

        body.Root.RefuseUnknown();
        await body.RefuseUnknownUnitAsync(unit, db, ct);
        body.RefuseIfWrong();
        RequireOwn(caller, unit);

        var contact = Contact.Of(holder!.Value, unit, name!, email!);
        db.Add(contact);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, contact.RowVersion);
        return TypedResults.Created($"/api/v1/contacts/{contact.Id}", ContactView.Of(contact));
    }

    private static async Task<Results<Ok<ContactView>, NotFound>> Change(Guid id, StrictBody body, HttpRequest request, HttpResponse response, Caller caller, ClustersDbContext db, CancellationToken ct)
    {
        if (await Visible(db, caller).SingleOrDefaultAsync(found => found.Id == id, ct) is not { } contact)
        {
            return TypedResults.NotFound();
        }

        RequireOwn(caller, contact.Unit);
        Preconditions.Require(request, contact.RowVersion);
        var (name, email, enabled) = (body.Root.Name("name"), EmailOf(body), body.Root.Flag("enabled"));
        body.Root.RefuseUnknown();
        body.RefuseIfWrong();

        contact.Change(name!, email!, enabled!.Value);
        await db.SaveChangesAsync(ct);
        Preconditions.Set(response, contact.RowVersion);
        return TypedResults.Ok(ContactView.Of(contact));
    }

    private static string? EmailOf(StrictBody body)
    {
        var email = body.Root.Text("email");
        if (email is not null && !EmailAddress.IsValid(email))
        {
            body.Root.Refuse("BAD_EMAIL", $"Phải là một địa chỉ thư điện tử dạng ten@coquan.gov.vn, tối đa {EmailAddress.MaximumLength} ký tự.", "email");
        }

        return email;
    }

    /// <summary>A unit's head speaks for the own unit, the agency for all.</summary>
    /// <exception cref="AccessDeniedException"><c>not-own-unit</c>.</exception>
    internal static void RequireOwn(Caller caller, string? unit)
    {
        if (!caller.Is(s_agency) && !(caller.Is(Roles.UnitHead) && unit is not null && caller.BelongsTo(unit)))
        {
            throw new AccessDeniedException("not-own-unit", "Thủ trưởng chỉ quản lý phần của đơn vị mình.");
        }
    }

    /// <summary>Violation <c>UNKNOWN_UNIT</c> for a unit that does not exist.</summary>
    internal static async Task RefuseUnknownUnitAsync(this StrictBody body, string? unit, ClustersDbContext db, CancellationToken ct)
    {
        if (unit is not null && !await db.Units.AnyAsync(known => known.Code == unit, ct))
        {
            body.Root.Refuse("UNKNOWN_UNIT", $"Không có đơn vị {unit}.", "unit");
        }
    }

    private static IQueryable<Contact> Visible(ClustersDbContext db, Caller caller)
    {
        var own = caller.Unit;
        return caller.Is(s_seeAll) ? db.Contacts : db.Contacts.Where(contact => own != null && contact.Unit == own);
    }
}
