namespace ThiDua.Tests.Fuzzing;

/// <summary>How inputs of a target are built, and so how they are changed without all of them failing at the first byte.</summary>
internal enum InputShape
{
    Bytes,
    Json,
    Package,
    Token,
}

/// <summary>One of the product's readers of what strangers send.</summary>
/// <param name="Name">For the command line and the reports.</param>
/// <param name="Shape">Of its inputs.</param>
/// <param name="Samples">Real inputs to begin with.</param>
/// <param name="Words">Texts that its grammar knows.</param>
/// <param name="ReadAsync">
/// Reads one input as the product does: true: taken; false: refused in the product's own way. Every exception is a finding, and so is a
/// <see cref="FuzzFindingException"/> for an input that was taken but does not hold what it promises.
/// </param>
/// <param name="Prefix">Leading bytes that say which reader is meant; they stand outside the input's own grammar.</param>
internal sealed record FuzzTarget(string Name, InputShape Shape, IReadOnlyList<byte[]> Samples, IReadOnlyList<string> Words, Func<byte[], ValueTask<bool>> ReadAsync, int Prefix = 0)
{
    public override string ToString() => Name;
}

/// <summary>What an input that was taken does not hold.</summary>
public sealed class FuzzFindingException(string what) : Exception(what);
