# Counts, sorts and changes words of a text; a sieve.
use strict;
use warnings;

my (%count, %lengths);
open my $file, '<', 'text' or die;
while (<$file>) {
    for my $word (split) {
        $count{$word}++;
        $lengths{length $word}++;
        (my $other = $word) =~ s/([aeiou])(.)/$2\U$1/g;
        $count{$other} += 2 if $other =~ /^[a-m].*[A-Z]/;
    }
}
my @words = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
print "$_ $count{$_}\n" for @words[0 .. 9];
print join(' ', map { "$_:$lengths{$_}" } sort { $a <=> $b } keys %lengths), "\n";

my @composite;
my $primes = 0;
for my $n (2 .. 100_000) {
    next if $composite[$n];
    $primes++;
    for (my $k = $n * $n; $k <= 100_000; $k += $n) { $composite[$k] = 1 }
}
print "$primes\n";
