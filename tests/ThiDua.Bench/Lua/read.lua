-- Reads at random among the requests of a file, one a line: path, token and, where the reader already has it, its ETag.
local number = 0

function setup(thread)
  number = number + 1
  thread:set("number", number)
end

function init(arguments)
  math.randomseed(number * 7919)
  requests = {}
  for line in io.lines(arguments[1]) do
    local path, token, etag = line:match("^([^\t]*)\t([^\t]*)\t?([^\t]*)$")
    local headers = { ["Accept"] = "application/json" }
    if token ~= "" then headers["Authorization"] = "Bearer " .. token end
    if etag ~= "" then headers["If-None-Match"] = etag end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  return requests[math.random(#requests)]
end
