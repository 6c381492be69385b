using Npgsql;

namespace ThiDua.Recovery;

/// <summary>A content that rows of Documents name, as its view <c>content_references</c> tells.</summary>
/// <param name="Area">The directory it lies in.</param>
/// <param name="Sha256">Its name, and what it must hash to.</param>
/// <param name="Required">Whether it must be there; that of an unfinished upload need not.</param>
internal sealed record ContentReference(string Area, string Sha256, bool Required)
{
    public const string Database = "documentsdb";

    /// <summary>Name of the lock by which Documents leaves contents alone while they are copied.</summary>
    private const string LockName = "contents are being saved";

    /// <summary>Path below the data directory.</summary>
    public string Path => $"documents/{Area}/{Sha256[..2]}/{Sha256[2..4]}/{Sha256}";

    public static async Task<IReadOnlyList<ContentReference>> AllAsync(SystemData system, CancellationToken ct)
    {
        if (!(await system.DatabasesAsync(ct)).Contains(Database))
        {
            return [];
        }

        await using var source = system.Open(Database);
        await using var exists = source.CreateCommand("select to_regclass('content_references') is not null");
        if (!(bool)(await exists.ExecuteScalarAsync(ct))!)
        {
            return [];
        }

        await using var command = source.CreateCommand("select area, sha256, bool_or(required) from content_references group by area, sha256 order by area, sha256");
        return await command.ReadAsync(row => new ContentReference(row.GetString(0), row.GetString(1), row.GetBoolean(2)), ct);
    }

    /// <summary>Nothing is removed while this is held; it ends with its connection, however we end. Null where there is nothing to hold.</summary>
    public static async Task<IAsyncDisposable?> HoldAsync(SystemData system, CancellationToken ct)
    {
        if (!(await system.DatabasesAsync(ct)).Contains(Database))
        {
            return null;
        }

        var source = system.Open(Database);
        var connection = await source.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand("select pg_advisory_lock(hashtextextended($1, 0))", connection);
        command.Parameters.AddWithValue(LockName);
        await command.ExecuteNonQueryAsync(ct);
        return new Held(source, connection);
    }

    private sealed class Held(NpgsqlDataSource source, NpgsqlConnection connection) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync();
            await source.DisposeAsync();
        }
    }
}
