# Stressors of stress-ng that check themselves, a few rounds of each; not as root, which would let them change the host: stress.sh NAME...
command -v stress-ng >/dev/null || exit 127
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid nobody --regid nogroup --clear-groups "$@"; else "$@"; fi; }
directory=$(mktemp -d /tmp/stress.XXXXXX); chmod 777 "$directory"; cd "$directory" || exit
for stressor; do
    as stress-ng "--$stressor" 1 "--$stressor-ops" 5 --verify --timeout 5 --temp-path "$directory" --vm-bytes 16m -q >out 2>&1
    echo "$stressor $?"; grep -E 'fail:' out | sed -E 's/\[[0-9]+\]//; s/[0-9]{3,}/N/g' | sort -u
done
cd /; rm -r "$directory"
