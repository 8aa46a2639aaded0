#!/usr/bin/perl
# selftest.pl - a rule that cannot fail is no rule. Each folder below tests/house/bad holds a small tree
# that breaks one rule, and `expect`: the command (a script of tests/house and options) and then, one
# a line, patterns. Each pattern must meet a finding and each finding a pattern. The tree stands in
# `tree`, or in tree.txt as "== path" and the lines of the file, where {+} is taken out: so that a
# tree can hold what no file here may hold.
# usage: selftest.pl [--only=CASE]
use strict;
use warnings;
use File::Basename;
use File::Path 'make_path';
use File::Temp 'tempdir';

my $house = dirname(__FILE__);
my ($only) = map { /^--only=(.+)$/ ? $1 : () } @ARGV;
my ($failed, %tried) = (0);
my @cases = map { dirname($_) } glob("$house/bad/*/expect");

sub complain
{
    print @_, "\n";
    $failed++;
}

# The folder that the tree of a case stands in.
sub tree
{
    my ($case) = @_;
    return "$case/tree" if !-f "$case/tree.txt";
    my $folder = tempdir(CLEANUP => 1);
    my $to;
    open(my $from, '<', "$case/tree.txt") or die "$case/tree.txt: $!\n";
    while (my $line = <$from>) {
        if ($line =~ /^== (.+)$/) {
            my $path = "$folder/$1";
            make_path(dirname($path));
            open($to, '>', $path) or die "$path: $!\n";
        } else {
            $line =~ s/\{\+\}//g;
            print $to $line;
        }
    }
    close $to;
    return $folder;
}

for my $case (@cases) {
    my $name = basename($case);
    next if defined $only && $only ne $name;
    open(my $file, '<', "$case/expect") or die "$case/expect: $!\n";
    chomp(my ($command, @patterns) = grep { !/^(#.*)?$/ } <$file>);
    close $file;
    my ($script, @options) = split ' ', $command;
    $tried{$script} = 1;

    open(my $out, '-|', $^X, "$house/$script", "--root=" . tree($case), @options) or die "$script: $!\n";
    my @lines = <$out>;
    close $out;
    my $code = $? >> 8;
    chomp @lines;
    my $summary = @lines ? pop @lines : 'nothing';
    complain("$name: $script printed \"$summary\" and ended with $code")
        if $summary !~ /findings in \d+ files$/ || $code != (@patterns ? 1 : 0);
    for my $line (@lines) {
        complain("$name: not expected: $line") if !grep { $line =~ /$_/ } @patterns;
    }
    for my $pattern (@patterns) {
        complain("$name: $script did not find: $pattern") if !grep { /$pattern/ } @lines;
    }
}
for my $script (map { basename($_) } glob("$house/*.pl")) {
    complain("$script has no bad example") if !$tried{$script} && $script ne 'selftest.pl' && !$only;
}
printf "selftest.pl: %d failures in %d examples\n", $failed, scalar @cases;
exit($failed || !@cases ? 1 : 0);
