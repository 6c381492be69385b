using ThiDua.Gateway;
using ThiDua.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults("gateway");
builder.AddGateway();

var app = builder.Build();

app.UseGateway();

app.Run();
