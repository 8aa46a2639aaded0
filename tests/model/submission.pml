/* submission.pml - the submission protocol of one shot, for the checker `spin`.
 *
 * What core/engine/{machine,submit,recover,revoke,settle,poll,fetch,release,runner}.c do with an attempt and
 * the attempts after it, against a disk that commits later, a network that loses and delays, a provider of any
 * powers, a user who cancels, a person who is asked, and a daemon that is killed at any instant and started
 * again. Every interleaving is looked at; see check.sh.
 *
 * It is about fate and money. Left out: other shots, lanes, amounts, what a plugin keeps between steps. Time is
 * chance, but for one thing: a request does not travel longer than the recover window (see Clock).
 *
 * What must hold:
 *   ONCE      nothing is bought twice for one attempt                          (sell)
 *   RECORD    a request that costs leaves when `submitting` is on disk         (send_order)
 *   WORD      never again while the fate of what was sent is unknown: only if the provider honours repeats, and
 *             another attempt only after its word (or none was needed)         (send_order)
 *   BOOKS     every bill is a charge, or unverified, or its money is held; every charge was billed  (audit)
 *   HOLDS     at the end no money is held                                      (audit)
 *   ONE       one thing is under way for a shot at a time                      (fly)
 *   PROGRESS  it ends while the environment answers: no deadlock, and with counted waits no way to go on for ever
 *   MOVES     every move is one of the table of core/model/attempt.c           (move)
 * table_test.c compares the states and moves below with that table; check.sh, that the
 * model makes every one of them.
 *
 * Mistakes can be planted (see MUTATED); the checker must find each.
 */

/* state: terminal, held */
#define PLANNED 1    /* state 0 0 */
#define RESERVED 2   /* state 0 1 */
#define SUBMITTING 3 /* state 0 1 */
#define ACCEPTED 4   /* state 0 1 */
#define RENDERED 5   /* state 0 1 */
#define FETCHED 6    /* state 0 1 */
#define SETTLED 7    /* state 1 0 */
#define REFUSED 8    /* state 1 0 */
#define FAILED 9     /* state 1 0 */
#define AMBIGUOUS 10 /* state 0 1 */

#define TERMINAL(s) ((s) == SETTLED || (s) == REFUSED || (s) == FAILED)

byte state = PLANNED, move_to;

inline legal(from, to)
{
    if
    :: from == PLANNED && to == RESERVED
    :: from == PLANNED && to == REFUSED
    :: from == RESERVED && to == SUBMITTING
    :: from == RESERVED && to == ACCEPTED
    :: from == RESERVED && to == FETCHED
    :: from == RESERVED && to == REFUSED
    :: from == SUBMITTING && to == ACCEPTED
    :: from == SUBMITTING && to == REFUSED
    :: from == SUBMITTING && to == FAILED
    :: from == SUBMITTING && to == AMBIGUOUS
    :: from == AMBIGUOUS && to == SUBMITTING
    :: from == AMBIGUOUS && to == ACCEPTED
    :: from == AMBIGUOUS && to == REFUSED
    :: from == AMBIGUOUS && to == FAILED
    :: from == ACCEPTED && to == RENDERED
    :: from == ACCEPTED && to == FAILED
    :: from == ACCEPTED && to == AMBIGUOUS
    :: from == RENDERED && to == FETCHED
    :: from == RENDERED && to == FAILED
    :: from == FETCHED && to == SETTLED
    :: else -> assert(false) /* MOVES */
    fi
}

/* verbs */
#define NONE 0
#define SUBMIT 1
#define POLL 2
#define FETCH 3
#define RECOVER 4
#define CANCEL 5

/* what the attempt's failure says while it is open */
#define FINE 0
#define UNSURE 1  /* GEN_FAILURE_AMBIGUOUS: sent, end unknown */
#define OVERDUE 2 /* GEN_FAILURE_TIMEOUT: no verdict in time */

/* books of an attempt */
#define NOTHING 0
#define HELD 1
#define CHARGED 2
#define DOUBTED 3 /* unverified */
#define FREED 4   /* released */

/* billing of a mishap */
#define BILLED_NO 0
#define BILLED_YES 1
#define BILLED_UNKNOWN 2

/* effects; STOP_CALL is a stop and a call */
#define NO_EFFECT 0
#define CALL 1
#define PERFORM 2
#define WAKE 3
#define WANT_SLOT 4
#define STOP_CALL 5
#define LAND 6     /* the lane is left and the flight ends */
#define LAND_WAKE 7

/* answers */
#define TRAVELS 0 /* none yet */
#define YES 1     /* taken, done, found, cancelled */
#define NO 2      /* refused; failed and not billed; no such job; too late to cancel */
#define LATER 3   /* running; not yet; cannot say now */
#define BILLED 4  /* failed, or cancelled, and billed */
#define MAYBE 5   /* failed, nobody says what of the bill */
#define SILENCE 6 /* no answer, and it may have arrived */
#define UNSENT 7  /* no answer, and it has certainly not left */

/* The mistakes that can be planted: the number in the environment variable MUTANT. */
byte mutant;
#define MUTATED(which) (mutant == which)
#define EFFECT_FIRST 1        /* mutant: effects do not wait for their changes */
#define NO_RECORD 2           /* mutant: the `submitting` record is dropped */
#define BLIND_RETRY 3         /* mutant: what was not answered is sent again */
#define RELEASE_ON_TIMEOUT 4  /* mutant: a time-out is taken for a refusal */
#define FORGET_RESTART 5      /* mutant: a start does not recover what was under way */
#define NO_WINDOW 6           /* mutant: "no such job" is believed at once */
#define BELIEVE_REFUSAL 7     /* mutant: a refused repetition counts for the first request */
#define CANCEL_FORGETS 8      /* mutant: a cancelled job drops what it is submitting */
#define HEAR_STRAYS 9         /* mutant: an answer that comes twice is heard twice */

#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef FAULTS
#define FAULTS 2
#endif
#define ATTEMPTS 2
#define TIRED 2 /* RECOVER_MOST_FAILURES, small */

#ifdef WAITS /* "not yet" is said so often in all: then nothing can go on for ever */
byte waits = WAITS;
#define MAY_WAIT waits > 0
#define WAITED waits--
#else
#define MAY_WAIT true
#define WAITED skip
#endif

/* the model's powers */
bool can_recover, can_cancel, idempotent, costless;

/* the engine's memory */
byte ordinal = 1, verb, failure;
byte failures;
bool handle, canceled, ending, cancel_refused, over;
bool window; /* it has been looked for long enough */
byte generation;
bool timer, wants_slot;
byte timer_generation;
byte book[3];

/* the disk */
byte s_state, s_ordinal = 1, s_failure;
bool s_handle, s_canceled, s_over;
byte s_book[3];

/* the flight */
byte up, up_generation, answer; /* the verb under way, and what came back */

/* the world */
byte crashes = CRASHES, faults = FAULTS;
byte orders[3];                /* requests to buy whose flight is gone, still travelling */
byte sold[3];                  /* jobs at the provider for the attempt */
#define ABSENT 0
#define RUNNING 1
#define DONE 2
#define BROKEN 3
byte job[3];
bool bill[3];
bool sent[3], known[2]; /* ghosts: an order left; its fate is known by the provider's word */
bool refused;           /* the provider has said no once for good reason */
bool impatient;         /* the user may cancel */
bool stray; byte stray_verb, stray_answer; /* an answer that comes again, or too late */

chan queue = [3] of { byte, byte, byte, bool, bool, bool, byte, byte, byte, byte };
chan ready = [3] of { byte, byte }; /* effects whose changes are durable, and their generation */

c_decl {
    \#include <stdlib.h>
    static int mutant_asked(void)
    {
        const char *text = getenv("MUTANT");
        return text == NULL ? 0 : atoi(text);
    }
    static unsigned char seen[16][16];
    static int seen_began;
    static void seen_print(void)
    {
        for (int i = 0; i < 16; i++) {
            for (int k = 0; k < 16; k++) {
                if (seen[i][k]) { printf("move %d %d\n", i, k); }
            }
        }
    }
    static void seen_add(int from, int to)
    {
        if (!seen_began) { seen_began = 1; (void)atexit(seen_print); }
        seen[from & 15][to & 15] = 1;
    }
}

/* --------------------------------------------------------------------------------- the books -- */

/* What is durable now is compared with the provider's books. */
inline audit(k)
{
    assert(!(s_book[k] == FREED && (bill[k] || job[k] == RUNNING))); /* BOOKS */
    assert(!(s_book[k] == CHARGED && !bill[k]));                     /* BOOKS */
    assert(!(s_over && s_book[k] == HELD));                          /* HOLDS */
}

/* ------------------------------------------------------------------------------ the provider -- */

inline sell(k)
{
    if
    :: sold[k] > 0 && idempotent
    :: else ->
        assert(sold[k] == 0);       /* ONCE */
        assert(s_book[k] != FREED); /* BOOKS: it would be billed to nobody */
        sold[k]++;
        job[k] = RUNNING
    fi
}

/* An order is read. `word` becomes what is answered. */
inline read_order(k, word)
{
    if
    :: sell(k); word = YES
    :: faults > 0 -> faults--; sell(k); word = MAYBE /* sold, and it answers an error */
    :: faults > 0 && sold[k] == 0 -> faults--; sell(k); job[k] = BROKEN; bill[k] = true; word = BILLED
    :: faults > 0 && sold[k] == 0 -> faults--; word = MAYBE /* not sold, and it says as little */
    :: faults > 0 -> faults--; word = NO /* too many requests, say */
    :: sold[k] == 0 && !refused -> refused = true; word = NO /* and once for good reason */
    fi
}

inline read_other(k, word)
{
    if
    :: up == POLL && job[k] == RUNNING && MAY_WAIT -> WAITED; word = LATER
    :: up == POLL && job[k] == DONE -> word = YES
    :: up == POLL && job[k] == BROKEN && !bill[k] -> word = NO
    :: up == POLL && job[k] == BROKEN && bill[k] -> word = BILLED
    :: up == POLL && job[k] == BROKEN && faults > 0 -> faults--; word = MAYBE
    :: up == POLL && costless -> word = YES
    :: up == RECOVER && job[k] != ABSENT -> word = YES
    :: up == RECOVER && job[k] == ABSENT && (window || MAY_WAIT) ->
        if
        :: window
        :: else -> WAITED
        fi;
        word = NO
    :: up == RECOVER && faults > 0 -> faults--; word = MAYBE /* it will not tell */
    :: up == FETCH -> word = YES
    :: up == FETCH && faults > 0 -> faults--; word = BILLED /* gone, and paid for */
    :: up == CANCEL && job[k] == RUNNING -> job[k] = BROKEN; bill[k] = false; word = NO
    :: up == CANCEL && job[k] == RUNNING -> job[k] = BROKEN; bill[k] = true; word = BILLED
    :: up == CANCEL -> word = LATER /* too late */
    :: faults > 0 -> faults--; word = SILENCE
    :: faults > 0 && up != CANCEL -> faults--; word = LATER
    fi
}

/* What is under way arrives, or not; one answer comes of it, and perhaps comes once more, later. */
active proctype Network()
{
end:
    do
    :: atomic {
        up != NONE && answer == TRAVELS ->
        if
        :: up == SUBMIT && !costless ->
            if
            :: read_order(ordinal, answer)
            :: faults > 0 -> faults--; read_order(ordinal, answer); answer = SILENCE
            :: faults > 0 -> faults--; orders[ordinal]++; answer = SILENCE /* given up, still on its way */
            :: faults > 0 -> faults--; answer = SILENCE                    /* lost */
            :: faults > 0 -> faults--; answer = UNSENT
            fi
        :: up == SUBMIT && costless -> answer = YES
        :: else -> read_other(ordinal, answer)
        fi;
        if
        :: !stray && faults > 0 && answer != SILENCE && answer != UNSENT ->
            faults--; stray = true; stray_verb = up; stray_answer = answer
        :: true
        fi
    }
    :: atomic { orders[1] > 0 -> orders[1]--; if :: sell(1) :: true fi }
    :: atomic { orders[2] > 0 -> orders[2]--; if :: sell(2) :: true fi }
    od
}

active proctype Renderer()
{
end:
    do
    :: d_step { job[1] == RUNNING -> job[1] = DONE; bill[1] = true; assert(s_book[1] != FREED) }
    :: d_step { job[2] == RUNNING -> job[2] = DONE; bill[2] = true; assert(s_book[2] != FREED) }
    :: d_step { job[1] == RUNNING -> job[1] = BROKEN }
    :: d_step { job[2] == RUNNING -> job[2] = BROKEN }
    :: d_step { job[1] == RUNNING -> job[1] = BROKEN; bill[1] = true; assert(s_book[1] != FREED) }
    od
}

/* The window passes in the pauses between two questions, and when nothing of the attempt travels any more: that
 * is what its length is for. */
active proctype Clock()
{
end:
    do
    :: d_step {
        state == AMBIGUOUS && verb == RECOVER && !window && up == NONE && orders[ordinal] == 0 ->
        window = true
    }
    od
}

/* -------------------------------------------------------------------------- turns and commits -- */

byte effect;   /* of the turn */
bool changed;
bool turned;   /* the machine was asked */
#define REFUSE 1
#define FAIL 2
#define BEGIN 3
#define GO_ON 4
byte act, billed; /* how the turn goes on, of settle.c and recover.c; 0 = no further */

inline move()
{
    legal(state, move_to);
    c_code { seen_add(now.state, now.move_to); };
    state = move_to;
    move_to = 0;
    changed = true
}

/* The end of a turn: what changed goes to the writer, and its effects wait; else they are let out at once. */
inline turn_end()
{
    if
    :: effect != NO_EFFECT && MUTATED(EFFECT_FIRST) -> ready!effect, generation; effect = NO_EFFECT
    :: else
    fi;
    if
    :: changed ->
        queue!state, ordinal, failure, handle, canceled, over, book[1], book[2], effect, generation
    :: else ->
        if
        :: effect != NO_EFFECT -> ready!effect, generation
        :: else
        fi
    fi;
    effect = NO_EFFECT;
    changed = false
}

#define ENDING (canceled || ending)

inline call(v)
{
    if
    :: verb != v -> verb = v; window = false
    :: else
    fi;
    effect = CALL
}

inline pause()
{
    effect = WAKE
}

/* --------------------------------------------------------------------------------- settle.c -- */

/* The attempt is over: another one, or none. */
inline settle_next()
{
    verb = NONE;
    failure = FINE;
    if
    :: !ENDING && ordinal < ATTEMPTS ->
        ordinal++;
        state = PLANNED;
        handle = false; failures = 0; window = false; cancel_refused = false;
        book[ordinal] = HELD;
        effect = LAND_WAKE
    :: ending = true; effect = LAND
    fi
}

inline settle_refused()
{
    act = REFUSE
}

inline settle_failed(how)
{
    act = FAIL; billed = how
}

inline settle()
{
    if
    :: act == REFUSE -> move_to = REFUSED; book[ordinal] = FREED
    :: act == FAIL -> move_to = FAILED
    fi;
    move();
    if
    :: act == REFUSE
    :: act == FAIL && (costless || billed == BILLED_NO) -> book[ordinal] = FREED
    :: act == FAIL && !costless && billed == BILLED_YES -> book[ordinal] = CHARGED
    :: act == FAIL && !costless && billed == BILLED_UNKNOWN -> book[ordinal] = DOUBTED
    fi;
    settle_next()
}

inline settle_fetched()
{
    move_to = FETCHED; move();
    move_to = SETTLED; move();
    verb = NONE;
    effect = LAND
}

/* -------------------------------------------------------------------------------- recover.c -- */

inline recover_ask(v)
{
    if
    :: failures == 0 -> call(v)
    :: else -> call(v); pause()
    fi
}

inline recover_ask_person()
{
    verb = NONE;
    effect = LAND
}

inline recover_go_on()
{
    act = GO_ON
}

inline recover_begin()
{
    act = BEGIN
}

inline recover_look_for()
{
    if
    :: handle && !ENDING -> recover_ask(POLL)
    :: !handle && can_recover -> recover_ask(RECOVER)
    :: else ->
        if
        :: !ENDING && idempotent && failures <= TIRED -> recover_ask(SUBMIT)
        :: else -> recover_ask_person()
        fi
    fi
}

inline recover_enter()
{
    failure = UNSURE;
    failures = (failures > TIRED -> failures : failures + 1);
    window = false;
    if
    :: state != AMBIGUOUS -> move_to = AMBIGUOUS; move()
    :: else
    fi
}

/* What the turn goes on with. */
inline go_on()
{
    if
    :: act == REFUSE || act == FAIL -> settle()
    :: act == BEGIN || act == GO_ON ->
        if
        :: act == BEGIN -> recover_enter()
        :: else
        fi;
        recover_look_for()
    :: else
    fi;
    act = 0; billed = 0
}

/* One more answer that says nothing. */
inline recover_stumbled()
{
    failures = (failures > TIRED -> failures : failures + 1);
    if
    :: window && (failures > TIRED || ENDING) -> recover_ask_person()
    :: else -> pause()
    fi
}

inline recover_step(word)
{
    if
    :: word == YES ->
        handle = true; failures = 0; failure = FINE;
        move_to = ACCEPTED; move();
        call(POLL)
    :: word == NO ->
        if
        :: window || MUTATED(NO_WINDOW) -> settle_refused()
        :: else -> pause()
        fi
    :: word == MAYBE -> recover_ask_person()
    :: word == LATER || word == SILENCE || word == UNSENT -> recover_stumbled()
    :: else
    fi
}

/* --------------------------------------------------------------------------------- submit.c -- */

inline submit_step(word)
{
    if
    :: word == YES ->
        handle = true; failures = 0; failure = FINE;
        move_to = ACCEPTED; move();
        call(POLL)
    :: word == NO || word == UNSENT ->
        if
        :: failure == UNSURE && !MUTATED(BELIEVE_REFUSAL) -> recover_begin()
        :: else -> settle_refused()
        fi
    :: word == SILENCE ->
        if
        :: MUTATED(BLIND_RETRY) -> state = AMBIGUOUS; call(SUBMIT)
        :: MUTATED(RELEASE_ON_TIMEOUT) -> settle_refused()
        :: else -> recover_begin()
        fi
    :: word == MAYBE -> recover_begin()
    :: word == BILLED -> settle_failed(BILLED_YES)
    :: else
    fi
}

/* ----------------------------------------------------------------- poll.c, fetch.c, revoke.c -- */

inline poll_step(word)
{
    if
    :: word == YES ->
        failure = FINE; failures = 0;
        if
        :: state == AMBIGUOUS -> move_to = ACCEPTED; move()
        :: else
        fi;
        move_to = RENDERED; move();
        call(FETCH)
    :: word == NO -> settle_failed(BILLED_NO)
    :: word == BILLED -> settle_failed(BILLED_YES)
    :: word == MAYBE -> settle_failed(BILLED_UNKNOWN)
    :: word == LATER || word == SILENCE || word == UNSENT ->
        if
        :: state == ACCEPTED && faults > 0 -> /* no verdict within patience */
            faults--;
            failure = OVERDUE;
            move_to = AMBIGUOUS; move();
            effect = LAND_WAKE
        :: pause()
        fi
    fi
}

inline fetch_step(word)
{
    if
    :: word == YES -> book[ordinal] = (costless -> FREED : CHARGED); settle_fetched()
    :: word == BILLED -> settle_failed(BILLED_YES)
    :: else -> failures = 1; pause()
    fi
}

/* Too late, or it cannot, or it comes to no end: followed to its verdict. */
inline revoke_follow()
{
    cancel_refused = true;
    if
    :: state == ACCEPTED -> call(POLL)
    :: else
    fi
}

inline cancel_step(word)
{
    if
    :: word == NO -> settle_failed(BILLED_NO)
    :: word == BILLED -> settle_failed(BILLED_YES)
    :: word == LATER -> revoke_follow()
    :: word == SILENCE || word == UNSENT ->
        if
        :: pause()
        :: generation++; revoke_follow(); /* for too long */
            effect = (effect == CALL -> STOP_CALL : effect)
        fi
    :: else
    fi
}

/* Brings the attempt to an end that is not its own. */
inline revoke_shot()
{
    if
    :: state == PLANNED || state == RESERVED ->
        generation++;
        settle_refused()
    :: state == SUBMITTING && MUTATED(CANCEL_FORGETS) ->
        generation++;
        settle_refused()
    :: state == ACCEPTED && verb != CANCEL ->
        if
        :: costless -> generation++; settle_failed(BILLED_NO)
        :: !costless && can_cancel && !cancel_refused -> generation++; call(CANCEL); effect = STOP_CALL
        :: else
        fi
    :: state == AMBIGUOUS ->
        if
        :: verb == RECOVER || (verb == CANCEL && !cancel_refused)
        :: else ->
            generation++;
            if
            :: handle && can_cancel && !cancel_refused -> call(CANCEL); effect = STOP_CALL
            :: else -> settle_failed(BILLED_UNKNOWN)
            fi
        fi
    :: state == RENDERED && failures > 0 -> generation++; settle_failed(BILLED_YES)
    :: else
    fi
}

/* -------------------------------------------------------------------------------- machine.c -- */

/* After every input. */
inline look()
{
    if
    :: ENDING && !TERMINAL(state) -> ending = true; revoke_shot()
    :: else
    fi
}

inline close_job()
{
    if
    :: TERMINAL(state) && !over ->
        over = true; changed = true;
        handle = false; failures = 0; window = false; cancel_refused = false /* nobody looks again */
    :: else
    fi
}

/* An answer came. */
inline step()
{
    if
    :: verb == SUBMIT -> submit_step(word)
    :: verb == POLL -> poll_step(word)
    :: verb == FETCH -> fetch_step(word)
    :: verb == RECOVER -> recover_step(word)
    :: verb == CANCEL -> cancel_step(word)
    fi
}

/* After a start. */
inline resume()
{
    if
    :: state == PLANNED -> pause()
    :: state == RESERVED || state == ACCEPTED || state == RENDERED -> effect = WANT_SLOT
    :: state == SUBMITTING ->
        if
        :: MUTATED(FORGET_RESTART)
        :: else -> recover_begin()
        fi
    :: state == AMBIGUOUS -> recover_go_on()
    :: else -> ending = true
    fi
}

inline slot()
{
    if
    :: verb != NONE /* at work already, begun without a slot */
    :: verb == NONE && state == RESERVED -> changed = true; call(SUBMIT)
    :: verb == NONE && state == RESERVED -> /* there is a finished clip to the same order */
        book[ordinal] = FREED;
        settle_fetched()
    :: verb == NONE && state == ACCEPTED -> call(POLL)
    :: verb == NONE && state == RENDERED -> call(FETCH)
    :: else
    fi
}

/* --------------------------------------------------------------------------------- runner.c -- */

inline fly(v)
{
    assert(up == NONE); /* ONE */
    up = v;
    up_generation = generation;
    answer = TRAVELS
}

inline send_order()
{
    assert(s_state == SUBMITTING && s_ordinal == ordinal); /* RECORD */
    assert(!sent[ordinal] || idempotent);          /* WORD */
    assert(ordinal == 1 || known[1] || !sent[1]);  /* WORD */
    sent[ordinal] = true;
    fly(SUBMIT)
}

/* The plugin is asked for its next step. */
inline consult()
{
    if
    :: verb == SUBMIT && !costless ->
        if
        :: MUTATED(NO_RECORD)
        :: else -> move_to = SUBMITTING; move()
        fi;
        effect = PERFORM;
        turned = true
    :: verb != NONE && (verb != SUBMIT || costless) -> fly(verb)
    :: else
    fi
}

/* The flight ends; an order that was on its way may still be. */
inline land()
{
    if
    :: up == SUBMIT && answer == TRAVELS && !costless -> orders[ordinal]++
    :: else
    fi;
    up = NONE; up_generation = 0;
    answer = TRAVELS;
    timer = false; timer_generation = 0
}

inline release()
{
    if
    :: (e == CALL || e == STOP_CALL || e == PERFORM) && g == generation ->
        if
        :: e == STOP_CALL -> land(); consult()
        :: e == CALL -> consult()
        :: e == PERFORM -> send_order()
        fi
    :: e == WAKE && g == generation -> timer = true; timer_generation = g
    :: e == WANT_SLOT -> wants_slot = true
    :: e == LAND || e == LAND_WAKE ->
        land(); wants_slot = false;
        if
        :: e == LAND_WAKE && g == generation -> timer = true; timer_generation = g
        :: else
        fi
    :: else
    fi
}

inline hear()
{
    known[1] = known[1] || (ordinal == 1 && (
        (up == SUBMIT && failure != UNSURE && (answer == NO || answer == UNSENT)) ||
        (up == SUBMIT && answer == BILLED) ||
        (up == RECOVER && answer == NO && window) ||
        (up == POLL && (answer == NO || answer == BILLED || answer == MAYBE || answer == YES))));
    word = answer;
    heard = up_generation == generation && verb != NONE;
    up = NONE; up_generation = 0;
    answer = TRAVELS
}

/* What was in memory is gone, whatever it was. */
inline start()
{
    land();
    do
    :: len(queue) > 0 -> queue?_, _, _, _, _, _, _, _, _, _
    :: len(ready) > 0 -> ready?_, _
    :: else -> break
    od;
    state = s_state; ordinal = s_ordinal; failure = s_failure; handle = s_handle;
    canceled = s_canceled; book[1] = s_book[1]; book[2] = s_book[2];
    ending = false; over = false; verb = NONE; failures = 0; cancel_refused = false; window = false;
    generation = 0; up_generation = 0; timer = false; timer_generation = 0; wants_slot = false;
    turned = true;
    resume()
}

inline on_timer()
{
    timer = false; timer_generation = 0;
    if
    :: state == PLANNED -> move_to = RESERVED; move(); effect = WANT_SLOT
    :: state != PLANNED && verb != NONE -> effect = CALL
    :: else
    fi
}

/* The writer: one set of changes after the other becomes durable, and then its effects are due. */
active proctype Writer()
{
    byte e, g;

end:
    do
    :: atomic {
        nempty(queue) && len(ready) < 3 ->
        queue?s_state, s_ordinal, s_failure, s_handle, s_canceled, s_over, s_book[1], s_book[2], e, g;
        audit(1);
        audit(2);
        if
        :: e != NO_EFFECT -> ready!e, g
        :: else
        fi;
        e = 0; g = 0
    }
    od
}

#define ROOM (len(queue) < 2 && len(ready) < 2)
#define NEEDS_PERSON \
    ((state == AMBIGUOUS && (verb == NONE || failure == OVERDUE)) || (state == RENDERED && failures > 0))

active proctype Engine()
{
    byte e, g, word;
    bool heard, started;

    atomic {
        c_code { now.mutant = mutant_asked(); };
        if :: can_recover = true :: true fi;
        if :: can_cancel = true :: true fi;
        if :: idempotent = true :: true fi;
        if :: costless = true; can_recover = false; idempotent = false; can_cancel = false :: true fi;
        if :: impatient = true :: true fi;
        book[1] = HELD;
        move_to = RESERVED; move(); /* admitted: in one transaction with its hold */
        changed = false;
        s_state = state; s_book[1] = book[1]
    };
    do
    :: atomic {
        if
        :: !started -> started = true; start()
        :: started && crashes > 0 && !s_over -> crashes--; start()
        :: started && len(queue) < 2 && nempty(ready) -> ready?e, g; release()
        :: started && ROOM && !over && wants_slot -> wants_slot = false; turned = true; slot()
        :: started && ROOM && !over && timer && timer_generation == generation -> turned = true; on_timer()
        :: started && ROOM && !over && up != NONE && answer != TRAVELS ->
            hear();
            turned = heard
        :: started && ROOM && stray -> /* nothing is under way that it could belong to */
            word = stray_answer;
            heard = !over && verb == stray_verb && MUTATED(HEAR_STRAYS);
            turned = heard;
            stray = false; stray_verb = 0; stray_answer = 0
        :: started && ROOM && !over && !canceled && (impatient || NEEDS_PERSON) ->
            canceled = true; changed = true; turned = true
        fi;
        if
        :: turned ->
            if
            :: heard -> step()
            :: else
            fi;
            go_on();
            look();
            go_on();
            close_job();
            turn_end()
        :: else
        fi;
        turned = false; heard = false; e = 0; g = 0; word = 0
    }
    :: atomic { started && s_over && empty(queue) && empty(ready) -> break }
    od
}
