#include "tests/sim/task.h"

#include <stdlib.h>
#include <ucontext.h>

#include "common/base/err.h"

enum { STACK_SIZE = 256 * 1024 };

struct task {
    ucontext_t inside, outside;
    task_fn *function;
    void *argument;
    bool ended;
    struct task *next_spare;
    _Alignas(16) char stack[];
};

static struct task *spare; /* stacks are used again: a run makes hundreds of thousands */

static void
task_start (unsigned high, unsigned low)
{
    struct task *self = (struct task *)((uintptr_t)high << 32 | low);
    self->function (self->argument);
    self->ended = true;
}

static struct task *
task_memory (void)
{
    struct task *self = spare;
    if (!self)
        return malloc (sizeof *self + STACK_SIZE);
    spare = self->next_spare;
    return self;
}

/* Apart from task_new, whose variables getcontext, returning twice for all gcc knows, might clobber. */
static void
task_prepare (struct task *self)
{
    MUST (getcontext (&self->inside) == 0);
    self->inside.uc_stack.ss_sp = self->stack;
    self->inside.uc_stack.ss_size = STACK_SIZE;
    self->inside.uc_link = &self->outside;
    makecontext (&self->inside, (void (*) (void))task_start, 2, (unsigned)((uintptr_t)self >> 32),
                 (unsigned)(uintptr_t)self);
}

struct task *
task_new (task_fn *function, void *argument)
{
    struct task *self = task_memory ();
    MUST (self);
    self->function = function;
    self->argument = argument;
    self->ended = false;
    task_prepare (self);
    return self;
}

void
task_destroy (struct task **task)
{
    if (!*task)
        return;
    MUST ((*task)->ended);
    (*task)->next_spare = spare;
    spare = *task;
    *task = NULL;
}

void
task_run (struct task *self)
{
    MUST (!self->ended);
    swapcontext (&self->outside, &self->inside);
}

bool
task_has_ended (const struct task *self)
{
    return self->ended;
}

void
task_pause (struct task *self)
{
    swapcontext (&self->inside, &self->outside);
}
