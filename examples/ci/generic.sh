#!/bin/sh
# Any CI: runs the scenarios, keeps the reports, and ends as the run did (0 fine, 1 nonconformance, 2 wrong input,
# 3 incomplete). With AGENT, the command of an agent, the agent is judged and not an org.
#
#   TARGET=org.yaml OUT=reports/out sh examples/ci/generic.sh
#   AGENT='python my_agent.py' sh examples/ci/generic.sh
set -u

ATX=${ATX:-target/release/atx}
OUT=${OUT:-reports/out}
TARGET=${TARGET:-}
AGENT=${AGENT:-}

[ -x "$ATX" ] || cargo build --locked --release --bin atx || exit 2

# A report that an earlier run left must not pass for this one's.
rm -f -- "$OUT/report.json" "$OUT/report.md" "$OUT/again/report.md"

code=0
if [ -n "$AGENT" ]; then
    "$ATX" agent --out "$OUT" -- sh -c "$AGENT" || code=$?
else
    "$ATX" run ${TARGET:+--target "$TARGET"} --out "$OUT" || code=$?
fi

if [ "$code" -eq 3 ] && [ -z "$AGENT" ]; then
    # The target was away, or cases could not be judged: what is left is run once more, beside the first report. What
    # was judged in the first run was fine, so the second says how it ends.
    code=0
    "$ATX" run ${TARGET:+--target "$TARGET"} --rerun-failed="$OUT" --out "$OUT/again" || code=$?
fi

# For logs that people read, and for whatever the CI makes of the other files in the folder.
for report in "$OUT/report.md" "$OUT/again/report.md"; do
    [ -f "$report" ] && cat "$report"
done
exit "$code"
