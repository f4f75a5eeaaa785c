#!/usr/bin/env bash
# A walk through the REST API with curl: reads a branch, keeps its roster, has something done.
#   BASE_URL=http://127.0.0.1:8080 TOKEN=… UNIT=… examples/curl.sh
# TOKEN reaches UNIT with units:read, members:read, assignments:read and assignments:write; the demo's
# accounts.json names units.
set -euo pipefail

api=${BASE_URL:-http://127.0.0.1:8080}/api/v1
get() { curl -sS --fail-with-body "$api$1" -H "authorization: Bearer $TOKEN" "${@:2}"; }
post() { get "$1" -H 'content-type: application/json' -H "idempotency-key: \"$2\"" -X POST ${3:+-d "$3"} "${@:4}"; }
pick() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }

echo "The branch:"
branch=$(get "/units/$UNIT" | tee /dev/stderr | pick id)

echo; echo "What hasn't changed isn't sent again:"
tag=$(get "/units/$branch" -o /dev/null -D - | sed -n 's/^etag: \(.*\)\r$/\1/p')
get "/units/$branch" -H "if-none-match: $tag" -o /dev/null -w '%{http_code}\n'

echo; echo "Its roster, and where to begin the next time:"
since=$(get "/members?unitId=$branch&limit=100" | tee >(head -c 300 >&2) | pick syncedAt)
echo; echo "What has changed since $since:"
get "/members?unitId=$branch&updatedSince=$since" | head -c 300

echo; echo; echo "An assignment is written down, given, and cancelled:"
due=$(date -u -d '+7 days' +%Y-%m-%dT%H:%M:%SZ)
work='{"issuerUnitId":"'$branch'","to":{"kind":"UNIT","id":"'$branch'"},"kind":"TASK","title":"走访困难群众",
  "measure":{"text":"入户走访","target":20,"unit":"户"},"dueAt":"'$due'"}'
key=$(date +%s%N)
made=$(post /assignments "$key" "$work" | tee /dev/stderr | pick id)
echo; echo "Sent again under the same key, it is the same:"
test "$(post /assignments "$key" "$work" | pick id)" = "$made" && echo "$made"
post "/assignments/$made/dispatch" "$key-given" '' -H 'if-match: "1"' | pick state
post "/assignments/$made/cancel" "$key-over" '{"reason":"试用"}' | pick state

echo "Somebody was faster:"
curl -sS "$api/assignments/$made/dispatch" -H "authorization: Bearer $TOKEN" -H "idempotency-key: \"$key-late\"" -H 'if-match: "1"' -X POST
echo
