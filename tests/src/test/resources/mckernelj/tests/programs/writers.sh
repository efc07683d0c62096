# Two processes write to one database, by turns.
cd work || exit
sqlite3 base 'pragma journal_mode=wal; create table t(w, n)'
w() { for i in $(seq 6); do sqlite3 -cmd '.timeout 20000' base "insert into t values($1, $i)"; done; }
w 1 & w 2 & wait; sqlite3 base 'select w, count(*), sum(n) from t group by w; pragma integrity_check'
sqlite3 b2 'create table t(w, n)'; v() { for i in $(seq 4); do sqlite3 -cmd '.timeout 20000' b2 "begin immediate; insert into t values($1, $i); insert into t select $1, n from t limit 3; commit"; done; }
v 1 & v 2 & wait; sqlite3 b2 'select count(*), count(distinct w) from t; pragma integrity_check'; ls
