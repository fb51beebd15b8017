#!/usr/bin/env bash
# Measures feeds on Redis, SQLite and PostgreSQL beside the library: starts the servers that this machine
# has, on free ports and in a temporary folder, tests that all peers give the same pages, measures, and stops
# exactly those servers again. What is missing is passed over, loudly.
#
#   benches/peers/run.sh             # 100,000 readers, some ten minutes
#   benches/peers/run.sh --quick     # 2,000 readers: does all of it work?
#   benches/peers/run.sh --help      # the other options
#
# The table, the numbers and the chart go to target/peers. Servers keep up to some 3 GB below TMPDIR meanwhile.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

folder=$(mktemp -d "${TMPDIR:-/tmp}/peers.XXXXXX")
# A server that runs as another user has to get to its folder in it.
chmod 711 "$folder"
redis=

# Ends one server, and waits until it has.
end() {
    # PostgreSQL takes this as: end all sessions, and then yourself.
    kill -INT "$1" 2>/dev/null || return 0
    for _ in {1..100}; do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.1
    done
    echo "the server with process id $1 does not stop, and is killed" >&2
    kill -KILL "$1" 2>/dev/null || true
}

# PostgreSQL runs below the program that changes the user, and writes down which process it is.
end_postgres() {
    local server
    if server=$(head -n 1 "$folder/postgres/data/postmaster.pid" 2>/dev/null); then
        end "$server"
    fi
}

stop() {
    [[ -z $redis ]] || end "$redis"
    end_postgres
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

missing() {
    printf '\n*** %s ***\n*** Debian: %s ***\n\n' "$1" "$2" >&2
}

# A port that nobody listens at. Somebody else may take it before the server does, who then does not come up
# and is started once more at another.
free_port() {
    local port
    while true; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# Waits until the server with that process id answers, or is gone: answers PID COMMAND...
answers() {
    local server=$1
    shift
    for _ in {1..150}; do
        "$@" 2>/dev/null && return 0
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.2
    done
    return 1
}

redis_answers() {
    local line
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'PING\r\n' >&3
    read -r -t 2 line <&3
    exec 3>&-
    [[ $line == +PONG* ]]
}

start_redis() {
    local program port
    program=$(command -v redis-server || command -v valkey-server) || {
        missing "no redis-server: Redis is not measured" "apt-get install redis-server"
        return
    }
    mkdir "$folder/redis"
    for _ in 1 2 3; do
        port=$(free_port)
        "$program" --bind 127.0.0.1 --port "$port" --unixsocket "$folder/redis/socket" \
            --dir "$folder/redis" --save "" --appendonly no >"$folder/redis/log" 2>&1 &
        redis=$!
        if answers "$redis" redis_answers "$port"; then
            export PEERS_REDIS="$folder/redis/socket"
            return
        fi
        end "$redis"
    done
    tail "$folder/redis/log" >&2
    missing "redis-server did not answer: Redis is not measured; its last words are above" "see there"
}

# The folder of PostgreSQL's programs: the newest of Debian's, or where the path leads.
postgres_folder() {
    local at
    at=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    if [[ -z $at ]] && command -v initdb >/dev/null; then
        at=$(dirname "$(readlink -f "$(command -v initdb)")")
    fi
    [[ -x $at/initdb && -x $at/postgres ]] && echo "$at"
}

# PostgreSQL refuses to run as root.
unprivileged() {
    if [[ $EUID -ne 0 ]]; then
        "$@"
    else
        runuser -u "$(id -un postgres 2>/dev/null || echo nobody)" -- "$@"
    fi
}

postgres_answers() {
    # Its eighth line says whether sessions are taken.
    [[ $(sed -n 8p "$folder/postgres/data/postmaster.pid") == ready* ]]
}

start_postgres() {
    local programs port server more
    programs=$(postgres_folder) || {
        missing "no postgres and initdb: PostgreSQL is not measured" "apt-get install postgresql"
        return
    }
    mkdir "$folder/postgres"
    [[ $EUID -ne 0 ]] || chown "$(id -un postgres 2>/dev/null || echo nobody)" "$folder/postgres"
    if ! (cd "$folder/postgres" && unprivileged "$programs/initdb" -D data -U peers --auth=trust \
        --no-sync --encoding=UTF8 --locale=C) >"$folder/initdb.log" 2>&1; then
        tail "$folder/initdb.log" >&2
        missing "initdb failed: PostgreSQL is not measured; its last words are above" "see there"
        return
    fi
    # In memory as far as it can be, as what it is measured beside; the second time without counting the time of
    # statements, for which not every installation has what it takes.
    for more in "-c shared_preload_libraries=pg_stat_statements" "" ""; do
        port=$(free_port)
        # shellcheck disable=SC2086
        (cd "$folder/postgres" && unprivileged "$programs/postgres" -D data -p "$port" \
            -c listen_addresses=127.0.0.1 -c unix_socket_directories="$folder/postgres" \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal \
            -c max_wal_senders=0 -c shared_buffers=1GB -c maintenance_work_mem=256MB \
            -c max_wal_size=4GB $more) >"$folder/postgres.log" 2>&1 &
        server=$!
        if answers "$server" postgres_answers; then
            export PEERS_POSTGRES="host=$folder/postgres port=$port user=peers dbname=postgres"
            return
        fi
        end_postgres
    done
    tail "$folder/postgres.log" >&2
    missing "postgres did not answer: PostgreSQL is not measured; its last words are above" "see there"
}

start_redis
start_postgres
# Where pages differ that is said again by the peer, and those of the others are measured all the same.
tested=0
cargo test --release --manifest-path benches/peers/Cargo.toml -- --nocapture || tested=$?
cargo run --release --manifest-path benches/peers/Cargo.toml -- "$@"
exit "$tested"
