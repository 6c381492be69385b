using System.Runtime.InteropServices;

namespace ThiDua.Tests.Storm;

/// <summary>
/// Whether what the clients of one sheet saw can be explained by a sheet on which everything happened at one moment between question
/// and answer (Wing and Gong's search, with Lowe's memory of what was tried). The sheet is a register with compare-and-set that closes.
/// </summary>
public sealed class Linearizability
{
    private readonly Operation[] _operations;
    private readonly HashSet<(string Placed, State State)> _tried = [];
    private int _most;
    private string _stuck = "";

    private Linearizability(IEnumerable<Operation> history) => _operations = [.. history.OrderBy(operation => operation.Invoked)];

    /// <summary>Values are unique: no two changes make the same one.</summary>
    /// <returns>Null when there is an explanation; otherwise what cannot be explained.</returns>
    public static string? Refute(IEnumerable<Operation> history, SheetValue initial)
    {
        var search = new Linearizability(history);
        return search.CanGoOn(new ulong[(search._operations.Length / 64) + 1], new State(initial, IsClosed: false)) ? null : search._stuck;
    }

    private bool CanGoOn(ulong[] placed, State state)
    {
        // Whatever changes nothing and fits here, stands here: moving it before all that is left breaks no order.
        while (Next(placed).FirstOrDefault(index => !Changes(_operations[index]) && state.Allows(_operations[index]), -1) is var index and >= 0)
        {
            Place(placed, index);
        }

        var left = Enumerable.Range(0, _operations.Length).Where(index => !IsPlaced(placed, index) && _operations[index].Outcome != Outcome.Unknown).ToList();
        if (left.Count == 0)
        {
            return true;
        }

        if (!_tried.Add((new string(MemoryMarshal.Cast<ulong, char>(placed)), state)))
        {
            return false;
        }

        if (_operations.Length - left.Count is var count && (count > _most || _stuck.Length == 0))
        {
            (_most, _stuck) = (count, $"at {state.Value}{(state.IsClosed ? ", closed" : "")} none of these fits: {string.Join("; ", Next(placed).Select(index => _operations[index]))}");
        }

        return Next(placed).Where(index => Changes(_operations[index]) && state.Allows(_operations[index])).Any(index =>
        {
            var further = (ulong[])placed.Clone();
            Place(further, index);
            return CanGoOn(further, state.After(_operations[index]));
        });
    }

    private static bool Changes(Operation operation) => operation is { Kind: not OperationKind.Read, Outcome: Outcome.Done or Outcome.Unknown };

    private static bool IsPlaced(ulong[] placed, int index) => (placed[index / 64] & (1UL << (index % 64))) != 0;

    private static void Place(ulong[] placed, int index) => placed[index / 64] |= 1UL << (index % 64);

    /// <summary>What may come next: nothing that is left was answered before it was asked.</summary>
    private IEnumerable<int> Next(ulong[] placed)
    {
        var first = long.MaxValue;
        for (var index = 0; index < _operations.Length; index++)
        {
            if (!IsPlaced(placed, index) && _operations[index].Outcome != Outcome.Unknown)
            {
                first = Math.Min(first, _operations[index].Answered);
            }
        }

        for (var index = 0; index < _operations.Length && _operations[index].Invoked <= first; index++)
        {
            if (!IsPlaced(placed, index))
            {
                yield return index;
            }
        }
    }

    private readonly record struct State(SheetValue Value, bool IsClosed)
    {
        private bool IsLocked => IsClosed || Value.IsSubmitted;

        public bool Allows(Operation operation) => (operation.Kind, operation.Outcome) switch
        {
            (OperationKind.Read, _) => Value == operation.To,
            (OperationKind.Close, _) => true,
            (_, Outcome.Stale) => Value != operation.From,
            (_, Outcome.Locked) => IsLocked,
            _ => Value == operation.From && !IsLocked,
        };

        public State After(Operation operation) => operation.Kind == OperationKind.Close ? this with { IsClosed = true } : this with { Value = operation.To };
    }
}
