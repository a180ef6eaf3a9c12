-- Honest clients for wrk: the metadata and tokens in turn. The token endpoint and its form are in the variables TOKEN and FORM.
-- Prints what was measured as a line: requests per second, median and 99th percentile in milliseconds, answers other than 200,
-- failed connections.
local metadata, token
local count = 0

function init()
  metadata = wrk.format("GET", "/.well-known/openid-configuration")
  local headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
  token = wrk.format("POST", os.getenv("TOKEN"), headers, os.getenv("FORM"))
end

function request()
  count = count + 1
  return count % 2 == 0 and token or metadata
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("%.0f %.2f %.2f %d %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
