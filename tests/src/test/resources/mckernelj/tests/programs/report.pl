# Counts, formats, packs: regular expressions, hashes, sort, sprintf, pack, local files.
use strict;
use warnings;
binmode STDOUT, ':utf8';
my ($text, $numbers) = @ARGV;
open my $in, '<:encoding(UTF-8)', $text or die "$text: $!";
my (%words, $total);
while (my $line = <$in>) {
    while ($line =~ /([[:alpha:]]+)/g) { $words{lc $1}++; $total++ }
    $line =~ s/(\d+) the (\w+)/$2-$1/ or die;
    print $line if $. % 500 == 1;
}
printf "%-8s %5d %6.2f%%\n", $_, $words{$_}, 100 * $words{$_} / $total
    for (sort { $words{$b} <=> $words{$a} || $a cmp $b } keys %words)[0 .. 9];
open my $table, '<', $numbers or die;
my @rows = map { chomp; [split /\t/] } <$table>;
my @sorted = sort { $a->[1] <=> $b->[1] || $a->[0] <=> $b->[0] } @rows;
print join(',', map { "@$_" } @sorted[0 .. 4, -5 .. -1]), "\n";
print unpack('H*', pack('NnCdA5x2w', 1 << 31, 513, 255, 3.25, 'pack', 16384)), "\n";
printf "%s %e %.15g %b %o %#x %+d\n", 'x' x 3, 12345.678, 0.1 + 0.2, 10, 64, 255, 7;
my $string = join '', map { chr(ord('a') + $_ % 26) } 1 .. 1000;
print length($string), ' ', scalar(() = $string =~ /(?=abc)/g), ' ', substr(reverse($string), 0, 10), "\n";
local $SIG{ALRM} = sub { print "alarm\n" };
alarm 1; select undef, undef, undef, 3;
eval { die { code => 42 } }; print "caught $@->{code}\n";
print "$0\n";
exit 5;
