# A program of MPI on as many processes as there are, by MPICH and by Open MPI.
command -v mpicc.mpich >/dev/null && command -v mpicc.openmpi >/dev/null || exit 127
cd work || exit
cat >ring.c <<'X'
#include <mpi.h>
#include <stdio.h>
#include <string.h>
static char big[1 << 20];
int main(int argc, char **argv) {
    int rank, size, sum;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    int one = rank + 1;
    MPI_Allreduce(&one, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
    memset(big, rank, sizeof big);
    MPI_Sendrecv_replace(big, sizeof big, MPI_CHAR, (rank + 1) % size, 7, (rank + size - 1) % size, 7, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    printf("rank %d of %d: sum %d, from %d\n", rank, size, sum, big[sizeof big - 1]);
    return MPI_Finalize();
}
X
mpicc.mpich -O1 -o ring.mpich ring.c && mpirun.mpich -n 3 ./ring.mpich | sort
mpicc.openmpi -O1 -o ring.openmpi ring.c && OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun.openmpi --oversubscribe -n 3 ./ring.openmpi | sort
