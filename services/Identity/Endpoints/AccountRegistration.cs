using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ThiDua.Identity.Data;
using ThiDua.Identity.Domain;
using ThiDua.ServiceDefaults;
using OpenIddictClient = OpenIddict.EntityFrameworkCore.Models.OpenIddictEntityFrameworkCoreApplication;

namespace ThiDua.Identity.Endpoints;

/// <summary>A body read as it came, so that everything wrong with it can be named at once.</summary>
public sealed record SubmittedAccounts(JsonElement Json)
{
    /// <summary>Bound by the framework into endpoints that take such a body.</summary>
    public static async ValueTask<SubmittedAccounts> BindAsync(HttpContext context) => context.Request.HasJsonContentType()
        ? new(await context.Request.ReadFromJsonAsync<JsonElement>(context.RequestAborted))
        : throw new BadHttpRequestException("The body is not JSON.", StatusCodes.Status415UnsupportedMediaType);
}

/// <summary>Registers many accounts at once, all or none: reads and checks every entry, hashes on all cores, writes in one go.</summary>
public sealed class AccountRegistration(IdentityDbContext db, ClientManager clients, IPasswordHasher<Account> hasher, TimeProvider clock)
{
    private const int Most = 5000;
    private const int RegistrationLock = 1;
    private const int LongestName = 200;
    private const int LongestUnit = 64;

    private sealed record Entry(string Path, string Id, AccountKind Kind, string Name, string? Secret, IReadOnlyList<string> Roles, string? Unit, bool? Disabled);

    private sealed class Change(Entry entry, Account account, OpenIddictClient? client, bool isNew)
    {
        public Entry Entry => entry;
        public Account Account => account;
        public OpenIddictClient? Client => client;
        public bool IsNew => isNew;
        public string? NewHash { get; set; }
    }

    public async Task<AccountEndpoints.RegisteredView> RegisterAsync(JsonElement body, CancellationToken ct)
    {
        var errors = new List<Violation>();
        var entries = Read(new StrictJson(body, "", errors), errors);
        RuleViolationException.ThrowIfAny(errors);

        // Two registrations of one account at once would both find it absent.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({RegistrationLock})", ct);
        var changes = await MatchAsync(entries, errors, ct);
        RuleViolationException.ThrowIfAny(errors);

        await Parallel.ForEachAsync(changes, ct, HashSecretAsync);

        var (created, changed) = (0, 0);
        foreach (var change in changes)
        {
            var isChanged = Apply(change);
            created += change.IsNew ? 1 : 0;
            changed += !change.IsNew && isChanged ? 1 : 0;
        }

        await db.SaveChangesAsync(ct);
        return new(created, changed, changes.Count - created - changed);
    }

    private static List<Entry> Read(StrictJson body, List<Violation> errors)
    {
        var entries = new List<Entry>();
        if (!body.ExpectObject())
        {
            return entries;
        }

        var list = body.List("accounts");
        body.RefuseUnknown();
        if (list.Count > Most)
        {
            body.Refuse("TOO_MANY", $"Tối đa {Most} tài khoản mỗi lần.", "accounts");
            return entries;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list)
        {
            if (item.ExpectObject() && ReadOne(item) is { } entry)
            {
                entries.Add(entry);
                if (!seen.Add(entry.Id))
                {
                    errors.Add(new("DUPLICATE_CODE", item.PathOf("id"), $"Tài khoản “{entry.Id}” có hai lần trong danh sách."));
                }
            }
        }

        return entries;
    }

    private static Entry? ReadOne(StrictJson item)
    {
        var id = item.Text("id");
        var kind = item.Choice<AccountKind>("kind");
        var name = item.Text("name");
        var secret = item.Member("secret", required: false);
        var roles = item.List("roles").Select(role => (Role: role.AsText(), At: role)).ToList();
        var unit = item.Text("unit", required: false);
        var disabled = item.Flag("disabled", required: false);
        item.RefuseUnknown();

        var known = new List<string>();
        foreach (var (role, at) in roles)
        {
            if (role is not null && Roles.All.Contains(role))
            {
                known.Add(role);
            }
            else if (role is not null)
            {
                at.Refuse("UNKNOWN_ROLE", $"Không có vai trò “{role}”. Các vai trò: {string.Join(", ", Roles.All)}.");
            }
        }

        if (AccountRules.AdministersAndScores(known))
        {
            item.Refuse("ADMIN_WITH_SCORING_ROLE", "Người quản trị hệ thống không được có vai trò chấm điểm, thẩm định hoặc Hội đồng.", "roles");
        }

        if (AccountRules.NeedsUnit(known) && unit is null)
        {
            item.Refuse("MISSING_PROPERTY", "Vai trò của đơn vị cần mã đơn vị.", "unit");
        }

        if (name is { Length: 0 or > LongestName })
        {
            item.Refuse(name.Length == 0 ? "MISSING_PROPERTY" : "TOO_LONG", $"Tên có từ 1 đến {LongestName} ký tự.", "name");
        }

        if (unit is { Length: 0 or > LongestUnit })
        {
            item.Refuse(unit.Length == 0 ? "MISSING_PROPERTY" : "TOO_LONG", $"Mã đơn vị có từ 1 đến {LongestUnit} ký tự.", "unit");
        }

        if (id is SeedData.AdminId or SeedData.PortalId or SeedData.OperationsId)
        {
            item.Refuse("RESERVED_ID", $"Mã “{id}” dành cho hệ thống.", "id");
        }
        else if (id is not null && kind is not null && !AccountRules.IsWellFormedId(id, kind.Value))
        {
            item.Refuse("INVALID_ID", "Mã tài khoản có 1 đến 64 ký tự: chữ không dấu (chữ thường đối với người), số, dấu chấm, gạch ngang, gạch dưới, @.", "id");
        }

        // Not through Text: a secret's own spaces are part of it.
        var secretText = secret?.Element.ValueKind == JsonValueKind.String ? secret.Element.GetString()!.Normalize(NormalizationForm.FormC) : null;
        if (secret is not null && secretText is null)
        {
            secret.Refuse("WRONG_TYPE", "Phải là chuỗi ký tự.");
        }
        else if (secretText is not null && kind is not null && !AccountRules.IsStrong(secretText, kind.Value))
        {
            secret!.Refuse("WEAK_SECRET", kind == AccountKind.Client
                ? "Khoá bí mật phải ngẫu nhiên và có ít nhất 20 ký tự."
                : "Mật khẩu có ít nhất 8 ký tự gồm chữ thường, chữ hoa, chữ số và ký tự khác, hoặc ít nhất 16 ký tự.");
        }

        return id is null || kind is null || name is null ? null : new(item.Path, id, kind.Value, name, secretText, known, unit, disabled);
    }

    private async Task<List<Change>> MatchAsync(List<Entry> entries, List<Violation> errors, CancellationToken ct)
    {
        var ids = entries.ConvertAll(entry => entry.Id);
        var accounts = await db.Accounts.Where(account => ids.Contains(account.Id)).ToDictionaryAsync(account => account.Id, ct);
        var applications = await db.Clients.Where(client => ids.Contains(client.ClientId!)).ToDictionaryAsync(client => client.ClientId!, ct);
        var now = clock.GetUtcNow();

        var changes = new List<Change>(entries.Count);
        foreach (var entry in entries)
        {
            var isNew = !accounts.TryGetValue(entry.Id, out var account);
            account ??= Account.Open(entry.Id, entry.Kind, now);
            if (account.Kind != entry.Kind)
            {
                errors.Add(new("KIND_CHANGED", $"{entry.Path}/kind", "Loại của một tài khoản không đổi được."));
            }

            if (isNew && entry.Secret is null)
            {
                errors.Add(new("MISSING_PROPERTY", $"{entry.Path}/secret", "Tài khoản mới cần mật khẩu hoặc khoá bí mật."));
            }

            var client = entry.Kind == AccountKind.Client ? applications.GetValueOrDefault(entry.Id) ?? ClientManager.ForSystem(entry.Id) : null;
            changes.Add(new(entry, account, client, isNew));
        }

        return changes;
    }

    // Checking whether the secret is the same costs as much as hashing it, but leaves row, sessions and journal as they are.
    private async ValueTask HashSecretAsync(Change change, CancellationToken ct)
    {
        if (change.Entry.Secret is not { } secret)
        {
            return;
        }

        if (change.Client is { } client)
        {
            if (client.ClientSecret is null || !await clients.MatchesAsync(secret, client.ClientSecret, ct))
            {
                change.NewHash = await clients.HashAsync(secret, ct);
            }
        }
        else if (change.Account.PasswordHash is not { } hash || hasher.VerifyHashedPassword(change.Account, hash, secret) == PasswordVerificationResult.Failed)
        {
            change.NewHash = hasher.HashPassword(change.Account, secret);
        }
    }

    private bool Apply(Change change)
    {
        var (entry, account) = (change.Entry, change.Account);
        var isChanged = account.Describe(entry.Name, entry.Roles, entry.Unit);
        isChanged |= entry.Disabled is { } disabled && account.Disable(disabled, clock.GetUtcNow());
        if (change.NewHash is { } hash)
        {
            isChanged = true;
            account.SetSecret(change.Client is null ? hash : null, clock.GetUtcNow());
            if (change.Client is { } client)
            {
                client.ClientSecret = hash;
            }
        }

        if (change.IsNew)
        {
            db.Add(account);
            if (change.Client is not null)
            {
                db.Add(change.Client);
            }
        }

        return isChanged;
    }
}
