-- Writes sheets, each with the ETag of its last answer. Every thread has one connection and sheets of its own, so that an answer
-- is that of the thread's last request. Arguments: method, file of sheets (path, token, ETag), file of bodies (one a line,
-- with @n for a number and @d for a digit that differ from write to write), number of threads.
local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
  thread:set("number", #threads)
end

function init(arguments)
  method, count, failed, refusal = arguments[1], number * 37, 0, ""
  sheets, bodies = {}, {}
  local index = 0
  for line in io.lines(arguments[2]) do
    if index % tonumber(arguments[4]) == number - 1 then
      local path, token, etag = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)$")
      sheets[#sheets + 1] = { path = path, etag = etag, token = "Bearer " .. token }
    end
    index = index + 1
  end
  for line in io.lines(arguments[3]) do bodies[#bodies + 1] = line end
end

function request()
  count = count + 1
  current = sheets[count % #sheets + 1]
  local body = bodies[count % #bodies + 1]:gsub("@(%a)", { n = tostring(1000 + count % 9000), d = tostring(count % 10) })
  return wrk.format(method, current.path, {
    ["Authorization"] = current.token, ["If-Match"] = current.etag, ["Content-Type"] = "application/json; charset=utf-8",
  }, body)
end

function response(status, headers, body)
  local etag = headers["ETag"] or headers["etag"]
  if status >= 200 and status < 300 and etag then
    current.etag = etag
  else
    failed = failed + 1
    if refusal == "" then refusal = status .. " " .. body:sub(1, 300):gsub("%s+", " ") end
  end
end

function done(summary, latency)
  local refused, first = 0, ""
  for _, thread in ipairs(threads) do
    refused = refused + thread:get("failed")
    if first == "" then first = thread:get("refusal") end
  end
  print("Refused: " .. refused .. " " .. first)
end
