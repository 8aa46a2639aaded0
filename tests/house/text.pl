#!/usr/bin/perl
# text.pl - all text in the tree: no places of one machine, no hosts that packages come from, no
# tabs or spaces at line ends, and the top level holds what DESIGN fixed. usage: text.pl [--root=DIR]
use strict;
use warnings;
use File::Basename;
use lib dirname(__FILE__);
use House;

my $text_file = qr{(\.(c|h|pl|pm|sh|cmake|md|yaml|yml|json|js|mjs|ts|html|css|txt|in|service|conf|1)
    |/CMakeLists\.txt|^CMakeLists\.txt|/run|LICENSE|/\.[a-z-]+|^\.[a-z-]+)$}x;
my $top = qr{^(CMakeLists\.txt|core|plugins|sdk|policies|tests|packaging|docs|README\.md|LICENSE|\.ci
    |\.git\w*|\.clang-\w+|\.editorconfig|\.npmrc|build|compile_commands\.json|\.cache|\.vscode|\.idea)$}x;

# Written in pieces, so that this file does not name what it forbids.
my @machine = ('\/wo' . 'rk\/', '\/tm' . 'p\/h\/', '\/hom' . 'e\/\w', '\/ro' . 'ot\/', '\/Use' . 'rs\/\w');
my @hosts = ('registry\.np' . 'mjs', 'deb\.deb' . 'ian\.org', 'pypi\.' . 'org', 'proxy\.gol' . 'ang',
    'artifact' . '-?registry');
my $machine = join '|', @machine;
my $hosts = join '|', @hosts;

opendir(my $dir, root()) or die root() . ": $!\n";
for my $entry (sort grep { !/^\.\.?$/ } readdir $dir) {
    report($entry, 0, 'top', 'does not belong at the top level') if $entry !~ $top;
}
closedir $dir;

my @files = grep { !m{^tests/(unit|fuzz|data)/.*/(data|corpus)/|^\.git$} } files($text_file, '.');
for my $path (@files) {
    my $number = 0;
    my $lock = $path =~ m{(^|/)(package-lock|npm-shrinkwrap)\.json$};
    for my $line (split /\n/, slurp($path)) {
        $number++;
        report($path, $number, 'machine', 'names a place of one machine')
            if $line =~ m/(?<![\w.~}\$])($machine)/;
        report($path, $number, 'host', 'names a host that packages come from') if $line =~ /$hosts/;
        report($path, $number, 'host', 'a lock file names no download address')
            if $lock && $line =~ /"resolved":\s*"\w+:/;
        next if $path !~ /\.([ch]|pl|pm|sh|cmake)$/;
        report($path, $number, 'space', 'space at the end of the line') if $line =~ /[ \t]$/;
        report($path, $number, 'space', 'a tab') if $line =~ /\t/;
        report($path, $number, 'space', 'longer than 110 columns')
            if length($line) > 110 && $path =~ m{^(core|plugins|sdk)/.*\.[ch]$} && $line !~ /^[\x00-\x7f]*https?:/
            && $line !~ /[^\x00-\x7f]/;
    }
}
finish(scalar @files);
