using ThiDua.Identity;
using ThiDua.Identity.Data;
using ThiDua.Identity.Endpoints;
using ThiDua.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("identity");
builder.AddDatabase<IdentityDbContext>("identitydb");
builder.AddTokenServer();

var app = builder.Build();
if (await app.MigrateIfAskedAsync<IdentityDbContext>(args, (services, _, ct) => services.GetRequiredService<SeedData>().ApplyAsync(ct)))
{
    return;
}

if (await app.RotateKeysIfAskedAsync(args))
{
    return;
}

app.UseForwardedHeaders();
app.UseServiceDefaults();
app.MapTokens();
app.MapSignIn();
app.MapApi<IdentityDbContext>(
    api =>
    {
        api.MapAccounts();
        api.MapSigningKeys();
    },
    administers: true);
app.Run();
