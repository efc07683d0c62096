# Sourced by quickstart and check: installs what is missing. install_missing COMMAND-OR-PATH:PACKAGE ...
install_missing() {
    wanted=
    for pair in "$@"; do
        case $pair in
        /*) [ -e "${pair%%:*}" ] ;;
        *) command -v "${pair%%:*}" >/dev/null 2>&1 ;;
        esac || wanted="$wanted ${pair#*:}"
    done
    java_ok || wanted="$wanted openjdk-17-jdk-headless"
    [ -z "$wanted" ] && return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "Please install first:$wanted" >&2
        return 1
    fi
    echo "Installing:$wanted" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends $wanted; } >/tmp/mckernelj-install.$$ 2>&1 || {
        cat /tmp/mckernelj-install.$$ >&2
        rm -f /tmp/mckernelj-install.$$
        return 1
    }
    rm -f /tmp/mckernelj-install.$$
}

# java_ok: a compiler of Java 17 or newer is there (find_java is in environment.sh)
java_ok() {
    find_java 2>/dev/null && [ -x "${java%/java}/javac" ]
}

# maven ARGUMENTS: runs Maven with the JDK that was found, quietly, from the project's root
maven() {
    (cd "$home" && JAVA_HOME=${java%/bin/java} mvn -B -ntp "$@")
}
