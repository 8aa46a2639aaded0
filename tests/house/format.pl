#!/usr/bin/perl
# format.pl - clang-format decides, nobody argues. --write formats instead of checking.
# usage: format.pl [--root=DIR] [--write] [--program=clang-format]
use strict;
use warnings;
use File::Basename;
use lib dirname(__FILE__);
use House;

# Aligned by hand, with the reason. A table inside another file uses "clang-format off" instead.
my %by_hand = (
    'sdk/include/gen/provider.h'    => 'members and their meaning stand in columns',
    'sdk/include/gen/ext/cancel.h'  => 'like provider.h',
    'sdk/include/gen/ext/recover.h' => 'like provider.h',
    'sdk/include/gen/ext/health.h'  => 'like provider.h',
);

my $program = option('program') || 'clang-format';
my @paths = grep { !$by_hand{$_} } files(qr/\.[ch]$/, 'core', 'plugins', 'sdk');
my $mode = option('write') ? '-i' : '--dry-run -Werror --ferror-limit=1';

`$program --version` =~ /version 14\./
    or die "format.pl: $program is not version 14, whose results differ from other versions\n";
while (my @some = splice @paths, 0, 32) {
    my $said = `cd '@{[root()]}' && $program $mode @some 2>&1`;
    my $failed = $? != 0;
    my $seen = 0;
    while ($said =~ /^([^:\n]+):(\d+):\d+: error: /mg) {
        report($1, $2, 'format', 'not as clang-format writes it (run tests/house/format.pl --write)');
        $seen = 1;
    }
    die "format.pl: $program failed: $said\n" if $failed && !$seen;
}
finish(scalar files(qr/\.[ch]$/, 'core', 'plugins', 'sdk'));
