# Job control, traps, processes of bash.
set -m
sleep 100 & sleep 200 &
jobs
kill %1; wait %1; echo $?
jobs
kill -STOP %2; sleep 0.1; jobs
kill -CONT %2; sleep 0.1; jobs; kill %2; wait
(echo in subshell; exit 4); echo $?
for i in 1 2 3 4 5; do (echo $i) & done | sort; wait
trap 'echo usr1' USR1; kill -USR1 $$
f() { local x=$1; [ $x -gt 0 ] && f $((x-1)) || echo deep; }; f 100
cat <(echo a) <(echo b)
set -o pipefail; false | true; echo $?
time -p true 2>/dev/null
mapfile -t a < <(seq 5); echo ${a[@]}
{ echo out; echo err >&2; } 2>&1 | sort
exec 5<>/dev/tcp/127.0.0.1/1 || echo refused
read -t 0.1 x < <(sleep 1); echo $?
diff <(seq 3) <(seq 4); coproc cat; echo hi >&${COPROC[1]}; read -u ${COPROC[0]} l; echo $l; kill $COPROC_PID
timeout -s INT 0.2 sleep 10; echo $?
nohup echo nohup; setsid -w echo setsid; nice echo nice; (ulimit -f 1; trap "" XFSZ; head -c 100000 /dev/zero >work/big; echo $?)
