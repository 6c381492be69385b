using ThiDua.ServiceDefaults;

namespace ThiDua.Documents.Domain;

/// <summary>A number that the register has given.</summary>
/// <param name="Number">Within agency, kind and year.</param>
/// <param name="Date">Ngày ban hành of its paper.</param>
public readonly record struct RegisteredNumber(int Number, DateOnly Date);

/// <summary>
/// Sổ đăng ký văn bản đi of one agency, kind and year: numbers rise with the dates, from 01 on the first day of the year. The clerk may
/// give a number of the paper register that other papers share; without one it is the next.
/// </summary>
public static class PaperRegister
{
    public const int Highest = 99_999;

    /// <summary>The number of a paper of this date.</summary>
    /// <param name="given">The clerk's; null: the next.</param>
    /// <param name="date">Ngày ban hành.</param>
    /// <param name="today">No paper is dated ahead.</param>
    /// <param name="taken">The numbers given so far, in rising order.</param>
    /// <exception cref="RuleViolationException"><c>number-taken</c>, <c>register-order</c>, <c>validation-failed</c>.</exception>
    public static int Next(int? given, DateOnly date, DateOnly today, IReadOnlyList<RegisteredNumber> taken)
    {
        RequireDate(date, today);
        var number = given ?? (taken.Count == 0 ? 1 : taken[^1].Number + 1);
        if (number is < 1 or > Highest)
        {
            throw new RuleViolationException("validation-failed", "Số văn bản không hợp lệ.", [new Violation("OUT_OF_RANGE", "/number", $"Số phải từ 1 đến {Highest}.")]);
        }

        foreach (var other in taken)
        {
            if (other.Number == number)
            {
                throw new RuleViolationException("number-taken", $"Số {number} đã cấp cho văn bản ngày {other.Date:dd/MM/yyyy}.");
            }

            if (other.Number < number ? other.Date > date : other.Date < date)
            {
                throw new RuleViolationException("register-order", $"Số {other.Number} mang ngày {other.Date:dd/MM/yyyy}; số {number} không thể mang ngày {date:dd/MM/yyyy}.");
            }
        }

        return number;
    }

    /// <exception cref="RuleViolationException"><c>validation-failed</c>: OUT_OF_RANGE.</exception>
    public static void RequireDate(DateOnly date, DateOnly today)
    {
        if (date > today || date.Year < today.Year - 1)
        {
            throw new RuleViolationException("validation-failed", "Ngày ban hành không hợp lệ.", [new Violation("OUT_OF_RANGE", "/date", "Ngày ban hành không sau hôm nay và không trước năm liền trước.")]);
        }
    }
}
