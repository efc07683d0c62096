# Runs tests of CPython that are installed (Debian: libpython3.x-testsuite): pytest.sh NAME. Times are cut off.
ls /usr/lib/python3*/test/"$1".py >/dev/null 2>&1 || exit 127
case $1 in
test_decimal) /usr/bin/python3 -m test -v "$1" ;;
*) /usr/bin/python3 -m unittest -v "test.$1" ;;
esac 2>&1 | grep -E ' \.\.\. |^(Ran|OK|FAILED|ERROR|FAIL)' | sed -E 's/ in [0-9.]*s$//; s/(resolution:|will run for) [0-9.]+/\1 N/'
