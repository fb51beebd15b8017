#!/usr/bin/env bash
# Measures everything in order, and writes BENCHMARKS.md with its charts. Stop it when you like: it goes on
# where it was. What was measured of the same sources is not measured again.
#
#   benches/report/run.sh                 # about half an hour on an idle machine, and 8 GB
#   benches/report/run.sh --million       # with the worlds of a million readers: 16 GB
#   benches/report/run.sh --quick         # worlds of 2,000, some minutes: does all of it work?
#   benches/report/run.sh --anew          # forgets first what is there; once stopped, go on without it
#   benches/report/run.sh --only scaling  # one step, or some with commas between
#
# The steps are the topics of `cargo bench` (id, overhead, deliver, home, pull, cold, rank, mixed, threads, publish, beside,
# disk), then footprint, scaling, strategies and peers; with --million also deliver-1m, mixed-1m, scaling-1m, and
# strategies-1m in place of strategies. The page is written at the end of each run, of what is there: after --only
# also of what older sources were measured to take.
#
# Numbers are kept in target/report, and those of `cargo bench` where it keeps them. A trial (--quick) keeps all of
# its own, its page included, in target/report-quick.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# It is for the steps that say so.
unset ANABRANCH_BENCH_1M

quick=() million=() large= anew=no only=
while [[ $# -gt 0 ]]; do
    case $1 in
    --quick) quick=(--quick) ;;
    --million) million=(--million) large=-1m ;;
    --anew) anew=yes ;;
    --only)
        only=${2:?"--only takes the names of steps"}
        shift
        ;;
    --help)
        sed -n '2,/^set/p' "$0" | grep '^#' | cut -c 3-
        exit
        ;;
    *)
        echo "there is no option $1; --help tells those that there are" >&2
        exit 2
        ;;
    esac
    shift
done

topics=(id overhead deliver home pull cold rank mixed threads publish beside disk)
known=("${topics[@]}" footprint scaling strategies peers)
[[ -z $large ]] || known+=(deliver-1m mixed-1m scaling-1m strategies-1m)
for name in ${only//,/ }; do
    if [[ " ${known[*]} " != *" $name "* ]]; then
        echo "there is no step $name; choose among ${known[*]}" >&2
        exit 2
    fi
done

# Before anything is built, which would count.
load=()
if [[ -r /proc/loadavg ]]; then
    load=(--load "$(cut -d ' ' -f 1 /proc/loadavg)")
fi
if [[ ${#quick[@]} -gt 0 ]]; then
    data=$PWD/target/report-quick
    export CRITERION_HOME=$data/criterion ANABRANCH_BENCH_QUICK=1
    times=(--warm-up-time 0.05 --measurement-time 0.1 --sample-size 10)
    readers=(--readers 2000) worlds=(--readers 2000)
    page=(--criterion "$CRITERION_HOME" --page "$data/BENCHMARKS.md" --charts charts)
else
    data=$PWD/target/report
    times=() readers=() worlds=(--readers 100000) page=()
    [[ -z $large ]] || worlds=(--readers 100000,1000000)
fi
if [[ $anew = yes ]]; then
    # Only once: a run that is stopped goes on without the option.
    if [[ -z $only ]]; then
        rm -rf "$data"
    else
        for name in ${only//,/ }; do
            rm -f "$data/done/$name" "$data/done/$name.begun"
        done
    fi
fi
mkdir -p "$data/done"

# What is measured, as it is now.
sources=(src benches/feeds benches/world benches/peers examples Cargo.lock)
version=$({ git ls-files -s -- "${sources[@]}" && git diff -- "${sources[@]}"; } | cksum)

report() {
    cargo run --quiet --release --locked --manifest-path benches/report/Cargo.toml --bin "$@"
}

# Takes a step, unless it was taken: step NAME COMMAND...
number=0
step() {
    local name=$1
    shift
    number=$((number + 1))
    if [[ -n $only && ,$only, != *,$name,* ]]; then
        return
    fi
    if [[ $(cat "$data/done/$name" 2>/dev/null) = "$version" ]]; then
        printf '\n== %s of %s, %s: is there\n' "$number" "$steps" "$name"
        return
    fi
    printf '\n== %s of %s, %s\n' "$number" "$steps" "$name"
    "$@"
    echo "$version" >"$data/done/$name"
}

topic() {
    cargo bench --locked --bench feeds -- "^$1" "${times[@]}"
}

topic_with_a_million() {
    ANABRANCH_BENCH_1M=1 topic "$1"
}

footprint() {
    cargo run --release --locked --example footprint -- --json "$data/footprint.json" "${readers[@]}"
}

scaling() {
    # It goes on with the cells that are there: none of other sources.
    if [[ $(cat "$data/done/scaling.begun" 2>/dev/null) != "$version" ]]; then
        rm -rf "$data/scaling"
        echo "$version" >"$data/done/scaling.begun"
    fi
    report scaling -- --out "$data/scaling" "${quick[@]}" "$@"
}

strategies() {
    cargo run --release --locked --example strategies -- --out "$data/strategies.csv" "${worlds[@]}"
}

peers() {
    benches/peers/run.sh --out "$data/peers" "${quick[@]}"
}

main() {
    steps=$((${#topics[@]} + 4))
    [[ -z $large ]] || steps=$((steps + 3))

    report anabranch-report -- begin --data "$data" "${quick[@]}" "${million[@]}" "${load[@]}"
    for name in "${topics[@]}"; do
        step "$name" topic "$name/"
    done
    if [[ -n $large ]]; then
        step deliver-1m topic_with_a_million "deliver/.*1m"
        step mixed-1m topic_with_a_million "mixed/.*1m"
    fi
    step footprint footprint
    step scaling scaling
    [[ -z $large ]] || step scaling-1m scaling --million
    step "strategies$large" strategies
    step peers peers
    report anabranch-report -- write --data "$data" "${page[@]}"
}

# Read whole before it begins, so that changing this file does not change what runs.
main
exit
