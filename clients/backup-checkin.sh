#!/bin/sh
# backup-checkin: tells the backup sentinel how a backup went, signed. Needs a POSIX shell, curl and openssl.
#
#   backup-checkin.sh [options] -- COMMAND [ARGUMENT...]   runs a backup: says that it starts, and how it ended
#   backup-checkin.sh [options] [start|ok|warning|fail|log] says one thing (ok)
#   backup-checkin.sh [options] flush                       sends what could not be sent before
#
#   -u URL    where check-ins go               BACKUP_CHECKIN_URL
#   -j JOB    the job's id                     BACKUP_CHECKIN_JOB
#   -K FILE   a file that holds the job's key  BACKUP_CHECKIN_KEY_FILE
#   -k KEY    the key itself; others on this   BACKUP_CHECKIN_KEY
#             machine can see it in the list of processes, so prefer a file or the environment
#   -s SIZE   how large the backup is: 123456, "1.2 GB"
#   -p PATH   a file or a folder whose size that is, measured at the end; nothing there is 0 bytes
#   -n NOTE   a few words
#   -r RID    the run's id; one is made up for a COMMAND
#   -w CODES  exit codes that mean "ended with warnings", such as "1" for borg or "3" for restic
#   -d DIR    where check-ins wait while nobody can be reached   BACKUP_CHECKIN_SPOOL
#   -x        exit with 1 when a check-in was not taken (never with a COMMAND)
#   -q        say nothing on standard error
#
# It never breaks the backup: a COMMAND's exit code is this script's, whatever becomes of the check-ins, and without a COMMAND it
# exits with 0. What cannot be sent waits, readable by its owner only, and is sent with the next check-in, signed anew, with the time
# at which the run really ended: at most 100 check-ins for a job, at most 29 days.

SPOOLED_MAX=100
SPOOLED_DAYS=29

say() { [ -n "$quiet" ] || printf 'backup-checkin: %s\n' "$*" >&2; }

usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

# --- what is said: JSON --------------------------------------------------------------------------

# A text as JSON has it: in quotes, on one line, without what is no UTF-8.
quoted() {
    text=$(printf %s "$1" | tr '\n\t' '  ' | tr -d '\000-\037\177')
    clean=$(printf %s "$text" | iconv -c -f UTF-8 -t UTF-8 2>/dev/null) || clean=$(printf %s "$text" | tr -cd ' -~')
    printf '"%s"' "$(printf %s "$clean" | sed 's/[\\"]/\\&/g')"
}

# body STATUS FINISHED_AT: the fields that are known.
body() {
    printf '{"status": '
    quoted "$1"
    [ -z "$2" ] || { printf ', "finished_at": '; quoted "$2"; }
    [ -z "$size" ] || { printf ', "size": '; quoted "$size"; }
    [ -z "$rid" ] || { printf ', "rid": '; quoted "$rid"; }
    [ -z "$note" ] || { printf ', "note": '; quoted "$note"; }
    printf '}'
}

# The bytes of a file, or of all files below a folder.
measured() {
    if [ ! -e "$1" ]; then
        say "there is nothing at $1: said as 0 bytes"
        echo 0
        return
    fi
    find "$1" -type f -exec ls -lnqd {} + | awk '{ total += $5 } END { printf "%.0f\n", total }'
}

# --- signing -------------------------------------------------------------------------------------

# The numbers of standard input's bytes.
bytes() { od -An -v -tu1 | tr -s ' \n' '  '; }

# padded PAD: the key, filled up to 64 bytes with zeros, each XOR PAD, as printf %b reads bytes.
padded() {
    if [ "$(printf %s "$key" | wc -c)" -gt 64 ]; then
        numbers=$(printf %s "$key" | openssl dgst -sha256 -binary | bytes)
    else
        numbers=$(printf %s "$key" | bytes)
    fi
    count=0
    for number in $numbers; do
        printf '\\0%03o' $((number ^ $1))
        count=$((count + 1))
    done
    while [ "$count" -lt 64 ]; do
        printf '\\0%03o' "$1"
        count=$((count + 1))
    done
}

# HMAC-SHA256 of standard input, in hex. By hand, since `openssl dgst -hmac KEY` would show the key to all processes.
hmac() {
    inner=$(padded 54)
    outer=$(padded 92)
    { printf %b "$inner"; cat; } | openssl dgst -sha256 -binary | { printf %b "$outer"; cat; } | openssl dgst -sha256 -r | cut -d' ' -f1
}

# A text as it stands in an address.
in_address() {
    for code in $(printf %s "$1" | od -An -v -tx1); do
        case $code in
            2d | 2e | 3[0-9] | 4[1-9a-f] | 5[0-9a] | 5f | 6[1-9a-f] | 7[0-9a]) printf '%b' "\\0$(printf %o "0x$code")" ;;
            *) printf '%%%s' "$code" ;;
        esac
    done
}

# --- sending -------------------------------------------------------------------------------------

# sent BODY: 0 when it was taken, 1 when it may be later, 2 when it never will be.
sent() {
    if [ -z "$url" ] || [ -z "$key" ]; then
        say "there is no ${url:+key}${url:-URL} to send it with"
        return 1
    fi
    moment=$(date +%s)
    signature=$(printf '%s.%s.%s' "$moment" "$job" "$1" | hmac)
    if [ "${#signature}" -ne 64 ]; then
        say 'openssl made no signature'
        return 1
    fi
    answer=$(
        printf %s "$1" | curl -s --connect-timeout 8 --max-time "$patience" --data-binary @- -w '\n%{http_code}' \
            -H 'Content-Type: application/json' \
            -H "X-Backup-Timestamp: $moment" \
            -H "X-Backup-Signature: v1=$signature" \
            "${url%/}/$(in_address "$job")"
    )
    failed=$?
    code=$(printf %s "$answer" | tail -n 1)
    told=$(printf %s "$answer" | head -n 1 | cut -c 1-300)
    case $code in
        200)
            case $told in *'"note": '*) say "$told" ;; esac
            return 0
            ;;
        400 | 404 | 405 | 413)
            say "refused ($code): $told"
            return 2
            ;;
        000 | '') say "not sent: curl ended with $failed" ;;
        *) say "not taken now ($code): $told" ;;
    esac
    return 1
}

# spooled BODY: keeps it for later, the newest hundred.
spooled() {
    kept=$((kept + 1))
    (
        umask 077
        mkdir -p "$waiting" && printf %s "$1" >"$waiting/.$$.new" &&
            mv "$waiting/.$$.new" "$waiting/$(date -u +%Y%m%dT%H%M%SZ)-$$-$kept.json"
    ) 2>/dev/null || {
        say "it cannot wait in $waiting either, and is lost"
        return 1
    }
    find "$waiting" -name '*.json' -type f | sort -r | tail -n "+$((SPOOLED_MAX + 1))" | while IFS= read -r old; do
        rm -f "$old"
    done
}

# Sends what waits, the oldest first, until one is not taken.
flush() {
    [ -d "$waiting" ] || return 0
    find "$waiting" -name '*.json' -type f -mtime "+$SPOOLED_DAYS" -exec rm -f {} +
    find "$waiting" -name '*.json' -type f | sort | while IFS= read -r old; do
        content=$(cat "$old") || continue
        sent "$content"
        case $? in
            1) return 1 ;;
            *) rm -f "$old" ;;
        esac
    done
}

# check_in STATUS: sends it, then what waits; else it waits too. 1 when it was not taken.
check_in() {
    ended=$(date -u +%Y-%m-%dT%H:%M:%SZ) # now, not after the patience that sending takes
    sent "$(body "$1" '')"
    case $? in
        0)
            flush
            return 0
            ;;
        2) # a size that is none shall not hide how the backup went
            size='' note='' rid=''
            sent "$(body "$1" '')" && return 0
            ;;
    esac
    spooled "$(body "$1" "$ended")"
    return 1
}

# --- what to do ----------------------------------------------------------------------------------

url=${BACKUP_CHECKIN_URL:-}
job=${BACKUP_CHECKIN_JOB:-}
key=${BACKUP_CHECKIN_KEY:-}
key_file=${BACKUP_CHECKIN_KEY_FILE:-}
spool=${BACKUP_CHECKIN_SPOOL:-}
size='' path='' note='' rid='' warnings='' strict='' quiet='' patience=30 kept=0

while getopts u:j:k:K:s:p:n:r:w:d:xqh option; do
    case $option in
        u) url=$OPTARG ;;
        j) job=$OPTARG ;;
        k) key=$OPTARG ;;
        K) key_file=$OPTARG ;;
        s) size=$OPTARG ;;
        p) path=$OPTARG ;;
        n) note=$OPTARG ;;
        r) rid=$OPTARG ;;
        w) warnings=$OPTARG ;;
        d) spool=$OPTARG ;;
        x) strict=1 ;;
        q) quiet=1 ;;
        *) usage ;;
    esac
done
[ "$OPTIND" -le 1 ] || eval "last=\${$((OPTIND - 1))}"
shift $((OPTIND - 1))

if [ -z "$key" ] && [ -n "$key_file" ]; then
    key=$(tr -d ' \t\r\n' <"$key_file") || say "the key cannot be read from $key_file"
fi
case $job in
    '' | */* | .* | -*)
        say "there is no job id: -j orders-db${job:+, not $job}"
        job=''
        ;;
esac
if [ -z "$spool" ]; then
    if [ "$(id -u)" -eq 0 ]; then
        spool=/var/spool/backup-checkin
    else
        spool=${XDG_STATE_HOME:-${HOME:-/nonexistent}/.local/state}/backup-checkin
    fi
fi
waiting=$spool/$job

# Runs a backup. Its exit code is ours, and a signal reaches it as it would without us.
if [ "${last:-}" = -- ] && [ $# -gt 0 ]; then
    if [ -n "$job" ]; then
        [ -n "$rid" ] || rid=$(openssl rand -hex 16 2>/dev/null)
        measure_at_end=$path
        given=$size size='' patience=10
        check_in start
        size=$given patience=30
    fi
    trap : HUP INT TERM
    "$@"
    exit_code=$?
    trap - HUP INT TERM
    if [ -n "$job" ]; then
        [ -z "$measure_at_end" ] || size=$(measured "$measure_at_end")
        status=fail
        [ "$exit_code" -ne 0 ] || status=ok
        case " $warnings " in *" $exit_code "*) status=warning ;; esac
        [ "$exit_code" -eq 0 ] || note="exit code $exit_code${note:+, $note}"
        check_in "$status"
    fi
    exit "$exit_code"
fi

[ -n "$job" ] || exit "${strict:-0}"
case ${1:-ok} in
    start | ok | warning | fail | log)
        [ -z "$path" ] || size=$(measured "$path")
        check_in "${1:-ok}"
        ;;
    flush) flush ;;
    *) usage ;;
esac || exit "${strict:-0}"
exit 0
