-- One request for a token, over and over, for wrk. The form is in the variable FORM. Prints what was measured as a line:
-- tokens per second, median and 99th percentile in milliseconds, answers other than 200, and failed connections.
wrk.method = "POST"
wrk.body = os.getenv("FORM")
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("%.0f %.2f %.2f %d %d\n",
    (summary.requests - errors.status) / (summary.duration / 1e6),
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
