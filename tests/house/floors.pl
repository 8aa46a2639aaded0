#!/usr/bin/perl
# floors.pl - who may include whom. Reads include lines only; DESIGN's picture of the house is the
# table `below`. usage: floors.pl [--root=DIR]
use strict;
use warnings;
use File::Basename;
use lib dirname(__FILE__);
use House;

# floor => the floors under it that it may include; its own floor's rooms come without saying.
# Wings (model|expr|platform, store|policy|host, daemon|cli) do not meet; decide is pure, so it
# does not see the outside world; cli knows the API, and what the policy tools decide on without a
# daemon; the dashboard the API only; media stands apart.
my %below = (
    base      => '',
    model     => 'base',
    expr      => 'base',
    platform  => 'base',
    store     => 'base model expr platform',
    policy    => 'base model expr platform',
    host      => 'base model expr platform',
    decide    => 'base model expr policy',
    engine    => 'base model expr platform store policy host decide',
    service   => 'base model expr platform store policy host decide engine',
    dashboard => 'base',
    daemon    => 'base model expr platform store policy host decide engine service dashboard',
    cli       => 'base model expr platform policy decide',
    media     => 'base',
);

# Rooms that may look where their floor does not: a log is checked in a copy of its database, without a
# daemon.
my %also = ('cli/audit_offline' => 'store');

# Programs of the SDK, apart from the house: folder below sdk/ => the floors that each stands on. The
# simulator is somebody else's service, so it knows nothing of the engine (its world and its rooms
# know each other: circles are not looked for there); the testkit tries a plugin with the very rooms
# that load it.
my %programs = (
    simulator => 'base platform',
    testkit   => 'base model platform host',
);

# Floors that compute only: nothing but the C standard library (and its POSIX string cousin).
my %pure = map { $_ => 1 } qw(base model expr decide);

# Outside libraries: header => the files (without suffix) that alone may include it. Two files where
# one side of a library (its loop, its transfers) is a room's own inner half.
my @libraries = (
    [qr{^uv\.h$},                'core/platform/loop core/platform/process'],
    [qr{^curl/},                 'core/platform/http_client core/platform/http_call core/platform/http_form core/platform/http_url'],
    [qr{^microhttpd\.h$},        'core/platform/http_server core/platform/exchange core/platform/reply sdk/simulator/server'],
    [qr{^jansson\.h$},           'core/platform/json_reader plugins/local/typeset/*'],
    [qr{^yaml\.h$},              'core/platform/yaml_reader'],
    [qr{^sodium(/|\.h$)},        'core/platform/crypto sdk/simulator/jwt'],
    [qr{^gnutls/},               'core/platform/signature sdk/simulator/rsa'],
    [qr{^sqlite3\.h$},           'core/store/database'],
    [qr{^seccomp\.h$},           'core/media/syscall_filter sdk/testkit/jail'],
    [qr{^lib(av\w+|sw\w+)/},     'core/media/*'],
    [qr{^tesseract/},            'core/media/*'],
    [qr{^zbar\.h$},              'core/media/*'],
    [qr{^archive(_entry)?\.h$},  'core/platform/archive'],
    [qr{^dlfcn\.h$},             'core/host/* sdk/testkit/statics'],
    [qr{^link\.h$},              'sdk/testkit/statics'],
    [qr{^(pango/|cairo|glib|fontconfig/|hb|ft2build)}, 'plugins/local/typeset/*'],
);

my $standard = qr{^(assert|complex|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp
    |signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|tgmath
    |threads|time|uchar|wchar|wctype|strings)\.h$}x;
my $system = qr{^((sys|linux|netinet|arpa|net|asm)/\w+|dirent|fcntl|ftw|getopt|glob|grp|langinfo
    |libgen|netdb|poll|pthread|pwd|sched|semaphore|spawn|syslog|termios|ucontext|unistd|utime|wait
    |endian|byteswap|err|execinfo|features|malloc|mntent|paths|sysexits|alloca)\.h$}x;

# Rooms of one floor that need each other in a circle.
my %edges;

sub check_core
{
    my ($path, $line, $form, $name) = @_;
    my ($floor, $room) = $path =~ m{^core/(\w+)/(?:.*/)?([^/]+)\.[ch]$};

    if (!defined $floor || !defined $below{$floor}) {
        report($path, $line, 'floor', 'is on no floor of the house');
        return;
    }
    if ($form eq '"') {
        if ($name !~ m{^(\w+)/([\w/]+)\.h$} || !-f root() . "/core/$name") {
            report($path, $line, 'written', "\"$name\" is not the path of a header from core/");
            return;
        }
        my ($target, $other) = ($1, $2);
        my $allowed = $target eq $floor || grep { $_ eq $target } split ' ', "$below{$floor} " . ($also{"$floor/$room"} || '');
        report($path, $line, 'upward', "$floor may not include $target ($name)") if !$allowed;
        $edges{"$floor/$room"}{"$target/$other"} = "$path:$line" if "$floor/$room" ne "$target/$other";
        return;
    }
    if ($name =~ m{^gen/}) {
        report($path, $line, 'sdk', "only core/host includes <$name>") if $floor ne 'host';
        return;
    }
    check_outside($path, $line, $name, $pure{$floor});
}

# An <include> of something that is not ours.
sub check_outside
{
    my ($path, $line, $name, $pure) = @_;
    (my $file = $path) =~ s/\.[ch]$//;
    (my $folder = $file) =~ s{/[^/]+$}{/*};

    for my $row (@libraries) {
        next if $name !~ $row->[0];
        if (!grep { $_ eq $file || $_ eq $folder } split ' ', $row->[1]) {
            report($path, $line, 'library', "<$name> belongs to $row->[1] alone");
        }
        return;
    }
    return if $name =~ $standard;
    if ($name !~ $system) {
        report($path, $line, 'library', "<$name> is a library that floors.pl gives to no room");
    } elsif ($pure && "$file $name" ne 'core/base/alloc malloc.h') { # it wipes what is freed
        report($path, $line, 'pure', "<$name>: this floor has the C standard library only");
    }
}

sub check_plugin
{
    my ($path, $line, $form, $name) = @_;
    my ($folder) = $path =~ m{^(.*)/};

    if ($form eq '"') {
        if ($name =~ m{\.\.} || !-f root() . "/$folder/$name") {
            report($path, $line, 'plugin', "\"$name\" is not in $folder; plugins stand on <gen/...>");
        }
        return;
    }
    return if $name =~ m{^gen/};
    # typeset is a program of its own that the plugin asks the engine to run
    check_outside($path, $line, $name, $path !~ m{/typeset/});
}

# A program of the SDK: its own rooms ("room.h" or "program/room.h") and the floors that it stands on.
sub check_program
{
    my ($path, $line, $form, $name) = @_;
    my ($program, $room) = $path =~ m{^sdk/(\w+)/([^/]+)\.[ch]$};

    if ($form eq '"') {
        (my $own = $name) =~ s{^$program/}{};
        if ($own !~ m{/} && -f root() . "/sdk/$program/$own") {
            $own =~ s/\.h$//;
            if ($own ne $room && $program ne 'simulator') {
                $edges{"$program/$room"}{"$program/$own"} = "$path:$line";
            }
            return;
        }
        my ($target) = $name =~ m{^(\w+)/[\w/]+\.h$};
        if (!defined $target || !-f root() . "/core/$name") {
            report($path, $line, 'written', "\"$name\" is neither of sdk/$program nor of core");
        } elsif (!grep { $_ eq $target } split ' ', $programs{$program}) {
            report($path, $line, 'upward', "sdk/$program may not include $target ($name)");
        }
        return;
    }
    check_outside($path, $line, $name, 0) if $name !~ m{^gen/};
}

sub check_sdk
{
    my ($path, $line, $form, $name) = @_;
    my ($folder) = $path =~ m{^sdk/(\w+)/};

    return check_program($path, $line, $form, $name) if $programs{$folder};
    return check_plugin($path, $line, $form, $name) if $folder eq 'template';
    if ($folder ne 'include') {
        report($path, $line, 'floor', "floors.pl does not know the folder sdk/$folder");
    } elsif ($form eq '"' || ($name !~ m{^gen/} && $name !~ $standard)) {
        report($path, $line, 'sdk', "the SDK's headers include the C standard library only ($name)");
    }
}

# Depth-first over the rooms; a way back to a room that is still open is a circle.
my %state;

sub visit
{
    my ($room, @way) = @_;
    $state{$room} = 'open';
    for my $next (sort keys %{$edges{$room} || {}}) {
        if (($state{$next} || '') eq 'open') {
            my @circle = (@way, $room);
            shift @circle while $circle[0] ne $next;
            my ($path, $line) = $edges{$room}{$next} =~ /^(.*):(\d+)$/;
            report($path, $line, 'cycle', join(' -> ', @circle, $next));
        } elsif (!$state{$next}) {
            visit($next, @way, $room);
        }
    }
    $state{$room} = 'done';
}

my @files = files(qr/\.[ch]$/, 'core', 'plugins', 'sdk');
for my $path (@files) {
    my $check = $path =~ m{^core/} ? \&check_core : $path =~ m{^plugins/} ? \&check_plugin : \&check_sdk;
    my $number = 0;
    for my $text (split /\n/, slurp($path)) {
        $number++;
        if ($text =~ /^\s*#\s*include\s*([<"])([^>"]+)[>"]/) {
            $check->($path, $number, $1, $2);
        }
    }
}
for my $room (sort keys %edges) {
    visit($room) if !$state{$room};
}
finish(scalar @files);
