using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThiDua.ServiceDefaults;

/// <summary>One change of state: who, in which role, when, from which request, what before and after, and why. Rows are only ever added.</summary>
public sealed class JournalEntry
{
    public long Id { get; private init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public required string ActorName { get; init; }

    /// <summary>Unit of the actor's account, if any.</summary>
    public string? Unit { get; init; }

    public required string[] Roles { get; init; }
    public required string Action { get; init; }
    public string? Reason { get; init; }
    public string? TraceId { get; init; }

    /// <summary>What was changed, as "Type/key", for questions about one thing.</summary>
    public required string[] Subjects { get; init; }

    /// <summary>Whom it is about, as "unit:code" and "cluster:id": by these a unit finds what concerns it.</summary>
    public string[] Scopes { get; init; } = [];

    /// <summary>JSON: for each entity its key and its values before and after.</summary>
    public required string Changes { get; init; }
}

/// <summary>Who acts in the present request or message, and why: the part of a journal row that the database cannot know.</summary>
public sealed class JournalContext(IHttpContextAccessor http)
{
    private string? _action;
    private string? _reason;

    /// <summary>The reason that the caller gave; it stands on every journal row of this request.</summary>
    public void Because(string? reason) => _reason = reason;

    /// <summary>Names the action where there is no request that names it: a message, a migration.</summary>
    public void Act(string action) => _action = action;

    internal JournalEntry Entry(string[] subjects, string[] scopes, string changes, DateTimeOffset at, string? action = null)
    {
        var caller = http.HttpContext is { } context ? Caller.Of(context.User) : new Caller("system", "Hệ thống", new HashSet<string>(), null);
        return new JournalEntry
        {
            At = at,
            Actor = caller.Subject,
            ActorName = caller.Name,
            Unit = caller.Unit,
            Roles = [.. caller.Roles.Order(StringComparer.Ordinal)],
            Action = action ?? _action ?? (http.HttpContext is { } request ? $"{request.Request.Method} {(request.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? request.Request.Path}" : "unknown"),
            Reason = _reason,
            TraceId = Activity.Current?.TraceId.ToString(),
            Subjects = subjects,
            Scopes = scopes,
            Changes = changes,
        };
    }
}

/// <summary>Writes a journal row into every transaction that changes something, so that no endpoint can forget to.</summary>
public sealed class JournalInterceptor(JournalContext journal, TimeProvider clock) : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Write(eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Write(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    private void Write(DbContext db)
    {
        var changed = db.ChangeTracker.Entries() // looks for changes first
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && entry.Metadata.FindAnnotation(Journal.LeftOut) is null)
            .ToList();
        if (changed.Count > 0)
        {
            string[] subjects = [.. changed.Select(Journal.SubjectOf).Distinct()];
            db.Add(journal.Entry(subjects, [.. changed.SelectMany(JournalScopes.Of).Distinct()], Journal.Describe(changed), clock.GetUtcNow()));
        }
    }
}

public static class Journal
{
    internal const string LeftOut = "ThiDua:NotJournalled";

    private const string Whole = "ThiDua:JournalledUnder";

    private static readonly ConcurrentDictionary<IReadOnlyEntityType, (string Property, JsonEncodedText Name)[]> s_shown = new();

    /// <summary>A change of a whole sheet is some kilobytes of JSON, compressed while the writer waits: by the cheaper of PostgreSQL's two ways.</summary>
    internal const string CompressionSql = "alter table journal alter column changes set compression lz4";

    /// <summary>Not even the service's own login can change what was written; only the server's administrator could drop the trigger.</summary>
    internal const string AppendOnlySql = """
        create or replace function journal_is_append_only() returns trigger language plpgsql as
        $$ begin raise exception 'the journal is append-only'; end $$;
        create or replace trigger journal_append_only before update or delete or truncate on journal
        for each statement execute function journal_is_append_only();
        """;

    private static readonly JsonSerializerOptions s_json = Options();

    /// <summary>Records an act that changes nothing but must be known, such as the reading of evidence.</summary>
    public static void Record(this DbContext db, JournalContext journal, TimeProvider clock, string action, params string[] subjects) =>
        db.Add(journal.Entry(subjects, [], "[]", clock.GetUtcNow(), action));

    /// <summary>The same, of what belongs to a unit.</summary>
    public static void RecordAbout(this DbContext db, JournalContext journal, TimeProvider clock, string action, string unit, string subject) =>
        db.Add(journal.Entry([subject], [JournalScopes.OfUnit(unit)], "[]", clock.GetUtcNow(), action));

    /// <summary>
    /// Records that something was done without saying by whom: no account, no role, no request, and no time finer than the day. For the
    /// casting of a secret ballot, and for nothing else. What changes with it must be <c>NotJournalled</c>, or a second row would name the caller.
    /// </summary>
    public static void RecordAnonymously(this DbContext db, TimeProvider clock, string action, params string[] subjects) =>
        db.Add(new JournalEntry
        {
            At = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero),
            Actor = "secret",
            ActorName = "(bỏ phiếu kín)",
            Roles = [],
            Action = action,
            Subjects = subjects,
            Scopes = [],
            Changes = "[]",
        });

    /// <param name="api">The service's endpoints.</param>
    /// <param name="service">Which service.</param>
    /// <param name="led">Scopes of the clusters that a unit leads or is deputy of; null: this service knows no clusters.</param>
    internal static void MapJournal<TContext>(this RouteGroupBuilder api, ServiceIdentity service, Func<TContext, string, CancellationToken, Task<List<string>>>? led)
        where TContext : DbContext
    {
        api.MapGet($"/journal/{service.Name}", Read<TContext>)
            .AllowRoles(Roles.Auditor, Roles.Appraiser, Roles.AppraisalHead, Roles.Admin, Roles.UnitClerk, Roles.UnitHead)
            .WithTags("Journal")
            .WithSummary($"Nhật ký thay đổi của dịch vụ {service.Name}")
            .WithDescription("""
                Mỗi dòng là một lần thay đổi: ai, vai trò nào, lúc nào, từ yêu cầu nào, trước và sau, lý do. Lọc theo đối tượng (subject, dạng Loại/khóa) hoặc mã vết (trace_id).
                Cơ quan thường trực và kiểm tra, giám sát xem toàn bộ; quản trị chỉ xem ai, lúc nào, việc gì; đơn vị xem việc về chính đơn vị mình,
                thủ trưởng đơn vị cụm trưởng, cụm phó xem thêm việc của cụm (không có nội dung trước, sau và lý do của việc do người khác làm).
                """)
            .WithMetadata(new LedClusters<TContext>(led));
    }

    /// <summary>The journal of one thing, newest first.</summary>
    /// <param name="db">The service's database.</param>
    /// <param name="page">Which page.</param>
    /// <param name="subject">Only rows of this thing.</param>
    /// <param name="traceId">Only rows of this request.</param>
    /// <param name="sight">What the reader may see.</param>
    /// <param name="ct">Ends the reading.</param>
    public static async Task<Page<JournalView>> PageAsync(DbContext db, PageQuery page, string? subject, string? traceId, JournalSight sight, CancellationToken ct)
    {
        var rows = sight.Filter(db.Set<JournalEntry>().AsNoTracking());
        if (subject is not null)
        {
            rows = rows.Where(entry => entry.Subjects.Contains(subject));
        }

        if (traceId is not null)
        {
            rows = rows.Where(entry => entry.TraceId == traceId);
        }

        if (page.AfterAs<long>() is { } id)
        {
            rows = rows.Where(entry => entry.Id < id);
        }

        var found = await rows.OrderByDescending(entry => entry.Id).Take(page.Size + 1).ToListAsync(ct);
        return Page.Of(found.ConvertAll(entry => JournalView.Of(entry, sight.ShowsContentOf(entry))), page.Size, view => view.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// The entity is a part of the one that this foreign key leads to, and is found under it: a row about sixty lines of a sheet names
    /// the sheet in the index, not the lines.
    /// </summary>
    public static EntityTypeBuilder<T> JournalledUnder<T>(this EntityTypeBuilder<T> entity, string foreignKey)
        where T : class => entity.HasAnnotation(Whole, foreignKey);

    internal static string SubjectOf(EntityEntry entry)
    {
        if (entry.Metadata.FindAnnotation(Whole)?.Value is string foreignKey)
        {
            var whole = entry.Metadata.FindProperty(foreignKey)!.GetContainingForeignKeys().First().PrincipalEntityType;
            return $"{whole.ShortName()}/{entry.Property(foreignKey).CurrentValue}";
        }

        // A part of an aggregate is found under the aggregate.
        var owner = entry.Metadata;
        while (owner.FindOwnership() is { } ownership)
        {
            owner = ownership.PrincipalEntityType;
        }

        var keys = entry.Metadata.IsOwned()
            ? entry.Metadata.FindOwnership()!.Properties.Select(property => entry.Property(property.Name).CurrentValue)
            : entry.Metadata.FindPrimaryKey()!.Properties.Select(property => entry.Property(property.Name).CurrentValue);
        return $"{owner.ShortName()}/{string.Join(',', keys)}";
    }

    internal static string Describe(IEnumerable<EntityEntry> changed)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = s_json.Encoder }))
        {
            writer.WriteStartArray();
            foreach (var entry in changed)
            {
                writer.WriteStartObject();
                writer.WriteString("entity", entry.Metadata.ShortName());
                writer.WriteString("key", string.Join(',', entry.Metadata.FindPrimaryKey()!.Properties.Select(property => entry.Property(property.Name).CurrentValue)));
                if (entry.State is EntityState.Modified or EntityState.Deleted)
                {
                    Values("before", property => property.OriginalValue);
                }

                if (entry.State is EntityState.Modified or EntityState.Added)
                {
                    Values("after", property => property.CurrentValue);
                }

                writer.WriteEndObject();

                void Values(string name, Func<PropertyEntry, object?> value)
                {
                    writer.WriteStartObject(name);
                    foreach (var (shown, label) in s_shown.GetOrAdd(entry.Metadata, Shown))
                    {
                        var property = entry.Property(shown);
                        if (entry.State != EntityState.Modified || property.IsModified)
                        {
                            writer.WritePropertyName(label);
                            JsonSerializer.Serialize(writer, value(property), s_json);
                        }
                    }

                    writer.WriteEndObject();
                }
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static (string Property, JsonEncodedText Name)[] Shown(IReadOnlyEntityType type) =>
        [.. type.GetProperties()
            .Where(property => !property.IsPrimaryKey() && !property.IsConcurrencyToken && property.FindAnnotation(LeftOut) is null)
            .Select(property => (property.Name, JsonEncodedText.Encode(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))))];

    private static async Task<Page<JournalView>> Read<TContext>(
        [AsParameters] PageQuery page, string? subject, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "trace_id")] string? traceId, Caller caller, TContext db, HttpContext http, CancellationToken ct)
        where TContext : DbContext
    {
        var led = http.GetEndpoint()?.Metadata.GetMetadata<LedClusters<TContext>>()?.Scopes;
        var clusters = led is not null && caller.Unit is { } unit && caller.Is(Roles.UnitHead) ? await led(db, unit, ct) : [];
        return await PageAsync(db, page, subject, traceId, JournalSight.Of(caller, clusters), ct);
    }

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions();
        ServiceDefaultsExtensions.ConfigureJson(options);
        return options;
    }
}

/// <summary>A journal row as it is shown.</summary>
/// <param name="Reason">Absent where the reader may not know it.</param>
/// <param name="Changes">Values before and after; absent where the reader sees only that something was done.</param>
public sealed record JournalView(long Id, DateTimeOffset At, string Actor, string ActorName, string? Unit, IReadOnlyList<string> Roles, string Action, string? Reason, string? TraceId, IReadOnlyList<string> Subjects, JsonElement? Changes)
{
    public static JournalView Of(JournalEntry entry, bool withContent) => new(
        entry.Id, entry.At, entry.Actor, entry.ActorName, entry.Unit, entry.Roles, entry.Action,
        withContent ? entry.Reason : null, entry.TraceId, entry.Subjects, withContent ? JsonElement.Parse(entry.Changes) : null);
}

/// <param name="Scopes">Scopes of the clusters that a unit leads or is deputy of; null: the service knows no clusters.</param>
internal sealed record LedClusters<TContext>(Func<TContext, string, CancellationToken, Task<List<string>>>? Scopes);
