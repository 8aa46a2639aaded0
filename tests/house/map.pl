#!/usr/bin/perl
# map.pl - docs/map.md: every room with its first comment line. Without --write it only checks that
# the map is in step with the files. usage: map.pl [--root=DIR] [--write]
use strict;
use warnings;
use File::Basename;
use lib dirname(__FILE__);
use House;

my @floors = (
    ['base',      1, 'the C standard library and nothing else'],
    ['model',     2, 'nouns, pure'],
    ['expr',      2, 'the expression language, pure'],
    ['platform',  2, 'the outside world, one library a room, each behind a port'],
    ['store',     3, 'all SQL'],
    ['policy',    3, 'compiled policies'],
    ['host',      3, 'loaded plugins; the only floor that sees the SDK'],
    ['decide',    4, 'decisions, pure'],
    ['engine',    5, 'verbs: the pipeline and what drives it'],
    ['service',   6, "the API's rooms"],
    ['dashboard', 6, 'the web page'],
    ['daemon',    7, 'the program gend'],
    ['cli',       7, 'the program gen, a client of the API'],
    ['media',     0, 'the program gen-media, apart: sandboxed, opens untrusted files'],
);

# The text after "name - " up to the end of its sentence or paragraph.
sub summary
{
    my ($path) = @_;
    my ($comment) = slurp($path) =~ m{\A/\*\s*(.*?)\s*(\n\s*\*\s*\n|\*/)}s;
    return '' if !defined $comment;
    $comment =~ s/\n\s*\*?\s*/ /g;
    $comment =~ s{^[\w/]+\.[ch] - }{} or return '';
    $comment =~ s/^(.*?[^.]\.)(\s.*)?$/$1/;
    $comment =~ s/\|/\\|/g;
    return $comment;
}

sub table
{
    my ($title, $strip, @paths) = @_;
    return '' if !@paths;
    my $text = "\n## $title\n\n| room | what it is |\n|---|---|\n";
    for my $path (@paths) {
        (my $name = $path) =~ s/^\Q$strip\E//;
        $name =~ s/\.[ch]$//;
        $text .= "| [$name](../$path) | " . summary($path) . " |\n";
    }
    return $text;
}

sub map_text
{
    my $text = "# Map of the house\n\nMade by `tests/house/map.pl --write` from the first comment "
        . "line of each file; do not edit.\nFloors include downwards only "
        . "([architecture](architecture.md)).\n";
    for my $row (@floors) {
        my ($floor, $number, $what) = @$row;
        my %header = map { $_ => 1 } files(qr/\.h$/, "core/$floor");
        my @paths = grep { /\.h$/ || !$header{s/\.c$/.h/r} } files(qr/\.[ch]$/, "core/$floor");
        my $where = $number ? "floor $number" : 'apart';
        $text .= table("core/$floor ($where): $what", "core/$floor/", @paths);
    }
    $text .= table('sdk: the contract with plugins', 'sdk/include/', files(qr/\.h$/, 'sdk/include'));
    my %plugins;
    for my $path (files(qr/\.[ch]$/, 'plugins')) {
        push @{$plugins{$1}}, $path if $path =~ m{^plugins/([^/]+)/};
    }
    for my $plugin (sort keys %plugins) {
        my %header = map { $_ => 1 } @{$plugins{$plugin}};
        my @paths = grep { !/\.c$/ || !$header{s/\.c$/.h/r} } @{$plugins{$plugin}};
        $text .= table("plugins/$plugin", "plugins/$plugin/", @paths);
    }
    return $text;
}

my $text = map_text();
if (option('write')) {
    mkdir root() . '/docs';
    open(my $file, '>', root() . '/docs/map.md') or die "docs/map.md: $!\n";
    print $file $text;
    close $file or die "docs/map.md: $!\n";
    print "map.pl: wrote docs/map.md\n";
    exit 0;
}

my $current = -f root() . '/docs/map.md' ? slurp('docs/map.md') : '';
if ($current ne $text) {
    my %has = map { $_ => 1 } split /\n/, $current;
    my %should = map { $_ => 1 } split /\n/, $text;
    my @lines = ((map { "should have: $_" } grep { !$has{$_} } split /\n/, $text),
        (map { "should not have: $_" } grep { !$should{$_} } split /\n/, $current));
    @lines = grep { !/: $/ } @lines;
    splice @lines, 5 if @lines > 5;
    @lines = ('its lines are in another order') if !@lines;
    report('docs/map.md', 0, 'map', "$_ (run tests/house/map.pl --write)") for @lines;
}
finish(scalar files(qr/\.[ch]$/, 'core', 'sdk', 'plugins'));
