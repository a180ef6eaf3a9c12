-- Mixed requests for wrk, as mix.py wrote them to the file MIX: each kind as often as it shall be, and so many in all as the
-- variable REQUESTS says. Prints what was measured as a line: requests per second, median and 99th percentile in milliseconds,
-- requests that were not answered in time, answers whose status is not that of a request, answers with a status of 500 or
-- above, failed connections.
local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int process, int signal);")
local SIGINT = 2
local requests = dofile(os.getenv("MIX"))
local wanted = tonumber(os.getenv("REQUESTS"))
local order, sent, expected, token = {}, 0, {}, "none"
answers, unlike, broken = 0, 0, 0
local answered = {}

local threads = {}
function setup(thread)
  table.insert(threads, thread)
end

function init()
  local kinds = {}
  for _, request in ipairs(requests) do
    if not request.body:find("{token}", 1, true) then
      local body = #request.body > 0 and request.body or nil
      request.text = wrk.format(request.method, request.path, request.headers, body)
    end
    for _ = 1, request.share do table.insert(kinds, request) end
  end
  -- Neighbours are of different kinds: 7 has no divisor in common with the number of places.
  for place = 0, #kinds - 1 do table.insert(order, kinds[place * 7 % #kinds + 1]) end
end

function request()
  local next = order[sent % #order + 1]
  sent = sent + 1
  expected[next.status] = (expected[next.status] or 0) + 1
  if next.text then return next.text end
  local body = next.body:gsub("{token}", token)
  return wrk.format(next.method, next.path, next.headers, body)
end

function response(status, _, body)
  answers = answers + 1
  answered[status] = (answered[status] or 0) + 1
  if status >= 500 then broken = broken + 1 end
  if status == 200 then token = body:match('"access_token":"([^"]+)"') or token end
  if answers == wanted then
    -- Of each status there are as many answers as requests, but for the requests that are under way now.
    for found, count in pairs(answered) do unlike = unlike + math.max(0, count - (expected[found] or 0)) end
    wrk.thread:stop()
    -- The end of its threads does not end wrk, which measures for as long as it was told to; Ctrl-C does.
    ffi.C.kill(ffi.C.getpid(), SIGINT)
  end
end

function done(summary, latency)
  local errors, seen = summary.errors, threads[1]
  io.write(string.format("%.0f %.2f %.2f %d %d %d %d\n", seen:get("answers") / (summary.duration / 1e6),
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, math.max(0, wanted - seen:get("answers")),
    seen:get("unlike"), seen:get("broken"), errors.connect + errors.read + errors.write + errors.timeout))
end
