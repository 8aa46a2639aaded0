#!/usr/bin/perl
# headers.pl - each header compiles alone, with each of the given compilers.
# usage: headers.pl [--root=DIR] [--compilers=gcc,clang] [--packages=a,b (pkg-config modules)]
use strict;
use warnings;
use File::Basename;
use lib dirname(__FILE__);
use House;

my @compilers = split /,/, option('compilers') || 'cc';
my $flags = '';
if (option('packages')) {
    my $packages = join ' ', split /,/, option('packages');
    $flags = `pkg-config --cflags $packages`;
    die "pkg-config does not know all of: $packages\n" if $? != 0;
    chomp $flags;
}
my $includes = '-I' . root() . '/core -I' . root() . '/sdk/include';
my @headers = files(qr/\.h$/, 'core', 'sdk/include');

# A file of one line that includes the header twice: what it needs, and its guard, are both tried.
for my $compiler (@compilers) {
    for my $path (@headers) {
        my $command = "$compiler -std=gnu11 -D_GNU_SOURCE -fsyntax-only -Wall -Wextra -Werror "
            . "$includes $flags -include '" . root() . "/$path' -include '" . root()
            . "/$path' -x c /dev/null 2>&1";
        my $said = `$command`;
        next if $? == 0;
        my ($first) = $said =~ /^(.*\berror\b.*)$/m;
        report($path, 1, 'alone', "$compiler: " . (defined $first ? $first : $said));
    }
}
finish(scalar @headers);
