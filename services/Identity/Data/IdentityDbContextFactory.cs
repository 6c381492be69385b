using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using ThiDua.ServiceDefaults;

namespace ThiDua.Identity.Data;

/// <summary>The context that <c>dotnet ef</c> writes migrations with; it reaches no database.</summary>
public sealed class IdentityDbContextFactory : IDesignTimeDbContextFactory<IdentityDbContext>
{
    public IdentityDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<IdentityDbContext>();
        options.UseThiDuaConventions();
        return new(options.Options);
    }
}
