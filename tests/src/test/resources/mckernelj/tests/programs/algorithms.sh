# Every digest and every cipher that openssl has; ciphers with random parts are decrypted only.
for digest in $(openssl list -digest-algorithms | sed -n '/^Provided/,$d; s/^ *//; /=>/!p' | grep -v :); do
    openssl dgst "-$digest" binary 2>/dev/null
done
key=00112233445566778899aabbccddeeff
for cipher in $(openssl enc -list | grep -o -- '-[^ ]*'); do
    openssl enc "$cipher" -K $key$key -iv 000102030405060708090a0b0c0d0e0f -in binary -out work/secret 2>/dev/null || continue
    case $cipher in
    *wrap*) ;;
    *) md5sum <work/secret ;;
    esac
    openssl enc -d "$cipher" -K $key$key -iv 000102030405060708090a0b0c0d0e0f -in work/secret 2>/dev/null | cmp - binary && echo "$cipher"
done
