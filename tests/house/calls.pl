#!/usr/bin/perl
# calls.pl - what is not called here, and where what is called may be called; SQL and its one home.
# usage: calls.pl [--root=DIR]
use strict;
use warnings;
use File::Basename;
use lib dirname(__FILE__);
use House;

# functions => where they are allowed after all (pattern of paths, '' = nowhere), and why not else.
my @rules = (
    ['strcpy strcat sprintf vsprintf gets strtok stpcpy', '', 'has no bound; use base/bytes or snprintf'],
    ['atoi atol atoll atof', '', 'hides errors; parse with a check'],
    ['system popen', '', 'starts a shell; programs start through platform/process'],
    ['rand srand random srandom drand48', '', 'is not random and not repeatable; randomness is a port'],
    ['tmpnam tempnam mktemp', '', 'is a race; use mkstemp or O_TMPFILE'],
    ['alloca setjmp longjmp', '', 'breaks ownership and the one exit path'],
    ['assert', '', 'vanishes or aborts on input; GEN_CHECK for our bugs, a status for the rest'],
    ['malloc calloc realloc free strdup strndup asprintf vasprintf reallocarray',
     '^core/base/alloc\.c$|^sdk/simulator/|^plugins/local/typeset/',
     'passes by base/alloc, so no test can fail it'],
    ['time clock gettimeofday clock_gettime ftime', '^core/platform/clock\.c$|^core/media/|^sdk/simulator/',
     'asks the system for the time; time is a port (platform/clock)'],
    ['localtime localtime_r mktime', '', 'depends on the machine\'s zone; times are UTC'],
    ['sleep usleep nanosleep', '^core/cli/|^core/platform/clock\.c$|^sdk/simulator/', 'blocks the loop'],
    ['fork vfork execv execve execvp execl execlp posix_spawn posix_spawnp',
     '^core/platform/|^core/media/|^sdk/simulator/', 'starts programs; platform/process does'],
    ['pthread_create thrd_create uv_thread_create', '^core/(platform|store)/|^sdk/simulator/',
     'starts a thread; threads meet in two queues only'],
    ['dlopen dlsym', '^core/host/', 'loads code; core/host does'],
    ['abort', '^core/base/check\.c$', 'ends the process; GEN_CHECK does'],
);

# A plugin does no I/O and keeps nothing: values in, values out.
my @plugin_rules = (
    ['fopen open openat creat read write fread fwrite socket connect send recv printf puts fprintf '
     . 'perror getenv setenv exit stat access unlink mkdir', '', 'is I/O; a plugin asks the engine'],
);

my $sql = qr/^\s*(SELECT\s.+\sFROM\b|INSERT\s+(OR\s+\w+\s+)?INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b
    |(CREATE|DROP|ALTER)\s+(TABLE|INDEX|VIEW|TRIGGER|UNIQUE)\b|PRAGMA\s+\w|BEGIN\s+IMMEDIATE|SAVEPOINT\s)/xs;

sub check_calls
{
    my ($path, $code, @table) = @_;
    my $number = 0;
    for my $line (split /\n/, $code) {
        $number++;
        next if $line !~ /\(/;
        while ($line =~ /(->|\.|\w\s+\*?)?\b([a-z_]\w*)\s*\(/g) {
            my ($before, $name) = ($1 || '', $2);
            next if $before eq '->' || $before eq '.'; # a member, not the function
            for my $rule (@table) {
                next if !grep { $_ eq $name } split ' ', $rule->[0];
                next if $rule->[1] ne '' && $path =~ /$rule->[1]/;
                report($path, $number, 'call', "$name() $rule->[2]");
            }
        }
    }
}

my @files = files(qr/\.[ch]$/, 'core', 'plugins', 'sdk');
for my $path (@files) {
    my $parts = split_c(slurp($path));
    check_calls($path, $parts->{code}, @rules);
    if ($path =~ m{^plugins/} && $path !~ m{/typeset/}) {
        check_calls($path, $parts->{code}, @plugin_rules);
    }
    next if $path =~ m{^core/store/};
    for my $string (@{$parts->{strings}}) {
        report($path, $string->[0], 'sql', 'SQL lives in core/store alone') if $string->[1] =~ $sql;
    }
}
finish(scalar @files);
