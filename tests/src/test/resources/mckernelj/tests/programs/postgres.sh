# A PostgreSQL cluster: initdb, two clients of pgbench, a look with psql, shutdown. It refuses root, so that root becomes postgres first.
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
[ -n "$bin" ] || exit 127
if [ "$(id -u)" = 0 ]; then
    directory=$(mktemp -d /tmp/postgres.XXXXXX); cp "$0" "$directory/postgres.sh"; chown -R postgres "$directory"; cd "$directory" || exit
    setpriv --reuid postgres --regid postgres --clear-groups sh postgres.sh; status=$?
    cd /; rm -r "$directory"; exit $status
fi
PATH=$bin:$PATH
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
initdb -D base -N -A trust >log 2>&1 || { cat log; exit 1; }
pg_ctl -D base -o "-p $port -F -k $PWD" -l log -w -t 200 start >/dev/null || { cat log; exit 1; }
export PGHOST=127.0.0.1 PGPORT=$port PGDATABASE=postgres
psql -c 'select 6 * 7 as answer'
pgbench -i -s 1 -q >/dev/null 2>&1; echo $?
pgbench -c 2 -j 2 -t 20 2>/dev/null | grep -E 'processed|failed'
psql -At -c 'select count(*), (select sum(bbalance) from pgbench_branches) = (select sum(delta) from pgbench_history) from pgbench_history'
pg_ctl -D base -w stop | tail -n 1
grep -E 'ERROR|PANIC|WARNING' log
exit 0
