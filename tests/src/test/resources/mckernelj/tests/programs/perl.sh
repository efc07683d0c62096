# Processes, sockets, signals and threads of perl.
perl -e 'for (1..5) { my $p = fork; if (!$p) { exit $_ } push @p, $p } for (@p) { waitpid $_, 0; print $? >> 8, "\n" }'
perl -MPOSIX -e '$SIG{CHLD} = sub { while ((my $p = waitpid -1, WNOHANG) > 0) { $n++ } }; for (1..5) { fork or exit } sleep 1 while $n < 5; print "$n\n"'
perl -MIPC::Open3 -e 'my $p = open3(my $in, my $out, undef, "sort"); print $in "b\na\n"; close $in; print <$out>; waitpid $p, 0; print $?, "\n"'
perl -Mthreads -e 'my @t = map { my $x = $_; threads->create(sub { $x * $x }) } 1..4; print $_->join, "\n" for @t'
perl -MSocket -e 'socketpair(A, B, AF_UNIX, SOCK_STREAM, 0); if (fork) { close B; print A "hello\n"; shutdown A, 1; print <A> } else { close A; while (<B>) { print B uc } }'
perl -MTime::HiRes=ualarm,sleep -e '$SIG{ALRM} = sub { die "alarm\n" }; ualarm 50000; eval { sleep 5 }; print $@'
perl -e 'open P, "|-", "cat -n" or die; print P "x\ny\n"; close P; open Q, "-|", "echo", "q" or die; print <Q>; if (open(F, "-|") // die) { print "parent: ", <F> } else { print "child\n"; exit }'
perl -MStorable=dclone -MEncode -MMath::BigInt -MTime::Local -MList::Util=sum -e 'print Math::BigInt->new(3)->bpow(300), "\n", sum(map { $_ ** 0.5 } 1..100), "\n", encode("UTF-16BE", "\x{1F600}") =~ s/(.)/sprintf "%02x", ord $1/gser, "\n", timelocal(0,0,0,1,0,100), "\n"'
