namespace ThiDua.Awards.Domain;

/// <summary>Nội dung xác nhận (F-26): what an agency outside the cluster is asked about every unit; dated, with the text that it rests on.</summary>
public sealed class ConfirmationTopic
{
    /// <summary>UPPER_SNAKE, never used for anything else later.</summary>
    public required string Code { get; init; }

    /// <summary>Tên, for people.</summary>
    public required string Label { get; init; }

    /// <summary>Loại cơ quan that usually answers, for people; which account may answer is <see cref="TopicProvider"/>.</summary>
    public required string Agency { get; init; }

    /// <summary>Căn cứ.</summary>
    public required string Basis { get; init; }

    /// <summary>First day on which it is asked about.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day; null is open.</summary>
    public DateOnly? ValidTo { get; init; }

    public bool Holds(DateOnly day) => ValidFrom <= day && (ValidTo ?? day) >= day;
}

/// <summary>Phân công xác nhận: from one day to another the accounts of this agency answer for a topic.</summary>
public sealed class TopicProvider
{
    public required Guid Id { get; init; }
    public required string Topic { get; init; }

    /// <summary>Code of the agency that the provider's account belongs to.</summary>
    public required string Provider { get; init; }

    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last day; null is open.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>The document that assigns it.</summary>
    public required string Document { get; init; }

    public required string AssignedBy { get; init; }
    public required DateTimeOffset AssignedAt { get; init; }

    public bool Holds(DateOnly day) => ValidFrom <= day && (ValidTo ?? day) >= day;
}

/// <summary>Kết quả xác nhận.</summary>
public enum ConfirmationStatus
{
    /// <summary>Xác nhận: the unit has met what the topic asks.</summary>
    Confirmed,

    /// <summary>Không xác nhận. It excludes nobody by itself: that is the standing agency's to decide (R-30…R-32).</summary>
    Denied,

    /// <summary>Không có nội dung phải báo cáo.</summary>
    NothingToReport,
}

/// <summary>Xác nhận (F-26): what an agency said of one unit in one season on one topic. Every version is kept; the latest counts.</summary>
public sealed class Confirmation
{
    public required Guid Id { get; init; }
    public required string Season { get; init; }
    public required string Unit { get; init; }
    public required string Topic { get; init; }
    public required ConfirmationStatus Status { get; init; }

    /// <summary>The paper that says so.</summary>
    public required string Document { get; init; }

    public string? Note { get; init; }

    /// <summary>Agency of the account that said it; null: the standing agency, from the paper.</summary>
    public string? Provider { get; init; }

    /// <summary>Grows with each correction.</summary>
    public required int Version { get; init; }

    /// <summary>No later version took its place.</summary>
    public bool IsCurrent { get; set; } = true;

    public required string By { get; init; }
    public required string ByName { get; init; }
    public required DateTimeOffset At { get; init; }

    public bool Says(ConfirmationStatus status, string document, string? note) => Status == status && Document == document && Note == note;
}
