# redis and nginx on loopback with their load generators, openssl's server and client, an rsync daemon: servers.sh NAME. Ports are taken as found free.
free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# Until the command succeeds: servers need a while to start.
until_ok() { i=0; until "$@" >/dev/null 2>&1; do i=$((i + 1)); [ $i -lt 300 ] || { echo "no answer"; exit 1; }; sleep 0.2; done; }

cd work || exit
port=$(free_port)
case $1 in
redis)
    command -v redis-server >/dev/null && command -v redis-benchmark >/dev/null || exit 127
    redis-server --port "$port" --bind 127.0.0.1 --save '' --loglevel warning >log 2>&1 &
    until_ok redis-cli -p "$port" ping
    redis-cli -p "$port" set key value
    redis-cli -p "$port" get key
    redis-benchmark -p "$port" -n 300 -c 10 -q -t set,get,incr,lpush,lrange_100 2>&1 | tr '\r' '\n' | grep 'requests per second' | sed 's/:.*//'
    redis-cli -p "$port" llen mylist
    redis-cli -p "$port" save
    redis-cli -p "$port" shutdown nosave
    wait; echo $?; ls dump.rdb
    ;;
nginx)
    command -v nginx >/dev/null && command -v wrk >/dev/null || exit 127
    mkdir html; echo hello >html/index.html; seq 20000 >html/numbers
    cat >conf <<X
daemon off; worker_processes 2; pid $PWD/pid; error_log $PWD/err.log; events { worker_connections 64; }
http { access_log off; client_body_temp_path $PWD/t; proxy_temp_path $PWD/p; fastcgi_temp_path $PWD/f; uwsgi_temp_path $PWD/u; scgi_temp_path $PWD/s;
sendfile on; server { listen 127.0.0.1:$port; root $PWD/html; } }
X
    nginx -e "$PWD/err.log" -c "$PWD/conf" -p "$PWD" & server=$!
    until_ok busybox wget -q -O - "http://127.0.0.1:$port/"
    busybox wget -q -O - "http://127.0.0.1:$port/numbers" | md5sum
    wrk -t2 -c4 -d1s "http://127.0.0.1:$port/" | grep -o -E 'Requests/sec|Non-2xx|Socket errors'
    kill -HUP $server; sleep 0.5; busybox wget -q -O - "http://127.0.0.1:$port/"
    kill -QUIT $server; wait; echo $?; cat err.log
    ;;
openssl)
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out cert -days 3 -subj /CN=x 2>/dev/null
    openssl s_server -accept "127.0.0.1:$port" -key key -cert cert -quiet -rev >served 2>&1 & server=$!
    until_ok openssl s_client -connect "127.0.0.1:$port" -brief -no_ign_eof </dev/null
    mkfifo ask; openssl s_client -connect "127.0.0.1:$port" -quiet -no_ign_eof -CAfile cert <ask >answer 2>/dev/null &
    client=$!; exec 3>ask; echo stressed >&3; until_ok grep desserts answer; exec 3>&-; wait $client; echo $?; cat answer
    kill $server; wait $server 2>/dev/null; echo $?; grep -E 'Protocol|Ciphersuite' served | sort -u
    ;;
rsync)
    command -v rsync >/dev/null || exit 127
    mkdir from; cp ../text ../words from; seq 1000 >from/numbers
    rsync -a from/ to/; echo x >>from/text; rm from/words; rsync -rc --out-format='%i %n' --delete from/ to/; diff -r from to && echo same
    printf '[m]\npath=%s/from\nuse chroot=no\n' "$PWD" >conf
    rsync --daemon --config=conf --port="$port" --address=127.0.0.1 --no-detach & server=$!
    until_ok rsync "rsync://127.0.0.1:$port/m/"
    rsync -az "rsync://127.0.0.1:$port/m/" got; diff -r from got && echo same; kill $server; wait; echo $?
    ;;
esac
