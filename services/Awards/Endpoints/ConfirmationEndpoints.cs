using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ThiDua.Awards.Data;
using ThiDua.Awards.Domain;
using ThiDua.ServiceDefaults;

namespace ThiDua.Awards.Endpoints;

/// <summary>Xác nhận của các cơ quan (F-26): each agency speaks of its own topics, the standing agency of all.</summary>
public static class ConfirmationEndpoints
{
    private const int MostAtOnce = 5000;
    private static readonly string[] s_agency = [Roles.Appraiser, Roles.AppraisalHead];
    private static readonly string[] s_whole = [.. s_agency, Roles.Auditor, Roles.CouncilSecretary, Roles.CouncilMember, Roles.CouncilChair];

    public static void MapConfirmations(this RouteGroupBuilder api)
    {
        var confirmations = api.MapGroup("/confirmations").WithTags("Confirmations");
        confirmations.MapPost("/", Say)
            .AllowRoles([Roles.DataProvider, .. s_agency])
            .WithSummary("Xác nhận hoặc không xác nhận một nội dung về các đơn vị")
            .WithDescription("""
                Tất cả hoặc không mục nào. Cơ quan xác nhận chỉ ghi nội dung được phân công cho mình (403 not-own-topic); không ai xác nhận về đơn vị mình (403 own-unit).
                Mục giống hệt mục đã có thì giữ nguyên; sửa phải nêu lý do (reason), bản cũ được giữ. Không xác nhận (DENIED) không tự loại đơn vị nào.
                Lỗi: 422 errors[] MISSING_PROPERTY, OUT_OF_RANGE, UNKNOWN_KEY, DUPLICATE_CODE, MISSING_REASON; 409 not-known-yet, season-closed.
                """);
        confirmations.MapGet("/", List)
            .AllowRoles([Roles.DataProvider, .. s_whole, Roles.UnitClerk, Roles.UnitHead])
            .WithSummary("Các xác nhận của một mùa thi đua")
            .WithDescription("Cơ quan xác nhận thấy nội dung của mình; đơn vị chỉ thấy tình trạng của chính đơn vị mình, không thấy nguồn.");

        var topics = api.MapGroup("/confirmation-topics").WithTags("Confirmations");
        topics.MapGet("/", Topics)
            .AllowAnyRole()
            .WithSummary("Các nội dung phải xác nhận và cơ quan được phân công");
        topics.MapPost("/{code}/providers", Assign)
            .AllowRoles(Roles.Admin, Roles.Appraiser, Roles.AppraisalHead)
            .WithSummary("Phân công cơ quan xác nhận một nội dung")
            .WithDescription("provider là mã đơn vị của tài khoản cơ quan xác nhận. Lỗi: 404 không có nội dung này; 422 errors[] MISSING_PROPERTY, OUT_OF_RANGE, TOO_LONG, PERIODS_OVERLAP.");
    }

    private static async Task<Results<Created<TopicProviderView>, NotFound>> Assign(string code, ProviderRequest request, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        List<Violation> errors = [];
        Given.Require(errors, ("/provider", request.Provider), ("/valid_from", request.ValidFrom), ("/document", request.Document));
        if (request.ValidTo < request.ValidFrom)
        {
            errors.Add(new Violation("OUT_OF_RANGE", "/valid_to", "Ngày kết thúc trước ngày bắt đầu."));
        }

        if (request.Provider?.Length > ConfirmationTables.CodeLength)
        {
            errors.Add(new Violation("TOO_LONG", "/provider", $"Tối đa {ConfirmationTables.CodeLength} ký tự."));
        }

        RuleViolationException.ThrowIfAny(errors);
        if (!await db.Topics.AnyAsync(topic => topic.Code == code, ct))
        {
            return TypedResults.NotFound();
        }

        var (from, to) = (request.ValidFrom!.Value, request.ValidTo ?? DateOnly.MaxValue);
        if (await db.TopicProviders.AnyAsync(known => known.Topic == code && known.Provider == request.Provider && known.ValidFrom <= to && (known.ValidTo == null || known.ValidTo >= from), ct))
        {
            RuleViolationException.ThrowIfAny([new Violation("PERIODS_OVERLAP", "/valid_from", "Cơ quan này đã được phân công nội dung này trong thời gian đó.")]);
        }

        var provider = new TopicProvider
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Topic = code,
            Provider = request.Provider!,
            ValidFrom = from,
            ValidTo = request.ValidTo,
            Document = request.Document!,
            AssignedBy = caller.Subject,
            AssignedAt = clock.GetUtcNow(),
        };
        db.Add(provider);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/confirmation-topics", TopicProviderView.Of(provider));
    }

    private static async Task<Page<TopicView>> Topics([AsParameters] PageQuery page, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var today = clock.Today();
        var topics = db.Topics.AsNoTracking().Where(topic => topic.ValidFrom <= today && (topic.ValidTo == null || topic.ValidTo >= today));
        if (page.After is { } after)
        {
            topics = topics.Where(topic => topic.Code.CompareTo(after) > 0);
        }

        var found = await topics.OrderBy(topic => topic.Code).Take(page.Size + 1).ToListAsync(ct);
        var codes = found.ConvertAll(topic => topic.Code);
        var providers = (await db.TopicProviders.AsNoTracking().Where(provider => codes.Contains(provider.Topic)).OrderBy(provider => provider.ValidFrom).ThenBy(provider => provider.Id).ToListAsync(ct))
            .ToLookup(provider => provider.Topic);
        return Page.Of(found.ConvertAll(topic => TopicView.Of(topic, providers[topic.Code])), page.Size, view => view.Code);
    }

    private static async Task<Ok<SaidConfirmations>> Say(ConfirmationsRequest request, Caller caller, AwardsDbContext db, JournalContext journal, TimeProvider clock, CancellationToken ct)
    {
        var items = Check(request);
        journal.Because(request.Reason);
        var season = await db.OpenSeasonAsync(request.Season!, ct);
        var known = await db.Topics.AsNoTracking().ToListAsync(ct);
        var today = clock.Today();
        List<Violation> errors = [.. items.Select((item, index) => (item, index)).Where(pair => !known.Exists(topic => topic.Code == pair.item.Topic && topic.Holds(today)))
            .Select(pair => new Violation("UNKNOWN_KEY", $"/confirmations/{pair.index}/topic", $"Không có nội dung xác nhận “{pair.item.Topic}”."))];
        RuleViolationException.ThrowIfAny(errors);
        await RequireOwnTopicsAsync(items, caller, db, today, ct);
        var units = items.Select(item => item.Unit!).Distinct().ToList();
        var registered = await db.Units.AsNoTracking().Where(unit => units.Contains(unit.Code)).Select(unit => unit.Code).ToListAsync(ct);
        if (units.Except(registered).ToList() is { Count: > 0 } unknown)
        {
            throw new NotKnownYetException($"Dịch vụ khen thưởng chưa nhận được thông tin về đơn vị {string.Join(", ", unknown.Take(20))}.");
        }

        var current = await db.Confirmations.Where(said => said.Season == season.Code && said.IsCurrent && units.Contains(said.Unit)).ToDictionaryAsync(said => (said.Unit, said.Topic), ct);
        List<Confirmation> all = [];
        var unchanged = 0;
        for (var index = 0; index < items.Count; index++)
        {
            var item = items[index];
            var before = current.GetValueOrDefault((item.Unit!, item.Topic!));
            if (before is not null && before.Says(item.Status!.Value, item.Document!, item.Note))
            {
                all.Add(before);
                unchanged++;
                continue;
            }

            if (before is not null && string.IsNullOrWhiteSpace(request.Reason))
            {
                errors.Add(new Violation("MISSING_REASON", $"/confirmations/{index}", $"Nội dung {item.Topic} về {item.Unit} đã được xác nhận khác; sửa phải nêu lý do."));
                continue;
            }

            all.Add(item.By(caller, season.Code, 1 + (before?.Version ?? 0), clock.GetUtcNow()));
            before?.IsCurrent = false;
        }

        RuleViolationException.ThrowIfAny(errors);
        await db.SaveChangesAsync(ct); // what is replaced makes room first
        db.AddRange(all.Where(said => db.Entry(said).State == EntityState.Detached));
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new SaidConfirmations(all.Count - unchanged, unchanged, all.ConvertAll(said => ConfirmationView.Of(said, withSource: true))));
    }

    private static async Task<Page<ConfirmationView>> List(string season, string? unit, string? topic, [AsParameters] PageQuery page, Caller caller, AwardsDbContext db, TimeProvider clock, CancellationToken ct)
    {
        var said = db.Confirmations.AsNoTracking().Where(row => row.Season == season && row.IsCurrent);
        var withSource = true;
        if (!caller.Is(s_whole))
        {
            if (caller.Is(Roles.DataProvider))
            {
                var own = await OwnTopicsAsync(caller, db, clock.Today(), ct);
                said = said.Where(row => own.Contains(row.Topic));
            }
            else
            {
                said = said.Where(row => row.Unit == caller.Unit); // an account without a unit sees nothing
                withSource = false;
            }
        }

        said = unit is null ? said : said.Where(row => row.Unit == unit);
        said = topic is null ? said : said.Where(row => row.Topic == topic);
        if (page.AfterAs<Guid>() is { } id)
        {
            said = said.Where(row => row.Id.CompareTo(id) > 0);
        }

        var found = await said.OrderBy(row => row.Id).Take(page.Size + 1).ToListAsync(ct);
        return Page.Of(found.ConvertAll(row => ConfirmationView.Of(row, withSource)), page.Size, view => view.Id.ToString());
    }

    /// <summary>Who provides speaks of the own topics only, and nobody of the own unit.</summary>
    private static async Task RequireOwnTopicsAsync(IReadOnlyList<ConfirmationRequest> items, Caller caller, AwardsDbContext db, DateOnly today, CancellationToken ct)
    {
        if (items.Any(item => caller.BelongsTo(item.Unit!)))
        {
            throw new AccessDeniedException("own-unit", "Không ai được xác nhận về chính đơn vị mình.");
        }

        if (!caller.Is(s_agency))
        {
            var own = await OwnTopicsAsync(caller, db, today, ct);
            if (items.FirstOrDefault(item => !own.Contains(item.Topic!)) is { } foreign)
            {
                throw new AccessDeniedException("not-own-topic", $"Cơ quan của tài khoản không được phân công xác nhận nội dung {foreign.Topic}.");
            }
        }
    }

    private static async Task<List<string>> OwnTopicsAsync(Caller caller, AwardsDbContext db, DateOnly today, CancellationToken ct) => caller.Unit is not { } provider
        ? []
        : await db.TopicProviders.AsNoTracking()
            .Where(assigned => assigned.Provider == provider && assigned.ValidFrom <= today && (assigned.ValidTo == null || assigned.ValidTo >= today))
            .Select(assigned => assigned.Topic).Distinct().ToListAsync(ct);

    private static IReadOnlyList<ConfirmationRequest> Check(ConfirmationsRequest request)
    {
        List<Violation> errors = [];
        Given.Require(errors, ("/season", request.Season), ("/confirmations", request.Confirmations));
        var items = request.Confirmations ?? [];
        if (items.Count > MostAtOnce)
        {
            errors.Add(new Violation("OUT_OF_RANGE", "/confirmations", $"Tối đa {MostAtOnce} mục một lần."));
        }

        HashSet<(string?, string?)> seen = [];
        for (var index = 0; index < items.Count; index++)
        {
            var (item, path) = (items[index], $"/confirmations/{index}");
            Given.Require(errors, ($"{path}/unit", item?.Unit), ($"{path}/topic", item?.Topic), ($"{path}/status", item?.Status), ($"{path}/document", item?.Document));
            if (!seen.Add((item?.Unit, item?.Topic)))
            {
                errors.Add(new Violation("DUPLICATE_CODE", path, "Một nội dung về một đơn vị được nêu hai lần."));
            }
        }

        RuleViolationException.ThrowIfAny(errors);
        return items;
    }
}

/// <param name="Season">Code of the season.</param>
/// <param name="Confirmations">One for each unit and topic.</param>
/// <param name="Reason">Mandatory when one corrects what was said before.</param>
public sealed record ConfirmationsRequest(string? Season, IReadOnlyList<ConfirmationRequest>? Confirmations, string? Reason);

/// <param name="Unit">Code of the unit spoken of.</param>
/// <param name="Topic">Code of the topic.</param>
/// <param name="Status">CONFIRMED, DENIED or NOTHING_TO_REPORT.</param>
/// <param name="Document">The paper that says so.</param>
/// <param name="Note">What the paper says, in short.</param>
public sealed record ConfirmationRequest(string? Unit, string? Topic, ConfirmationStatus? Status, string? Document, string? Note)
{
    internal Confirmation By(Caller caller, string season, int version, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        Season = season,
        Unit = Unit!,
        Topic = Topic!,
        Status = Status!.Value,
        Document = Document!,
        Note = Note,
        Provider = caller.Unit,
        Version = version,
        By = caller.Subject,
        ByName = caller.Name,
        At = at,
    };
}

/// <param name="Said">New ones and corrections.</param>
/// <param name="Unchanged">Those that were there already.</param>
/// <param name="Confirmations">All of the request, in its order.</param>
public sealed record SaidConfirmations(int Said, int Unchanged, IReadOnlyList<ConfirmationView> Confirmations);

/// <summary>Xác nhận as a reader may see it: a unit learns the status, not the source.</summary>
public sealed record ConfirmationView(
    Guid Id, string Season, string Unit, string Topic, ConfirmationStatus Status, string? Document, string? Note, string? Provider, int Version, string? ByName, DateTimeOffset At)
{
    internal static ConfirmationView Of(Confirmation said, bool withSource) => new(
        said.Id, said.Season, said.Unit, said.Topic, said.Status, withSource ? said.Document : null, withSource ? said.Note : null,
        withSource ? said.Provider : null, said.Version, withSource ? said.ByName : null, said.At);
}

/// <param name="Provider">Code of the unit that the provider's account belongs to.</param>
/// <param name="ValidFrom">First day.</param>
/// <param name="ValidTo">Last day; left out is open.</param>
/// <param name="Document">The document that assigns it.</param>
public sealed record ProviderRequest(string? Provider, DateOnly? ValidFrom, DateOnly? ValidTo, string? Document);

/// <summary>Phân công xác nhận.</summary>
public sealed record TopicProviderView(Guid Id, string Topic, string Provider, DateOnly ValidFrom, DateOnly? ValidTo, string Document, DateTimeOffset AssignedAt)
{
    internal static TopicProviderView Of(TopicProvider provider) =>
        new(provider.Id, provider.Topic, provider.Provider, provider.ValidFrom, provider.ValidTo, provider.Document, provider.AssignedAt);
}

/// <summary>Nội dung xác nhận với các cơ quan được phân công.</summary>
public sealed record TopicView(string Code, string Label, string Agency, string Basis, DateOnly ValidFrom, DateOnly? ValidTo, IReadOnlyList<TopicProviderView> Providers)
{
    internal static TopicView Of(ConfirmationTopic topic, IEnumerable<TopicProvider> providers) =>
        new(topic.Code, topic.Label, topic.Agency, topic.Basis, topic.ValidFrom, topic.ValidTo, [.. providers.Select(TopicProviderView.Of)]);
}
