# House.pm - what the house rules share: the files of a tree, C source split into code, strings and
# comments, and the report. Only modules of perl-base, so that it runs on any Debian.
package House;
use strict;
use warnings;
use Exporter 'import';
our @EXPORT = qw(root files slurp split_c report finish option waived);

my $root = '.';
my %options;
my @findings;
my %waivers;

for my $argument (@ARGV) {
    if ($argument =~ /^--root=(.+)$/) {
        $root = $1;
    } elsif ($argument =~ /^--([a-z]+)(?:=(.*))?$/) {
        $options{$1} = defined $2 ? $2 : 1;
    } else {
        die "usage: $0 [--root=DIR] [--OPTION[=VALUE]]\n";
    }
}

sub root   { return $root; }
sub option { return $options{$_[0]}; }

# Paths of the tree below the given folders, relative to the root, sorted, that match `pattern`.
# Build results, installed JavaScript and the bad examples of these rules do not belong to it.
sub files
{
    my ($pattern, @folders) = @_;
    my @found;
    my @todo = grep { -e "$root/$_" } @folders;
    while (defined(my $path = shift @todo)) {
        if (-d "$root/$path" && !-l "$root/$path") {
            next if $path =~ m{(^|/)(\.git|build|node_modules)$} || $path =~ m{(^|/)tests/house/bad$};
            opendir(my $dir, "$root/$path") or die "$root/$path: $!\n";
            push @todo, map { $path eq '.' ? $_ : "$path/$_" } grep { !/^\.\.?$/ } readdir $dir;
            closedir $dir;
        } elsif (-f "$root/$path" && $path =~ $pattern) {
            push @found, $path;
        }
    }
    my @sorted = sort @found;
    return @sorted;
}

sub slurp
{
    my ($path) = @_;
    open(my $file, '<', "$root/$path") or die "$root/$path: $!\n";
    binmode $file;
    local $/;
    my $text = <$file>;
    close $file;
    return defined $text ? $text : '';
}

# C source -> {code, strings, comments}. code: the text with comments blanked and the inside of
# strings emptied, lines kept. strings and comments: [line, text].
sub split_c
{
    my ($text) = @_;
    my ($code, $line) = ('', 1);
    my (@strings, @comments);
    while ($text =~ m{\G(?:(/\*.*?\*/|//[^\n]*)|("(?:[^"\\\n]|\\.)*")|('(?:[^'\\\n]|\\.)*')|([^/"']+|.))}gs) {
        my ($comment, $string, $character, $rest) = ($1, $2, $3, $4);
        my $all = $comment // $string // $character // $rest;
        if (defined $comment) {
            push @comments, [$line, $comment];
            $comment =~ s/[^\n]/ /g;
            $code .= $comment;
        } elsif (defined $string) {
            push @strings, [$line, substr($string, 1, -1)];
            $code .= '""' . ("\n" x ($string =~ tr/\n//));
        } else {
            $code .= defined $character ? "' '" : $rest;
        }
        $line += ($all =~ tr/\n//);
    }
    return { code => $code, strings => \@strings, comments => \@comments };
}

# A line may carry the comment "house-allow RULE: reason" (or the line above it does).
sub waived
{
    my ($path, $line, $rule) = @_;
    if (!$waivers{$path}) {
        my %lines;
        my $number = 0;
        for my $text (split /\n/, slurp($path)) {
            $number++;
            if ($text =~ /house-allow ([a-z-]+): \S/) {
                $lines{"$number $1"} = 1;
                $lines{($number + 1) . " $1"} = 1 if $text =~ m{^\s*(/\*|#)};
            }
        }
        $waivers{$path} = \%lines;
    }
    return $waivers{$path}{"$line $rule"};
}

sub report
{
    my ($path, $line, $rule, $message) = @_;
    return if $line && waived($path, $line, $rule);
    push @findings, sprintf("%s:%d: [%s] %s\n", $path, $line, $rule, $message);
}

# Prints what was found and ends the program: 0 when the house is in order, 1 when it is not.
sub finish
{
    my ($checked) = @_;
    die "$0: there is nothing to check below $root\n" if !$checked;
    print sort @findings;
    printf "%s: %d findings in %d files\n", $0 =~ m{([^/]+)$}, scalar @findings, $checked;
    exit(@findings ? 1 : 0);
}

1;
