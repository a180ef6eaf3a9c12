#!/usr/bin/env bash
# An AI agent of curl, openssl and jq, for all four resource types of Okta's token exchange.
# It exchanges the ID token of its user for a credential and calls an API with it, once. The variables ATX_* configure it. Exit
# code 0 when it reached the API, otherwise 1 and the reason in a line on standard error.
#
# It signs nobody in, since curl cannot listen on a redirect URI: it exits with 2 without ATX_ID_TOKEN, as which
# `atx agent --sign-in given` hands an ID token over. It needs bash 4.4, curl 7.84, openssl and jq 1.6. What is secret goes
# through pipes, so that neither a file nor the list of processes shows it.
set -uo pipefail

fail() { printf 'error: %s\n' "$(printf %s "$1" | tr -cd '[:print:]')" >&2; exit "${2:-1}"; }
[ -n "${ATX_ID_TOKEN:-}" ] || fail 'this agent signs nobody in: give it the ID token in ATX_ID_TOKEN' 2
okta=urn:okta:params:oauth:token-type: ietf=urn:ietf:params:oauth:
declare -A types=([authorization-server]=${ietf}token-type:id-jag [secret]=${okta}vaulted-secret
    [service-account]=${okta}service-account [resource-server]=${okta}oauth-sts)
PASSING=75 CONSENT=76   # exit codes of a step: the same may succeed after $delay seconds; the user has to consent first

# Sends the request whose configuration of curl is on standard input, and sets $status and $body. It follows no redirect.
send() {
    local answer after reset date
    answer=$(curl -q --silent --compressed --max-time 10 --config - \
        --write-out '\n%{http_code}|%header{retry-after}|%header{x-rate-limit-reset}|%header{date}') || {
        [[ ' 5 6 7 16 18 28 35 52 55 56 92 ' == *" $? "* ]] || fail 'curl cannot send a request'   # no failure of a connection
        why='a connection failed' delay=0; return $PASSING
    }
    body=${answer%$'\n'*}
    IFS='|' read -r status after reset date <<<"${answer##*$'\n'}"
    [[ $status == 429 || $status == 503 ]] || return 0
    # Okta says when the limit is lifted: in seconds since 1970, by the clock that `Date` shows.
    delay=$(jq -nr --arg after "$after" --arg reset "$reset" --arg date "$date" '
        def seconds: strptime("%a, %d %b %Y %H:%M:%S GMT") | mktime;
        ($date | try seconds catch now) as $now | [0, if $after | test("^[0-9]+$") then $after | tonumber
        elif $after != "" then ($after | seconds) - $now elif $reset != "" then ($reset | tonumber) - $now
        else 0 end] | max') || delay=0
    why="a server answered $status"; return $PASSING
}

# Repeats a step three times while its trouble is passing.
persist() {
    local pause code=0
    for pause in 0.5 1 2 ''; do
        "$@" && return || code=$?
        [ $code = $PASSING ] || return $code
        { [ -n "$pause" ] && [ "${delay%.*}" -le 60 ]; } || fail "$why; giving up"
        sleep "$(jq -n "[$pause, $delay] | max")"
    done
}

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# openssl makes ECDSA signatures as DER, and a JWT has the two numbers, of 32 bytes each.
as_in_jwt() {
    printf %b "$(openssl asn1parse -inform DER | sed -n 's/.*INTEGER *://p' | sed -e :a -e 's/^.\{1,63\}$/0&/' -e ta \
        -e 's/../\\x&/g' | tr -d '\n')"
}

# A client assertion for the endpoint $1.
assertion() {
    local input
    input=$(jq -cjn '{alg: env.ATX_KEY_ALG, kid: env.ATX_KEY_ID}' | base64url).$(jq -cjn --arg aud "$1" \
        --arg jti "$(openssl rand -hex 16)" 'env.ATX_CLIENT_ID as $id
        | {iss: $id, sub: $id, $aud, $jti, iat: (now | floor), exp: (now + 120 | floor)}' | base64url)
    printf %s. "$input"
    printf %s "$input" | openssl dgst -sha256 -sign "$ATX_PRIVATE_KEY_FILE" |
        if [ "$ATX_KEY_ALG" = ES256 ]; then as_in_jwt; else cat; fi | base64url
}

# A line of curl's configuration: option $1 with the value $2.
option() {
    local value=${2//\\/\\\\}
    printf '%s = "%s"\n' "$1" "${value//\"/\\\"}"
}

authentication() {
    local type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer
    case $ATX_CLIENT_AUTH in
        private_key_jwt) printf 'data = "client_assertion_type=%s&client_assertion=%s"\n' $type "$(assertion "$1")" ;;
        client_secret_post) option data "client_id=$ATX_CLIENT_ID"; option data-urlencode "client_secret=$ATX_CLIENT_SECRET" ;;
        client_secret_basic) option user "$ATX_CLIENT_ID:$(printf %s "$ATX_CLIENT_SECRET" | jq -sRr @uri)" ;;
    esac
}

# The string of an answer that the jq expression $1 finds. Without one, or with a line break in it, this is the end.
text() {
    found=$(printf %s "$body" | jq -r "$1 | strings" 2>/dev/null)
    [[ -n $found && $found != *[[:cntrl:]]* ]] || fail "an answer lacks $1"
}

# A token request: endpoint, token_type and issued_token_type of the answer, and parameters as NAME=VALUE.
token() {
    local url=$1 expected=$2 error parameter
    shift 2
    send < <(option url "$url"; authentication "$url"; for parameter; do option data-urlencode "$parameter"; done) || return
    error=$(printf %s "$body" | jq -rs 'if length == 1 and (.[0] | type == "object") then .[0] else error end
        | .error // .errorCode // empty | tostring | .[:80]' 2>/dev/null || echo 'no JSON object')
    [ "$error" != interaction_required ] || return $CONSENT
    [ "$status$error" = 200 ] || fail "${url#*://*/} answered $status with '$error'"
    [ "$(printf %s "$body" | jq -r '"\(.token_type) \(.issued_token_type // "")" | ascii_downcase')" = "$expected" ] ||
        fail "${url#*://*/} answered with something of another type"
}

# Sets $credential, the header for the API. An ID-JAG is redeemed once: if that is lost on the way, a new one is got.
obtain() {
    local wanted=${types[$ATX_TASK]} type=n_a name target=()
    [ "$ATX_TASK" != resource-server ] || type=bearer
    [ "$ATX_TASK" != authorization-server ] || target=("audience=$ATX_CUSTOM_ISSUER" "scope=$ATX_SCOPE")
    token "$ATX_ORG_TOKEN_ENDPOINT" "$type $wanted" "grant_type=${ietf}grant-type:token-exchange" \
        "requested_token_type=$wanted" "subject_token=$ATX_ID_TOKEN" "subject_token_type=${ietf}token-type:id_token" \
        "${target[@]}" ${ATX_RESOURCE:+"resource=$ATX_RESOURCE"} || return
    case $ATX_TASK in
        secret) text '.vaulted_secret[env.ATX_SECRET_FIELD]'; credential="$ATX_SECRET_HEADER: $found"; return ;;
        service-account)
            text .service_account.username; name=$found
            text .service_account.password
            credential="Authorization: Basic $(printf %s "$name:$found" | openssl base64 -A)"; return ;;
        authorization-server)
            text .access_token; set -- "grant_type=${ietf}grant-type:jwt-bearer" "assertion=$found"
            token "$ATX_CUSTOM_TOKEN_ENDPOINT" 'bearer ' "$@" || return ;;
    esac
    text .access_token; credential="Authorization: Bearer $found"
}

# Where the user has to consent first, the link is opened once, and the org asked six times in all: its answer is the same
# whether she has not yet consented or never will.
obtain_with_consent() {
    local pause
    for pause in 0.3 0.6 1.2 2.4 4.8 ''; do
        persist obtain && return
        [ -n "$pause" ] || fail 'the user has not consented'
        text .interaction_uri
        # The org leads to the third party itself. A link to anywhere else is none that it made.
        [[ $found == "${ATX_ORG_ISSUER%/}"/* ]] || fail 'the link for the consent leads to another host'
        [ "$pause" != 0.3 ] || ${BROWSER:-xdg-open} "$found" >/dev/null 2>&1 &
        sleep "$pause"
    done
}

call_api() { send < <(option url "$ATX_API_URL"; option header "$credential"); }

# Whose signature it is, is for the org to see, which takes the ID token; nothing here depends on it.
printf %s "$ATX_ID_TOKEN" | jq -eR 'split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson
    | .iss == env.ATX_ORG_ISSUER and ([.aud] | flatten == [env.ATX_ID_TOKEN_CLIENT_ID // env.ATX_CLIENT_ID]) and .exp > now
    and ((.azp // env.ATX_CLIENT_ID) | IN(env.ATX_ID_TOKEN_CLIENT_ID, env.ATX_CLIENT_ID))' >/dev/null 2>&1 ||
    fail 'the ID token has expired, or is not for this agent'
obtain_with_consent; persist call_api
# A credential that the API does not know any more is replaced once.
[ "$status" != 401 ] || { obtain_with_consent; persist call_api; }
[ "$status" = 200 ] || fail "the API answered $status"
