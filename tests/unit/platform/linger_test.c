/* linger_test.c - core/platform/linger.c: what is dropped, and when the descriptor goes. Its time
 * limit is not waited for here. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "platform/linger.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static struct gen_loop *loop_new(struct gen_linger **linger)
{
    struct gen_loop *loop;

    cr_assert(gen_loop_create(&loop, NULL) == GEN_OK);
    cr_assert(gen_linger_create(loop, linger, NULL) == GEN_OK);
    return loop;
}

static bool peer_is_closed(int fd)
{
    return send(fd, "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN;
}

Test(linger, drops_what_comes_until_the_peer_ends)
{
    struct gen_linger *linger;
    struct gen_loop *loop = loop_new(&linger);
    char block[10000] = {0};
    int pair[2];

    cr_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    gen_linger_take(linger, pair[1]);
    for (int i = 0; i < 500; i++) { /* far more than the kernel would hold */
        cr_assert(send(pair[0], block, sizeof block, MSG_NOSIGNAL) == (ssize_t)sizeof block);
        gen_loop_poll(loop);
    }
    cr_expect(gen_linger_count(linger) == 1);
    close(pair[0]);
    gen_loop_poll(loop);
    gen_loop_poll(loop);
    cr_expect(gen_linger_count(linger) == 0);
    gen_linger_destroy(linger);
    gen_loop_destroy(loop);
}

Test(linger, has_room_for_so_many_and_closes_all_in_the_end)
{
    struct gen_linger *linger;
    struct gen_loop *loop = loop_new(&linger);
    int peers[GEN_LINGER_MOST + 1];

    for (int i = 0; i <= GEN_LINGER_MOST; i++) {
        int pair[2];

        cr_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
        peers[i] = pair[0];
        gen_linger_take(linger, pair[1]);
    }
    cr_expect(gen_linger_count(linger) == GEN_LINGER_MOST);
    cr_expect(peer_is_closed(peers[GEN_LINGER_MOST]));
    cr_expect(peer_is_closed(peers[0]) == false);
    gen_linger_destroy(linger);
    for (int i = 0; i <= GEN_LINGER_MOST; i++) {
        cr_expect(peer_is_closed(peers[i]));
        close(peers[i]);
    }
    gen_loop_destroy(loop);
}

Test(linger, closes_at_once_without_memory)
{
    struct gen_linger *linger;
    struct gen_loop *loop = loop_new(&linger);

    for (long nth = 1; nth <= 3; nth++) { /* the timer, the entry, the watch */
        int pair[2];

        cr_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
        gen_alloc_fail_at(nth == 1 ? 1 : nth - 1); /* the timer exists from the second on */
        gen_linger_take(linger, pair[1]);
        gen_alloc_fail_at(0);
        cr_expect(gen_linger_count(linger) == 0, "%ld", nth);
        cr_expect(peer_is_closed(pair[0]));
        close(pair[0]);
        if (nth == 1) { /* makes the timer */
            cr_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
            gen_linger_take(linger, pair[1]);
            close(pair[0]);
            gen_loop_poll(loop);
            gen_loop_poll(loop);
            cr_expect(gen_linger_count(linger) == 0);
        }
    }
    gen_linger_destroy(linger);
    gen_loop_destroy(loop);
}
