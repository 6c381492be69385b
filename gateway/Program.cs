using Microsoft.AspNetCore.Authentication.JwtBearer;
using ThiDua.Gateway;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
{
    jwt.Authority = builder.Configuration["Authentication:Authority"];
    jwt.Audience = builder.Configuration["Authentication:Audience"];
    jwt.RequireHttpsMetadata = false;
    jwt.MapInboundClaims = false;
});
builder.Services.AddAuthorization();
builder.Services.AddSingleton(TimeProvider.System);

builder.AddGateway();

var app = builder.Build();
app.UseGateway();
app.Run();
