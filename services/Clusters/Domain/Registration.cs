using ThiDua.ServiceDefaults;

namespace ThiDua.Clusters.Domain;

/// <summary>Trạng thái của bản đăng ký.</summary>
public enum RegistrationState
{
    /// <summary>Dự thảo: seen by the own unit only.</summary>
    Draft,

    /// <summary>Đã đăng ký.</summary>
    Submitted,

    /// <summary>Đã thay: a later version took its place.</summary>
    Replaced,
}

/// <summary>Chỉ tiêu đăng ký.</summary>
/// <param name="Code">Mã, unique in the registration.</param>
/// <param name="Text">Nội dung.</param>
/// <param name="PlannedValue">Giá trị kế hoạch, in <paramref name="UnitOfMeasure"/>.</param>
/// <param name="UnitOfMeasure">Đơn vị tính.</param>
/// <param name="Criterion">Mã tiêu chí that the target stands for; null when it stands for none.</param>
public sealed record RegisteredTarget(string Code, string Text, decimal PlannedValue, string UnitOfMeasure, string? Criterion);

/// <summary>Danh hiệu, hình thức khen thưởng đăng ký phấn đấu.</summary>
/// <param name="Code">Mã, unique in the registration.</param>
/// <param name="Text">Tên.</param>
public sealed record RegisteredTitle(string Code, string Text);

/// <summary>
/// Đăng ký thi đua (C.1): what a member aims at in a season. Once it is submitted it stays as it is; who changes the mind registers a
/// further version, with the reason.
/// </summary>
public sealed class Registration
{
    private Registration() { }

    public Guid Id { get; private init; }

    /// <summary>Code of the season.</summary>
    public string Season { get; private init; } = "";

    /// <summary>Code of the unit.</summary>
    public string Unit { get; private init; } = "";

    /// <summary>1 is the first version, what follows took the place of the one before.</summary>
    public int Number { get; private init; }

    public RegistrationState State { get; private set; }

    public IReadOnlyList<RegisteredTarget> Targets { get; private set; } = [];

    public IReadOnlyList<RegisteredTitle> Titles { get; private set; } = [];

    /// <summary>Lý do thay đổi; null for the first version.</summary>
    public string? Reason { get; private set; }

    public string? SubmittedBy { get; private set; }

    public DateTimeOffset? SubmittedAt { get; private set; }

    public uint RowVersion { get; private set; }

    /// <param name="season">Its season.</param>
    /// <param name="unit">The unit that registers.</param>
    /// <param name="last">Its last version, if there is one.</param>
    /// <param name="plan">What it aims at.</param>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>, <c>registration-drafted</c>, or <c>MISSING_REASON</c> among its errors.</exception>
    public static Registration Draft(Season season, string unit, Registration? last, RegistrationPlan plan)
    {
        season.RequirePledging();
        if (last is { State: RegistrationState.Draft })
        {
            throw new RuleViolationException("registration-drafted", $"Đơn vị {unit} đang có một bản đăng ký dự thảo; hãy sửa hoặc nộp bản đó.");
        }

        var registration = new Registration { Id = Guid.CreateVersion7(), Season = season.Code, Unit = unit, Number = (last?.Number ?? 0) + 1 };
        registration.Take(plan);
        return registration;
    }

    /// <exception cref="RuleViolationException"><c>wrong-phase</c>, <c>registration-submitted</c>, or <c>MISSING_REASON</c> among its errors.</exception>
    public void Redraft(Season season, RegistrationPlan plan)
    {
        season.RequirePledging();
        RequireDraft();
        Take(plan);
    }

    /// <summary>Submits it; the version before it is replaced.</summary>
    /// <exception cref="RuleViolationException"><c>wrong-phase</c>, <c>registration-submitted</c>, or <c>MISSING_PROPERTY</c> among its errors.</exception>
    public void Submit(Season season, Registration? before, string by, DateTimeOffset now)
    {
        season.RequirePledging();
        RequireDraft();
        if (Targets.Count == 0)
        {
            RuleViolationException.ThrowIfAny([new Violation("MISSING_PROPERTY", "/targets", "Bản đăng ký phải có ít nhất một chỉ tiêu.")]);
        }

        (State, SubmittedBy, SubmittedAt) = (RegistrationState.Submitted, by, now);
        if (before is { State: RegistrationState.Submitted })
        {
            before.State = RegistrationState.Replaced;
        }
    }

    private void Take(RegistrationPlan plan)
    {
        if (Number > 1 && string.IsNullOrWhiteSpace(plan.Reason))
        {
            RuleViolationException.ThrowIfAny([new Violation("MISSING_REASON", "/reason", "Thay đổi bản đã đăng ký phải nêu lý do.")]);
        }

        (Targets, Titles, Reason) = (plan.Targets, plan.Titles, plan.Reason);
    }

    private void RequireDraft()
    {
        if (State != RegistrationState.Draft)
        {
            throw new RuleViolationException("registration-submitted", $"Bản đăng ký của đơn vị {Unit} đã được nộp, không sửa được; thay đổi là một bản mới kèm lý do.");
        }
    }
}

/// <summary>Nội dung đăng ký: what somebody asks a registration to say.</summary>
public sealed record RegistrationPlan(IReadOnlyList<RegisteredTarget> Targets, IReadOnlyList<RegisteredTitle> Titles, string? Reason);
