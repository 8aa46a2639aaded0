#!/usr/bin/perl
# rooms.pl - how a room looks: its name, its comments, its length, its tests. Needs universal-ctags.
# usage: rooms.pl [--root=DIR]
use strict;
use warnings;
use File::Basename;
use lib dirname(__FILE__);
use House;

my $longest_function = 60;
my $longest_file = 600;
my $nameless = qr/^(util|utils|common|misc|helper|helpers|stuff|tools|shared|general|base)$/;
# Pairs whose meaning the house style gives: lifecycle, and a choice's word and value.
my $lifecycle = qr/_(init|fini|create|destroy|word|of)$/;
# Files that own something that changes, with the reason.
my %stateful = (
    'core/base/alloc.c'           => 'tests make the nth allocation of the whole process fail',
    'core/platform/files_call.c'  => 'tests make the nth system call on a file fail',
    'core/platform/json_reader.c' => "jansson's allocation hooks belong to the process",
);

# Base names are unique across core/ (main is every program's), and say what they hold.
sub check_names
{
    my %home;
    for my $path (@_) {
        my ($floor, $name) = $path =~ m{^core/(.+)/([^/]+)\.[ch]$} or next;
        report($path, 1, 'name', "\"$name\" says nothing; name the room after what it holds")
            if $name =~ $nameless;
        next if $name eq 'main';
        if (defined $home{$name} && $home{$name} ne $floor) {
            report($path, 1, 'unique', "there is a room \"$name\" in core/$home{$name} already");
        }
        $home{$name} = $floor if !defined $home{$name};
    }
}

# "name.h - what it is" first; a header says its floor and its tests, and the tests are there.
sub check_comment
{
    my ($path, $text) = @_;
    my ($name) = $path =~ m{([^/]+)$};
    my ($first) = $text =~ m{\A/\*\s*(.*?)\*/}s;

    if (!defined $first || $first !~ m{^(gen/[\w/]*)?\Q$name\E - \S}) {
        report($path, 1, 'comment', "begins with /* $name - what it is */");
        return;
    }
    return if $path !~ m{^core/.*\.h$};
    report($path, 1, 'comment', 'the first comment does not say "Floor: ..."') if $first !~ /\bFloor: /;
    report($path, 1, 'comment', 'the first comment does not say "Thread: ..."')
        if $first !~ /\b[Tt]hread\b/;
    if ($first !~ m{\bTests: (.+)}s) {
        report($path, 1, 'comment', 'the first comment does not say "Tests: path"');
        return;
    }
    my @paths = $1 =~ m{\b(tests/[\w/.]*\w)}g;
    report($path, 1, 'tests', 'the line "Tests: " names no file under tests/') if !@paths;
    for my $test (@paths) {
        report($path, 1, 'tests', "$test does not exist") if !-e root() . "/$test";
    }
}

# Each function that a header declares is explained: in its paragraph, by name in another comment of
# the header, by being one of the lifecycle pairs, or by being a plain getter (at most one argument,
# cannot fail), whose name says it.
sub check_documented
{
    my ($path, $text) = @_;
    my $parts = split_c($text);
    my $comments = join "\n", map { $_->[1] } @{$parts->{comments}};
    my @code = split /\n/, $parts->{code}, -1;
    my @source = split /\n/, $text, -1;
    my $depth = 0;
    my $begin = 0; # of the paragraph
    my $explained = 0;

    for my $index (0 .. $#code) {
        if ($source[$index] =~ /^\s*$/) {
            $explained = 0;
        }
        $explained = 1 if $source[$index] =~ m{/\*|\*/};
        if ($depth == 0 && $code[$index] =~ /^[a-zA-Z_][\w\s*()]*?\b(gen_\w+)\s*\(/
            && $code[$index] !~ /^\s*(typedef|static)\b/) {
            my $name = $1;
            my ($arguments) = join("\n", @code[$index .. $#code]) =~ /\b$name\s*\(([^)]*)/;
            my $getter = $arguments !~ /,/ && $code[$index] !~ /\benum gen_status\b/;
            my $trailing = join "\n", @source[$index .. ($index + 3 < $#source ? $index + 3 : $#source)];
            my $explains = $explained || $comments =~ /\b\Q$name\E\b/ || $name =~ $lifecycle
                || $getter
                || $trailing =~ m{\A[^;]*;[ \t]*/\*};
            report($path, $index + 1, 'document', "$name has no comment") if !$explains;
        }
        $depth += ($code[$index] =~ tr/{//) - ($code[$index] =~ tr/}//);
    }
}

# Function length, prefix of public names and variables of a file's own, as ctags sees them.
sub check_tags
{
    my ($ctags, @paths) = @_;
    my $list = join "\n", @paths;
    my $root = root();
    my $pid = open(my $out, '-|') // die "fork: $!\n";
    if ($pid == 0) {
        chdir $root or die "$root: $!\n";
        open(my $in, '|-', $ctags, '--quiet=yes', '--options=NONE', '--languages=C', '--map-C=+.h',
            '--kinds-C=fv', '--fields=nefk', '--output-format=u-ctags', '--sort=no', '-f', '-',
            '-I', 'GEN_MUST_CHECK,GEN_PRINTF+', '-L', '-') or die "$ctags: $!\n";
        print $in "$list\n";
        close $in or die "$ctags failed\n";
        exit 0;
    }
    while (my $tag = <$out>) {
        next if $tag =~ /^!/;
        chomp $tag;
        my ($name, $path, $rest) = split /\t/, $tag, 3;
        my ($line) = $rest =~ /\tline:(\d+)/;
        my ($end) = $rest =~ /\tend:(\d+)/;
        my ($kind) = $rest =~ /;"\t(\w)/;
        my ($text) = $rest =~ m{/\^?(.*?)\$?/;"};
        my $local = $rest =~ /\tfile:/ || $text =~ /^static\b/;
        if ($kind eq 'f') {
            my $length = defined $end ? $end - $line + 1 : 0;
            report($path, $line, 'function', "$name has $length lines, more than $longest_function")
                if $length > $longest_function;
            report($path, $line, 'prefix', "$name is public and does not begin with gen_")
                if $path =~ m{^core/} && !$local && $name !~ /^(gen_|main$)/;
        } elsif ($kind eq 'v' && $path =~ /\.c$/) {
            check_variable($path, $line, $name);
        }
    }
    close $out or die "$ctags failed; is universal-ctags installed?\n";
}

# State hangs from an object handed in. What a file itself owns must not change.
sub check_variable
{
    my ($path, $line, $name) = @_;
    my @code = split /\n/, split_c(slurp($path))->{code}, -1;
    my $before = join "\n", grep { !/^\s*#/ } @code[0 .. $line - 1];

    # From the end of the last declaration or function to the name: its type.
    $before =~ s/\b\Q$name\E\b(?!.*\b\Q$name\E\b).*//s;
    1 while $before =~ s/\{[^{}]*\}/<>/g;
    $before =~ s/.*(;|\)\s*<>)//s;
    my ($last) = $before =~ /([^*]*)$/; # what follows the last star: const there is what counts
    return if $last =~ /\bconst\b/ || $stateful{$path};
    # A plugin's entry is handed the host's services once, and its verbs are not.
    return if $path =~ m{^(?:plugins/[^/]+|sdk/template)/plugin\.c$} && $before =~ /\bconst struct gen_host \*\s*$/;
    report($path, $line, 'state', "$name is a file-level variable that can change");
}

my $ctags = option('ctags') || (-x '/usr/bin/ctags-universal' ? 'ctags-universal' : 'ctags');
my @core = files(qr/\.[ch]$/, 'core');
my @all = (@core, files(qr/\.[ch]$/, 'plugins', 'sdk'));

check_names(@core);
for my $path (@all) {
    my $text = slurp($path);
    my $lines = ($text =~ tr/\n//);
    report($path, 1, 'length', "$lines lines, more than $longest_file") if $lines > $longest_file && $path !~ m{^sdk/include/};
    check_comment($path, $text);
    check_documented($path, $text) if $path =~ m{^core/.*\.h$};
}
check_tags($ctags, @all) if @all;
finish(scalar @all);
