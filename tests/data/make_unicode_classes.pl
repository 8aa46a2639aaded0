#!/usr/bin/perl
# make_unicode_classes.pl - writes core/expr/unicode_categories.c and core/expr/unicode_scripts.c, the
# tables behind \p{...} and (?i), from the Unicode database that comes with perl.
# usage: make_unicode_classes.pl DIR   (DIR is core/expr; run it again when perl has a newer Unicode)
use strict;
use warnings;
use Unicode::UCD qw(prop_invmap);

my @categories = qw(Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Cs
    Co);
my $last = 0x10FFFF;

# The lines of an initialiser, at most 100 columns wide.
sub lines_of
{
    my @lines = ('   ');
    for my $item (@_) {
        push @lines, '   ' if length($lines[-1]) + length($item) + 2 > 100;
        $lines[-1] .= " $item,";
    }
    return join "\n", @lines;
}

# Runs (first << 8 | value) of a property whose values are numbered by %$number; others are 0.
sub runs_of
{
    my ($property, $number) = @_;
    my ($starts, $values) = prop_invmap($property);
    my @runs;
    my $before = -1;
    for my $i (0 .. $#$starts) {
        last if $starts->[$i] > $last;
        my $value = $number->{$values->[$i]} // 0;
        push @runs, sprintf('0x%X', $starts->[$i] << 8 | $value) if $value != $before;
        $before = $value;
    }
    return @runs;
}

# Simple case folding as circles: each character to the next one that is equal without case.
sub circles
{
    my ($starts, $values, undef, $default) = prop_invmap('Simple_Case_Folding');
    my %fold; # folded to all that fold to it
    for my $i (0 .. $#$starts) {
        next if ref $values->[$i] || $values->[$i] eq $default;
        my $end = $i < $#$starts ? $starts->[$i + 1] : $starts->[$i] + 1;
        for my $c ($starts->[$i] .. $end - 1) {
            push @{$fold{$values->[$i] + $c - $starts->[$i]}}, $c;
        }
    }
    my %next;
    for my $to (keys %fold) {
        my %seen = map { $_ => 1 } $to, @{$fold{$to}};
        my @circle = sort { $a <=> $b } keys %seen;
        $next{$circle[$_ - 1]} = $circle[$_] for 0 .. $#circle;
    }
    return %next;
}

# {first, last, delta}; a run of neighbours that are pairs has delta 0 and is told by the parity of its
# first character.
sub fold_rows
{
    my %next = @_;
    my @rows;
    for my $c (sort { $a <=> $b } keys %next) {
        my $delta = $next{$c} - $c;
        my $row = $rows[-1];
        if ($row && $row->[1] == $c - 1 && $row->[2] == $delta && !$row->[3]) {
            $row->[1] = $c;
        } elsif ($row && $row->[1] == $c - 1 && $row->[3] && $delta == (($c - $row->[0]) % 2 ? -1 : 1)) {
            $row->[1] = $c;
        } elsif ($row && $row->[0] == $c - 1 && $row->[1] == $c - 1 && $row->[2] == 1 && $delta == -1) {
            $row->[1] = $c;
            $row->[3] = 1;
        } else {
            push @rows, [$c, $c, $delta, 0];
        }
    }
    return map { sprintf '{0x%X, 0x%X, %d}', $_->[0], $_->[1], $_->[3] ? 0 : $_->[2] } @rows;
}

sub write_file
{
    my ($path, $text) = @_;
    open(my $out, '>', $path) or die "$path: $!\n";
    print $out $text;
    close $out or die "$path: $!\n";
}

my $dir = shift or die "usage: make_unicode_classes.pl DIR\n";
my $version = Unicode::UCD::UnicodeVersion();
my $made = "Made by\n * tests/data/make_unicode_classes.pl from Unicode $version; see unicode_classes.h. */";

my @names = @categories;
my %category;
$category{$names[$_]} = $_ + 1 for 0 .. $#names;
my %long = map { $_ => $category{$_} } @names;
my $category_runs = lines_of(runs_of('General_Category', \%long), 0);
my $category_names = lines_of((map { "\"$_\"" } @names), 'NULL');

my ($starts, $values) = prop_invmap('Script');
my %scripts = map { $_ => 1 } @$values;
delete $scripts{$_} for qw(Unknown Katakana_Or_Hiragana);
my @scripts = sort keys %scripts;
my %script;
$script{$scripts[$_]} = $_ + 1 for 0 .. $#scripts;
die "too many scripts for a byte\n" if @scripts > 255;
my $script_runs = lines_of(runs_of('Script', \%script), 0);
my $script_names = lines_of((map { "\"$_\"" } @scripts), 'NULL');
my $folds = lines_of(fold_rows(circles()), '{0}');

write_file("$dir/unicode_categories.c", <<"END");
/* unicode_categories.c - which general category each character has. $made
#include "expr/unicode_classes.h"

#include <stddef.h>

/* clang-format off */
const char *const gen_unicode_category_names[] = {
$category_names
};

const uint32_t gen_unicode_categories[] = {
$category_runs
};
END
write_file("$dir/unicode_scripts.c", <<"END");
/* unicode_scripts.c - which script each character belongs to, and its other case. $made
#include "expr/unicode_classes.h"

#include <stddef.h>

/* clang-format off */
const char *const gen_unicode_script_names[] = {
$script_names
};

const uint32_t gen_unicode_scripts[] = {
$script_runs
};

const struct gen_unicode_fold gen_unicode_folds[] = {
$folds
};

const uint32_t gen_unicode_fold_count =
    sizeof(gen_unicode_folds) / sizeof(gen_unicode_folds[0]) - 1;
END
