# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (C) 2026 The McKernel/J developers
# bash completion of McKernel/J's tools: source this file. Words only; nothing is asked of a node.

# __mckernelj_words WORD... : those that begin with what is being typed
__mckernelj_words() {
    mapfile -t COMPREPLY < <(compgen -W "$*" -- "${COMP_WORDS[COMP_CWORD]}")
}

__mckernelj_mcreboot() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    -k | -T) __mckernelj_words 0 1 ;;
    -d) __mckernelj_words 0 24 ;;
    -o) mapfile -t COMPREPLY < <(compgen -u -- "${COMP_WORDS[COMP_CWORD]}") ;;
    --machine) __mckernelj_words cores= numa= memory= ;;
    --cpu) __mckernelj_words x86-64-v2 x86-64-v3 ;;
    --engine) __mckernelj_words all interpreter quick full loops targets reforming leaving eager ;;
    -[cmrqfie]) ;;
    *) __mckernelj_words -c -m -r -q -o -f -k -i -d -t -s -h -O -T -e -R --machine --cpu --deterministic --engine --verbose --help -V --version ;;
    esac
}

__mckernelj_mcstop() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    -r) mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}") ;;
    *) __mckernelj_words -r -k -R --help -V --version ;;
    esac
}

# Options up to the program, then the program's own words: commands, then files
__mckernelj_mcexec() {
    local word=${COMP_WORDS[COMP_CWORD]} i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -[cntMmhseSuf] | --mpol-threshold | --extend-heap-by | --stack-premap | --straight-map-threshold | --uti-thread-rank | --flags)
            [ $((i + 1)) = "$COMP_CWORD" ] && return
            i=$((i + 1))
            ;;
        -* | [0-9]*) ;;
        *)
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return
            ;;
        esac
    done
    case $word in
    -*)
        __mckernelj_words -c -n -t -M --mpol-threshold -m -h --extend-heap-by -s --stack-premap -e -S --straight-map-threshold \
            -u --uti-thread-rank -f --flags --mpol-no-heap --mpol-no-stack --mpol-no-bss --mpol-shm-premap --no-bind-ikc-map \
            --enable-vdso --disable-vdso --profile --disable-sched-yield --enable-straight-map --enable-uti --uti-use-last-cpu \
            --strace --debug-mcexec --enable-tofu --help --version
        ;;
    */*) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -c -- "$word") ;;
    esac
}

__mckernelj_ihkosctl() {
    case $COMP_CWORD in
    1) __mckernelj_words 0 --help -V --version ;;
    2) __mckernelj_words assign release query query_free_mem set get load kargs boot shutdown kmsg clear_kmsg intr ;;
    3)
        case ${COMP_WORDS[2]} in
        assign | release | query) __mckernelj_words cpu mem ;;
        set) __mckernelj_words ikc_map ;;
        get) __mckernelj_words ikc_map status buildid ;;
        load) mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[3]}") ;;
        esac
        ;;
    4) [ "${COMP_WORDS[2]} ${COMP_WORDS[3]}" = "release mem" ] && __mckernelj_words all ;;
    esac
}

__mckernelj_ihkconfig() {
    case $COMP_CWORD in
    1) __mckernelj_words 0 --help -V --version ;;
    2) __mckernelj_words create destroy reserve release query get ;;
    3)
        case ${COMP_WORDS[2]} in
        reserve | release | query) __mckernelj_words cpu mem ;;
        get) __mckernelj_words os_instances buildid ;;
        destroy) __mckernelj_words 0 1 ;;
        esac
        ;;
    4) [ "${COMP_WORDS[2]} ${COMP_WORDS[3]}" = "release mem" ] && __mckernelj_words all ;;
    esac
}

__mckernelj_baremetal() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    -cpu) __mckernelj_words x86-64-v2 x86-64-v3 ;;
    -smp | -m | -append) ;;
    *)
        case ${COMP_WORDS[COMP_CWORD]} in
        -*) __mckernelj_words -smp -m -cpu -append -initrd --deterministic --engine --help -V --version ;;
        *) mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}") ;;
        esac
        ;;
    esac
}

# bash finds a command given by its path under the last part of it
complete -F __mckernelj_mcreboot mcreboot mcreboot.sh
complete -F __mckernelj_mcstop mcstop+release mcstop+release.sh
complete -o filenames -F __mckernelj_mcexec mcexec mcexec.sh
complete -F __mckernelj_ihkosctl ihkosctl
complete -F __mckernelj_ihkconfig ihkconfig
complete -o filenames -F __mckernelj_baremetal baremetal
