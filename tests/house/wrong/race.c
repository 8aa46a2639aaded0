/* race.c - a test whose two threads write one number without agreeing, on purpose. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <pthread.h>

static void *add(void *number)
{
    for (int i = 0; i < 10000; i++) {
        (*(volatile int *)number)++;
    }
    return NULL;
}

Test(wrong, races)
{
    int number = 0;
    pthread_t other;

    cr_assert(pthread_create(&other, NULL, add, &number) == 0);
    add(&number);
    pthread_join(other, NULL);
}
