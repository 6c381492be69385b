namespace ThiDua.Scoring.Domain;

/// <summary>Where a sheet stands (domain reference C.2).</summary>
public enum SheetState
{
    Draft,
    Submitted,
    UnderReview,
    ExplanationRequested,
    Reviewed,
    UnderAppraisal,
    ReturnedForEvidence,
    Locked,
}

public static class SheetStates
{
    public static string Name(SheetState state) => state switch
    {
        SheetState.Draft => "đang nhập",
        SheetState.Submitted => "đã nộp",
        SheetState.UnderReview => "cụm đang rà soát",
        SheetState.ExplanationRequested => "chờ giải trình",
        SheetState.Reviewed => "đã rà soát",
        SheetState.UnderAppraisal => "đang thẩm định",
        SheetState.ReturnedForEvidence => "trả lại bổ sung minh chứng",
        _ => "đã quyết định",
    };
}
