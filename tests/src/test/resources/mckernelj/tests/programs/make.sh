# make with parallel jobs.
cd work || exit
cat > Makefile <<'X'
all: a b c d e f
	@echo all; sort -n log
%: 
	@sleep 0.0$$(( $$$$ % 5 )); echo $@; echo 1 >> log; touch $@
prog: x.o y.o
	$(CC) -o $@ $^ && ./$@
X
echo '#include <stdio.h>
int y(int); int main(){printf("%d\n", y(4)); return 0;}' >x.c; echo 'int y(int a){return a*a;}' > y.c
make -s -j4 | sort; make -j4 prog | sort
